"""What is handed over at each step: the facts of the forms, as a careful clerk would type them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from mediation.cases import codes
from mediation.cases.filing import Filed
from mediation.cases.parties import guardian_of
from mediation.oversight.demonstration.script import Facts, Scene
from mediation.oversight.demonstration.texts import chinese
from mediation.settlement.money import both

Typed = Mapping[str, Any]
CENT = Decimal("0.01")


def filed(title: str, pages: int = 1, *, original: bool = True) -> Filed:
    """A paper that was handed in and lies in the folder."""
    return Filed(title=title, copy=codes.Copy.ORIGINAL if original else codes.Copy.COPY, page_count=pages)


def said(**facts: Any) -> Facts:
    """The same facts whatever the scene."""
    return lambda scene: facts


# --- town -------------------------------------------------------------------------------------------------------------


def to_hospitals_town(scene: Scene) -> Typed:
    """Dispatch by where the hospital stands."""
    return {"town": scene.hospital.town, "basis": "hospital", "opinion": "请核实情况，及时联系当事人。"}


def call(
    side: str = "patient", purpose: str = "first", *, reached: bool = True, means: str = "phone", text: str = ""
) -> Facts:
    """A contact a quarter of an hour ago; what was said comes from the matter unless ``text`` says it."""

    def facts(scene: Scene) -> Typed:
        matter = scene.plot.matter
        unreached = "拨打登记的号码，两次均无人接听，已发短信留言。"
        words = {"patient": f"患方陈述：{matter.want}", "hospital": f"医院医患沟通办答复：{matter.view}"}
        content = text or (words.get(side, "已向双方说明处理程序和各自的权利。") if reached else unreached)
        return {
            "side": side, "purpose": purpose, "means": means, "at": scene.ago(15), "reached": reached,
            "content": content,
        }  # fmt: skip

    return facts


def explained(scene: Scene) -> Typed:
    """The caller is content with the explanation."""
    return {
        "began": scene.earlier(50), "means": "office", "explanation": scene.plot.matter.explanation,
        "caller_content": True, "no_terms": True,
    }  # fmt: skip


def brief(scene: Scene) -> Typed:
    """A complete 上报呈批表."""
    matter, major = scene.plot.matter, scene.case.is_major
    return {
        "reasons": ["major", "expertise"] if major else ["no_agreement", "above_limit"],
        "work_done": "已电话联系双方，并组织双方在镇综治中心当面沟通一次，未能缩小分歧。",
        "patient_attitude": matter.want, "hospital_attitude": matter.view,
        "risk": "家属情绪激动，已请村居干部每日跟进。" if major else "患方情绪平稳，表示愿意走调解程序。",
        "request": "请市医调委引导双方申请调解。", "contact_name": scene.company.official(scene.case.town).full_name,
        "contact_phone": scene.case.town.phone, "attachments": "联系记录、患者提供的就诊资料复印件",
    }  # fmt: skip


# --- application, consent, acceptance ---------------------------------------------------------------------------------


def application(side: str = "patient", form: str = "written") -> Facts:
    """An application with its signed paper."""

    def facts(scene: Scene) -> Typed:
        title = "口头申请记录（申请人签名）" if form == "oral" else "医疗纠纷调解申请书"
        hospital = scene.hospital if side == "hospital" else None
        return {"by_side": side, "form": form, "hospital": hospital, "paper": filed(title, 2)}

    return facts


def identity(scene: Scene) -> Typed:
    """The patient's identity card."""
    return {"kind": "identity", "side": "patient", "paper": filed("申请人身份证复印件", 2, original=False)}


def records(scene: Scene) -> Typed:
    """What the hospital hands in."""
    pages = scene.rng.randint(24, 96)
    return {"kind": "records", "side": "hospital", "paper": filed("住院病历复印件", pages, original=False)}


def hospital_agrees(scene: Scene) -> Typed:
    """The first hospital that has not agreed yet agrees, by a letter that came to the clerk."""
    given = set(scene.case.consents.filter(side="hospital", given=True).values_list("hospital", flat=True))
    hospital = next((one for one in scene.hospitals if one.pk not in given), scene.hospital)
    return {"side": "hospital", "hospital": hospital, "means": "letter", "paper": filed("同意参加调解的复函")}


