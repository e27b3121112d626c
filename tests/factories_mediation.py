"""How the later states are reached: assignment, talks, agreement, performance, visit, closing. Imported by ``factories``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from mediation.cases.case import DisputeCase
from mediation.organisations.models import Organisation
from mediation.settlement.models import MarkKind
from tests.factories import NOW, TODAY, WALKS, Stride, Walk, at, case_at, fresh, paper, persona, take

SUN = "mediator_sun"


def seats(**changes: Any) -> dict[str, Any]:
    """One mediator, without a conflict."""
    return {"lead": persona(SUN), "no_conflict": True} | changes


def rights_signed(case: DisputeCase, side: str) -> dict[str, Any]:
    """A side signs the notice of rights and duties."""
    hospital = case.respondents.filter(kept=True).first().hospital if side == "hospital" else None
    return {"side": side, "hospital": hospital, "paper": paper("权利义务告知书")}


def meeting(**changes: Any) -> dict[str, Any]:
    """The record of a meeting at which both sides agreed."""
    return {
        "began": time(9, 0), "place": "市医调委第一调解室", "patient_present": ["甄示例"], "hospital_present": ["何联络"],
        "objection": "双方均无异议。", "content": "已告知权利义务，双方陈述后就赔偿数额达成一致。", "result": "agreed", "recorder": "何示例",
    } | changes  # fmt: skip


def terms(on: date = TODAY, **changes: Any) -> dict[str, Any]:
    """The contents of an agreement over 100,000 yuan, due in two instalments within two months."""
    return {
        "facts": "患者于2026年2月10日手术，术后切口感染。", "issues": "感染与手术操作有无因果关系，赔偿数额。",
        "responsibility": "医方承担次要责任，患方对其余后果自行承担。", "content": "医方一次性了结赔偿，双方就本次诊疗不再有其他争议。",
        "manner": "transfer", "place": "东莞市", "perform_by": on + timedelta(days=60),
        "total_amount": Decimal("100000.00"), "hospital_amount": Decimal("40000.00"),
        "insurer_amount": Decimal("60000.00"), "instalments": [
            {"payer": "hospital", "amount": Decimal("40000.00"), "due_on": on + timedelta(days=15)},
            {"payer": "insurer", "amount": Decimal("60000.00"), "due_on": on + timedelta(days=60)},
        ],
    } | changes  # fmt: skip


def terms_of_several(hospitals: Sequence[Organisation], on: date = TODAY, **changes: Any) -> dict[str, Any]:
    """The same sums where the case has several hospitals: the first pays its own share, the insurer of the last the rest."""
    first, second = terms(on)["instalments"]
    rows = [first | {"hospital": hospitals[0]}, second | {"hospital": hospitals[-1]}]
    return terms(on, **{"instalments": rows} | changes)


def appraisal(on: date = TODAY, **changes: Any) -> dict[str, Any]:
    """A joint entrustment."""
    return {
        "entrusting": "joint", "institution": "示例司法鉴定所", "questions": "诊疗行为有无过错；过错与损害的因果关系及责任程度。",
        "patient_consent_on": on, "hospital_consent_on": on, "paper": paper("鉴定委托书"),
    } | changes  # fmt: skip


def opinion(**changes: Any) -> dict[str, Any]:
    """An opinion with its four statutory parts."""
    return {
        "result": "opinion", "opinion_no": "示例司鉴〔2026〕临鉴字第9号", "damage": "切口感染，未构成伤残。",
        "fault": "术后观察记录不及时。", "causation": "与感染迁延存在因果关系。", "degree": "minor", "paper": paper("鉴定意见书"),
    } | changes  # fmt: skip


def visit(**changes: Any) -> dict[str, Any]:
    """A visit by phone; the words are those of the person asked."""
    return {
        "began": time(9, 0), "side": "patient", "person": "甄示例", "means": "phone", "reached": True,
        "result": "已收到两期款项，无其他要求。", "satisfaction": "4", "is_solved": True,
    } | changes  # fmt: skip


def sign(case: DisputeCase, *kinds: str, now: datetime, **changes: Any) -> DisputeCase:
    """Record these marks on the agreement, each on the day of ``now``."""
    for kind in kinds:
        case = take(case, "mark", SUN, now=now, kind=kind, paper=paper("已签署的协议"), **changes)
    return case


def pay_all(case: DisputeCase, *, now: datetime, by: str = SUN) -> DisputeCase:
    """Record the payment of whatever is open."""
    from mediation.settlement.steps.performance import open_instalments

    for instalment in open_instalments(case.pk):
        case = take(case, "record_payment", by, now=now, instalment=instalment, paper=paper("转账凭证"))
    return case


def failed(*, now: datetime = NOW, start: str = "in_mediation", **how: Any) -> DisputeCase:
    """A committee case in closing, without agreement."""
    case = case_at(start, now=now, **how)
    return take(case, "fail", SUN, now=now, reason="disagreement", note="双方差距过大。", routes_explained=True)


def visited(*, now: datetime = NOW, **how: Any) -> DisputeCase:
    """A committee case in closing, settled, paid and visited."""
    return take(case_at("follow_up", now=now, **how), "visit", SUN, now=now, **visit())


def _first_open(case: DisputeCase) -> dict[str, Any]:
    from mediation.settlement.steps.performance import open_instalments

    return {"instalment": open_instalments(case.pk).first(), "paper": paper("转账凭证")}


def _day_after_due(case: DisputeCase) -> datetime:
    assert case.mediation_due_on is not None
    return at((case.mediation_due_on + timedelta(days=1)).isoformat(), hour=0, minute=5)


def _mark(kind: str) -> Stride:
    return Stride("mark", SUN, {"kind": kind, "paper": paper("已签署的协议")})


WALKS["investigating"] = Walk("awaiting_assignment", (Stride("assign", "director_xu", lambda case: seats()),))
WALKS["under_appraisal"] = Walk("investigating", (
    Stride("start_appraisal", SUN, lambda case: appraisal(case.accepted_on)),
))  # fmt: skip
WALKS["in_mediation"] = Walk("investigating", (
    Stride("sign_rights_notice", SUN, lambda case: rights_signed(case, "patient")),
    Stride("sign_rights_notice", SUN, lambda case: rights_signed(case, "hospital")),
    Stride("convene", SUN, lambda case: {
        "at": at((case.accepted_on + timedelta(days=3)).isoformat()), "place": "市医调委第一调解室"}),
))  # fmt: skip
WALKS["agreement_drafted"] = Walk("in_mediation", (
    Stride("record_meeting", SUN, lambda case: meeting()),
    Stride("draft_agreement", SUN, lambda case: terms(case.accepted_on)),
))  # fmt: skip
WALKS["performing"] = Walk("agreement_drafted", (*map(_mark, MarkKind.values), Stride("conclude", SUN)))
WALKS["follow_up"] = Walk("performing", (
    Stride("record_payment", SUN, _first_open), Stride("record_payment", SUN, _first_open), Stride("performed", SUN),
))  # fmt: skip
WALKS["lapsed"] = Walk("in_mediation", (Stride("lapse", "", (), _day_after_due),))
WALKS["closed"] = Walk("closing", (Stride("close", "town_wang", {"retention": "10"}),))

__all__ = [
    "SUN", "appraisal", "failed", "fresh", "meeting", "opinion", "pay_all", "rights_signed", "seats", "sign", "terms",
    "terms_of_several", "visit", "visited",
]  # fmt: skip
