"""What is handed over at the rarer steps: ways out, changes of party, and what goes wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mediation.cases import codes
from mediation.cases.registration import Person
from mediation.documents.issuing import pdf_of
from mediation.oversight.demonstration.props import filed
from mediation.oversight.demonstration.script import Facts, Scene
from mediation.oversight.demonstration.texts import Family

Typed = Mapping[str, Any]
COURT = "人民法院（示例）"


# --- who is named at the beginning ------------------------------------------------------------------------------------


def a_hidden_caller(family: Family) -> tuple[Person, ...]:
    """A neighbour called and wants to stay unknown to town and hospital (A6)."""
    caller = Person(
        kind=codes.PartyKind.CALLER, name="匿示例", phone="13800009988", relation="邻居", is_hidden=True
    )  # fmt: skip
    return (*family.people, caller)


def nobody_to_ask(family: Family) -> tuple[Person, ...]:
    """An anonymous caller who left no number."""
    return (Person(kind=codes.PartyKind.CALLER, name="匿名"),)


def a_wrong_number(family: Family) -> tuple[Person, ...]:
    """The operator has mistyped one digit of the patient's number."""
    right = family.patient.phone
    return (replace(family.patient, phone=f"{right[:-1]}{(int(right[-1]) + 1) % 10}"), *family.others)


# --- intake and town --------------------------------------------------------------------------------------------------


def declined(scene: Scene) -> Typed:
    """The town thinks that this is the city's business."""
    return {
        "reason": "belongs_to_city",
        "note": "涉及市直管理的诊疗项目，建议由市里直接办理。",
        "proposed_body": "市医调委",
    }


def designated(scene: Scene) -> Typed:
    """The committee names the hospital's town after all."""
    return {"town": scene.hospital.town, "reason": "declined", "note": "经核实属属地处置事项，指定该镇办理，不得再退。"}


def one_town_leads(scene: Scene) -> Typed:
    """Two hospitals in two towns: the second one's town leads."""
    return {
        "town": scene.hospitals[1].town,
        "reason": "several_hospitals",
        "note": "后一家医院为主要诊疗单位，由其所在镇牵头。",
    }


def diverted(ground: str, category: str = "", body: str = "医院投诉管理部门") -> Facts:
    """It belongs elsewhere."""
    replies = {
        "not_medical": "您反映的事项不属于医疗纠纷，已转有关单位，由其五个工作日内与您联系。",
        "outside": "您反映的医院不在本市，已告知当地受理渠道。", "court": "该纠纷法院已经受理，请按诉讼程序办理。",
    }  # fmt: skip
    facts = {"ground": ground, "receiving_body": body, "reply": replies[ground], "category": category}
    papers = {"paper": filed("法院受理通知书复印件", original=False)} if ground == "court" else {}
    return lambda scene: facts | papers


def same_as(key: str) -> Facts:
    """The same matter as another story's case."""
    return lambda scene: {
        "original": scene.company.cases[key],
        "reason": "同一患者、同一医院、同一次住院，家属分别来电。",
    }


def dropped(ground: str) -> Facts:
    """Nobody to mediate with."""
    notes = {
        "unreachable": "三天内先后两次拨打、一次上门均未联系上，短信未回复。",
        "anonymous": "来电人不愿透露姓名和电话，也未说明患者信息，无法核实。",
        "guided_in_vain": "两次当面说明调解申请办法，患方均表示再考虑，未提出申请。",
    }  # fmt: skip
    return lambda scene: {"ground": ground, "note": notes[ground]}


def taken_back(scene: Scene) -> Typed:
    """The patient calls and takes it back."""
    return {
        "side": "patient",
        "means": "phone",
        "at": scene.ago(10),
        "reason": "已经和医院谈好了，不用调解了，谢谢。",
    }


def taken_back_in_writing(scene: Scene) -> Typed:
    """After acceptance: a signed request."""
    return {
        "side": "patient",
        "means": "letter",
        "reason": "家里商量后决定不再追究。",
        "paper": filed("撤回申请书（签名）"),
    }


def sent_back(scene: Scene) -> Typed:
    """It could still be settled where it arose."""
    return {"reason": "local", "note": "金额不大，医院愿意承担，请镇街再组织一次协商。", "avoidable": True}


def major(scene: Scene) -> Typed:
    """A death: the committee steps in."""
    return {"triggers": ["death", "gathering"], "note": "家属聚集在医院，医调委派员到场引导双方依法处理。"}


# --- review -----------------------------------------------------------------------------------------------------------


def papers_wanted(scene: Scene) -> Typed:
    """Identity and bills are missing."""
    return {"side": "patient", "wanted": ["identity", "fees"], "note": "请携带原件核对。"}


def served(document: str, means: str = "message") -> Facts:
    """A paper is printed, so it exists, and reaches the hospital."""

    def facts(scene: Scene) -> Typed:
        for one in scene.case.documents.filter(kind=document, state="draft"):
            pdf_of(one, scene.now)
        return {"document": document, "side": "hospital", "hospital": scene.hospital, "means": means}

    return facts


def will_not(scene: Scene) -> Typed:
    """The hospital refuses to take part."""
    note = "医院复函：责任争议大，不同意调解，建议通过诉讼解决。"
    paper = filed("不同意调解的复函")
    return {
        "side": "hospital",
        "hospital": scene.hospital,
        "answer": "refused",
        "means": "letter",
        "note": note,
        "paper": paper,
    }


def no_answer(scene: Scene) -> Typed:
    """Two letters, and silence."""
    return {
        "side": "hospital",
        "hospital": scene.hospital,
        "answer": "silent",
        "note": "两次送达征求意见函，期满未答复。",
    }


def not_accepted(scene: Scene) -> Typed:
    """There is an agreement in force already."""
    return {"ground": "settled", "reason": "双方去年已就同一诊疗行为签订和解协议并履行完毕，不能再次申请调解。"}