def patient_agrees(scene: Scene) -> Typed:
    """The patient's side agrees."""
    return {"side": "patient", "means": "office", "paper": filed("同意调解声明（签名）")}


def liaison_agrees(scene: Scene) -> Typed:
    """The hospital's own liaison agrees; signing in is the evidence."""
    return {"side": "hospital", "hospital": scene.hospital, "means": "message"}


def no_other_route(scene: Scene) -> Typed:
    """Neither court nor bureau."""
    return {"side": "both", "court": "none", "bureau": "none", "paper": filed("互斥途径声明（双方签名）")}


# --- mediation --------------------------------------------------------------------------------------------------------


def seats(*others: str) -> Facts:
    """The story's mediator leads."""
    return lambda scene: {
        "lead": scene.person(scene.plot.mediator), "others": [scene.person(name) for name in others], "no_conflict": True,
    }  # fmt: skip


def rights(side: str) -> Facts:
    """A side signs the notice of rights and duties; of several hospitals the next that has not."""

    def facts(scene: Scene) -> Typed:
        paper = filed("权利义务告知书（已签收）")
        if side == "patient":
            return {"side": side, "paper": paper}
        rows = scene.case.rights_notices.filter(side="hospital", superseded=False)
        signed = set(rows.values_list("hospital", flat=True))
        return {"side": side, "hospital": next(h for h in scene.hospitals if h.pk not in signed), "paper": paper}

    return facts


def heard(side: str) -> Facts:
    """An investigation record, question by question."""

    def facts(scene: Scene) -> Typed:
        matter, patient = scene.plot.matter, side == "patient"
        person = scene.plot.family.speaker if patient else f"{scene.hospital.name}经治医生"
        words = matter.answer if patient else matter.view
        return {
            "place": "市医调委调查室" if patient else f"{scene.hospital.name}医患沟通办公室", "side": side, "person": person,
            "present": "", "recorder": scene.person("chen").full_name,
            "content": f"问：请讲一下当时的经过。\n答：{words}\n问：还有什么要补充的？\n答：没有了，以上记录我看过，属实。",
        }  # fmt: skip

    return facts


def invited(scene: Scene) -> Typed:
    """A meeting on the next working morning."""
    return {"at": scene.next_working_day(9), "place": "市医调委第一调解室", "patient_count": 2, "hospital_count": 2}


def met(result: str = "agreed") -> Facts:
    """The record of a meeting that began an hour ago."""
    words = {
        "agreed": "经调解员分别做工作，双方就赔偿数额和付款时间达成一致。",
        "again": "双方对责任比例仍有分歧，同意各自回去商量后再调解一次。", "failed": "双方对责任和数额分歧过大，未能达成一致。",
    }  # fmt: skip

    def facts(scene: Scene) -> Typed:
        matter = scene.plot.matter
        again = {"next_at": scene.next_working_day(14), "next_place": "市医调委第二调解室"} if result == "again" else {}
        return {
            "began": scene.earlier(60), "place": "市医调委第一调解室", "patient_present": [scene.plot.family.speaker],
            "hospital_present": [f"{scene.hospital.name}医患沟通办主任", "科室主任"],
            "objection": "双方对调解员均无异议。", "result": result, "recorder": scene.person("chen").full_name,
            "content": f"调解员告知双方权利义务。\n患方：{matter.want}\n医方：{matter.view}\n{words[result]}",
        } | again  # fmt: skip

    return facts


def appraisal(scene: Scene) -> Typed:
    """Both sides entrust an institution."""
    return {
        "entrusting": "joint", "institution": "示例司法鉴定中心", "patient_consent_on": scene.on,
        "questions": f"{scene.plot.matter.issue}\n医院的诊疗行为有无过错及责任程度。", "hospital_consent_on": scene.on,
        "patient_prepaid_amount": Decimal("3000.00"), "hospital_prepaid_amount": Decimal("3000.00"),
        "paper": filed("鉴定委托书（双方签署）", 3),
    }  # fmt: skip


