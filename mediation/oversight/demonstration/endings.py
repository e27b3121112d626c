"""What is handed over when mediation takes a turn or ends, and when an agreement is not kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from mediation.oversight.demonstration.detours import COURT
from mediation.oversight.demonstration.props import filed, terms
from mediation.oversight.demonstration.script import Facts, Scene
from mediation.oversight.demonstration.texts import phone, relative
from mediation.settlement.dossier import checklist, contents
from mediation.settlement.retention import propose_retention

Typed = Mapping[str, Any]


def exchanged(joining: str) -> Facts:
    """The patient objects to the mediator; the successor plays the part from now on."""

    def facts(scene: Scene) -> Typed:
        leaving, scene.plot.mediator = scene.person(scene.plot.mediator), joining
        return {
            "leaving": leaving, "joining": scene.person(joining), "reason": "objection", "side": "patient",
            "note": "患方认为调解员与医院打交道多，要求更换。", "no_conflict": True,
        }  # fmt: skip

    return facts


def patient_died(scene: Scene) -> Typed:
    """The patient has died of something else; the heir takes the place."""
    patient = scene.case.parties.current().get(kind="patient")
    heir = relative(scene.plot.family.patient, "heir", "配偶", scene.rng, is_claimant=True)
    return {
        "reason": "death", "party": patient, "kind": "heir", "full_name": heir.name, "phone": phone(scene.rng),
        "id_kind": heir.id_kind, "id_no": heir.id_no, "sex": heir.sex, "born_on": heir.born_on, "address": heir.address,
        "relation": heir.relation, "paper": filed("死亡证明和亲属关系证明", 3, original=False),
    }  # fmt: skip


def severed(scene: Scene) -> Typed:
    """The second hospital will not settle."""
    return {"hospital": scene.hospitals[1], "reason": "该院对责任不予认可，患方同意就该院部分另行处理。"}


def shared_terms(aid: Decimal) -> Facts:
    """An agreement with all hospitals: each pays half at once, and the last gives humanitarian aid beside the sum."""

    def facts(scene: Scene) -> Typed:
        agreed = terms(insured=False, parts=1)(scene)
        total, last, hospitals = scene.plot.total, agreed["perform_by"], scene.hospitals
        half = (total / 2).quantize(Decimal("0.01"))
        rows = [
            ("hospital", hospitals[0], half),
            ("hospital", hospitals[-1], total - half),
            ("humanitarian", hospitals[-1], aid),
        ]
        return {
            **agreed, "content": "各医院按本协议所列份额向患方付款，一次了结。\n双方就本次诊疗不再有其他争议，互不追究。",
            "humanitarian_amount": aid, "instalments": [
                {"payer": payer, "hospital": hospital, "amount": amount, "due_on": last} for payer, hospital, amount in rows
            ],
        }  # fmt: skip

    return facts


def longer(scene: Scene) -> Typed:
    """All three agree on ten more working days."""
    until, signed = _due_on(scene), ("committee_signed_on", "patient_signed_on", "hospital_signed_on")
    for _ in range(10):
        until = scene.plot.working_day_after(until)
    paper = filed("延长调解期限约定（三方签署）")
    return {"reason": "双方差距已经缩小，需等待医院上级批复。", "until": until, "paper": paper} | dict.fromkeys(
        signed, scene.on
    )


def agreed_in_time(scene: Scene) -> Typed:
    """The extension had been signed in time and was recorded late."""
    facts = dict(longer(scene))
    signed = dict.fromkeys(("committee_signed_on", "patient_signed_on", "hospital_signed_on"), _due_on(scene))
    facts.update(signed, reason="extension", note="延期约定于届满当日签署，经办人次日才交来登记。")
    return facts


def signed_in_time(scene: Scene) -> Typed:
    """Both sides had signed in time."""
    on = _due_on(scene)
    return {
        "reason": "both_signed", "note": "双方在届满当日已签字，协议书第二天送到。", "patient_signed_on": on,
        "hospital_signed_on": on, "paper": filed("双方已签字的协议书", 4),
    }  # fmt: skip


def no_more(scene: Scene) -> Typed:
    """The patient ends it."""
    return {
        "side": "patient",
        "means": "office",
        "statement": "我们商量过了，不调了，直接去法院。",
        "paper": filed("终止调解声明（签名）"),
    }


def no_agreement(scene: Scene) -> Typed:
    """Too far apart."""
    return {"reason": "disagreement", "note": "经两次调解，双方对责任比例和数额分歧过大。", "routes_explained": True}


def out_of_touch(scene: Scene) -> Typed:
    """The patient cannot be found any more."""
    return {
        "reason": "lost_contact", "note": "患方更换电话，两次上门无人，挂号信退回。", "side": "patient",
        "routes_explained": True, "paper": filed("挂号信退回单", original=True),
    }  # fmt: skip


def sued(scene: Scene) -> Typed:
    """A court has accepted the patient's suit."""
    paper = filed("法院受理案件通知书复印件", original=False)
    return {
        "side": "patient",
        "court": "accepted",
        "bureau": "none",
        "body": COURT,
        "accepted_on": scene.on,
        "paper": paper,
    }