def opinion(scene: Scene) -> Typed:
    """An opinion with its four statutory parts."""
    return {
        "result": "opinion", "opinion_no": f"示例鉴〔{scene.on.year}〕临鉴字第{scene.rng.randint(11, 99)}号",
        "damage": f"{scene.plot.matter.diagnosis}，经治疗后病情稳定。", "fault": "诊疗和告知过程存在不足。",
        "causation": "上述不足与损害后果之间存在一定的因果关系。", "degree": "minor", "paper": filed("司法鉴定意见书", 12),
    }  # fmt: skip


# --- agreement and performance ----------------------------------------------------------------------------------------


def terms(*, insured: bool = True, parts: int = 2) -> Facts:
    """An agreement: the hospital pays first and the insurer the rest, or the hospital everything at once."""

    def facts(scene: Scene) -> Typed:
        total, matter, last = scene.plot.total, scene.plot.matter, scene.on + timedelta(days=15 + 30 * (parts - 1))
        hospital = (total * Decimal("0.4")).quantize(CENT) if insured else total
        first = scene.on + timedelta(days=15) if insured else last
        rows = [("hospital", hospital, first), ("insurer", total - hospital, last)]
        return {
            "facts": matter.summary.format(day=chinese(scene.plot.occurred_on), hospital=scene.hospital.name),
            "issues": matter.issue, "responsibility": matter.responsibility, "manner": "transfer", "place": "东莞市",
            "content": f"医院向患方支付{both(total)}，一次了结。\n双方就本次诊疗不再有其他争议，互不追究。",
            "perform_by": last, "total_amount": total, "hospital_amount": hospital, "insurer_amount": total - hospital,
            "instalments": [
                {"payer": payer, "amount": amount, "due_on": due_on} for payer, amount, due_on in rows if amount
            ],
        }  # fmt: skip

    return facts


def settled(scene: Scene) -> Typed:
    """The parties' own settlement, signed by both today."""
    signed = {"patient_signed_on": scene.on, "hospital_signed_on": scene.on}
    return {**terms(insured=False, parts=1)(scene), **signed, "paper": filed("和解协议书（双方签署）", 3)}


def settled_by_town_committee(scene: Scene) -> Typed:
    """The town's own committee has mediated; all four marks are of today."""
    marks = ("patient_signed_on", "hospital_signed_on", "mediator_signed_on", "sealed_on")
    consents = {"patient_consented_on": scene.on, "hospital_consented_on": scene.on, "consent_means": "office"}
    facts = {**terms(insured=False, parts=1)(scene), **consents, **dict.fromkeys(marks, scene.on)}
    return {**facts, "mediator_name": "伍示例", "paper": filed("人民调解协议书（镇街）", 4)}


def mark(kind: str) -> Facts:
    """One of the four marks; of several claimants or hospitals the next that has not signed."""

    def facts(scene: Scene) -> Typed:
        there = scene.agreement.marks.filter(kind=kind)
        whose: dict[str, Any] = {}
        if kind == "patient":
            signed = set(there.values_list("party", flat=True))
            people = scene.case.parties.current().filter(is_claimant=True).order_by("pk")
            party = next(party for party in people if party.pk not in signed)
            whose = {"party": party, "agent": guardian_of(scene.case, party)}
        elif kind == "hospital":
            signed = set(there.values_list("hospital", flat=True))
            whose = {"hospital": next(h for h in scene.hospitals if h.pk not in signed)}
        return {"kind": kind, "paper": filed("人民调解协议书签署页", 2), **whose}

    return facts


def payment(scene: Scene) -> Typed:
    """The next instalment was paid."""
    return {"instalment": scene.next_instalment, "paper": filed("银行转账回单")}


def visited(scene: Scene) -> Typed:
    """A follow-up call; the words are those of the person asked."""
    words = (
        "款已经收到，没有别的要求了。",
        "医院后来还打过电话问恢复情况，挺好的。",
        "事情过去了，希望以后看病多听我们讲几句。",
    )
    return {
        "began": scene.earlier(12), "side": "patient", "person": scene.plot.family.speaker, "means": "phone",
        "reached": True, "result": scene.rng.choice(words), "satisfaction": scene.rng.choice("5543"), "is_solved": True,
    }  # fmt: skip