def terminated(scene: Scene) -> Typed:
    """Mediation must end."""
    return {"note": "患方已起诉并获受理，依条例第三十一条终止调解。"}


# --- after the agreement ----------------------------------------------------------------------------------------------


def supplemented(scene: Scene) -> Typed:
    """What is open is paid in two parts, later."""
    due = scene.next_instalment
    assert due is not None, "everything is paid"
    half = (due.amount / 2).quantize(Decimal("0.01"))
    days = (scene.on + timedelta(days=20), scene.on + timedelta(days=60))
    signed = ("patient_signed_on", "hospital_signed_on", "mediator_signed_on", "sealed_on")
    rows = [(half, days[0]), (due.amount - half, days[1])]
    return {
        "content": "余款改为两期支付，其他约定不变。", "perform_by": days[1], "paper": filed("补充协议书（四方签署）", 2),
        "instalments": [
            {"payer": due.payer, "hospital": due.hospital, "amount": amount, "due_on": due_on} for amount, due_on in rows
        ],
    } | dict.fromkeys(signed, scene.on)  # fmt: skip


def not_paid(scene: Scene) -> Typed:
    """Urged, overdue, and still nothing."""
    return {"reason": "overdue", "note": "医院称资金周转困难，两次督促仍未付款。", "routes_explained": True}


def dismissed(scene: Scene) -> Typed:
    """The court does not confirm the agreement."""
    return {
        "court": COURT, "ruling_no": f"（{scene.on.year}）示例民特0001号", "note": "协议对后续治疗费用约定不明确，裁定驳回申请。",
        "applied_on": scene.on - timedelta(days=6), "paper": filed("民事裁定书复印件", 3, original=False),
    }  # fmt: skip


def right_number(scene: Scene) -> Typed:
    """The mistyped number is put right."""
    party = scene.case.parties.current().get(kind="patient")
    value = scene.plot.family.patient.phone
    return {"target": f"party-{party.pk}.phone", "value": value, "reason": "登记时抄错一位，经与患者核对更正。"}


def looked_at(scene: Scene) -> Typed:
    """Somebody needs the number to call."""
    party = scene.case.parties.current().get(kind="patient")
    return {"target": f"party-{party.pk}.phone", "reason": "通知到会，需要拨打电话。"}


def _due_on(scene: Scene) -> date:
    """The last of the thirty working days."""
    assert scene.case.mediation_due_on is not None, "not accepted"
    return scene.case.mediation_due_on


def dossier(scene: Scene) -> Typed:
    """The checklist, folder in hand: the pages of what lies there; what is demanded and is not there is explained."""
    items, page, folder = {}, 1, contents(scene.case)
    for line in checklist(scene.case):
        if line.must and not line.found:
            items[line.item.key] = {"standing": "explained", "reason": "本案进行到此环节即结束，该项材料未形成。"}
        elif inside := folder.get(line.item.key):
            last = page + sum(one.page_count or 1 for one in inside) - 1
            items[line.item.key] = {"standing": "present", "pages": f"{page}-{last}" if last > page else f"{page}"}
            page = last + 1
    return {"items": items}


def archived(scene: Scene) -> Typed:
    """Kept for as long as proposed."""
    agreed = scene.case.agreements.exists()
    checks = ["case_ended", "matter_ended", "peace_made"] if agreed else ["case_ended"]
    return {"retention": propose_retention(scene.case, scene.on), "checks": checks}
