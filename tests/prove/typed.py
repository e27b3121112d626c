"""What somebody types at each step: facts that fit the case as it stands. Every step of the table has its typist.

A typist answers ``None`` when the case offers nothing to type (no open instalment, no second hospital): then the step is
not tried. What it answers may still be refused by a rule; the walks count how often.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from mediation.cases import codes
from mediation.cases.case import DisputeCase
from mediation.cases.conditions import needs_consent
from mediation.cases.facts import kept_hospitals
from mediation.organisations.models import User
from mediation.settlement.conditions import agreement_in_force
from mediation.settlement.dossier import checklist
from mediation.settlement.models import MarkKind
from mediation.settlement.retention import propose_retention
from mediation.settlement.signing import signatories
from mediation.settlement.steps.performance import open_instalments
from tests.factories import DAOJIAO, GAOBU, brief, no_other_route, organisation, paper, persona
from tests.factories_mediation import appraisal, meeting, opinion, terms_of_several
from workflow.rulebook import current_edition
from workflow.vocabulary import Role

Facts = dict[str, Any]


@dataclass(frozen=True)
class Desk:
    """One sitting at the form: the case as it stands, who sits there, the moment, and chance."""

    case: DisputeCase
    user: User | None
    now: datetime
    rng: Random

    @property
    def today(self) -> date:
        return timezone.localtime(self.now).date()

    def earlier(self, minutes: int = 20) -> datetime:
        """A moment ago, on the same day."""
        midnight = timezone.localtime(self.now).replace(hour=0, minute=0, second=0, microsecond=0)
        return max(midnight, self.now - timedelta(minutes=minutes))

    def hour(self) -> time:
        return timezone.localtime(self.earlier()).time().replace(second=0, microsecond=0)

    def pick(self, *options: Any) -> Any:
        return self.rng.choice(options)


Typist = Callable[[Desk], Facts | None]
TYPED: dict[str, Typist] = {}


def typist(function: Typist) -> Typist:
    TYPED[function.__name__.rstrip("_")] = function
    return function


def nothing(*names: str) -> None:
    for name in names:
        TYPED[name] = lambda desk: {}


nothing("sign_for", "take_over", "conclude", "escalate_overdue", "lapse", "performed", "terminate", "seek_consent")


# --- intake and town --------------------------------------------------------------------------------------------------


@typist
def dispatch(desk: Desk) -> Facts:
    town = kept_hospitals(desk.case)[0].town
    if desk.case.declines:
        is_clerk = desk.user is not None and any(right.role == Role.DISPATCHER for right in desk.user.roles())
        return (
            {"town": town, "basis": "designated"} if is_clerk else {"town": organisation(GAOBU), "basis": "occurrence"}
        )
    return {"town": town, "basis": "hospital"}


@typist
def redirect(desk: Desk) -> Facts:
    there = desk.case.town.code if desk.case.town_id else ""
    town = organisation(GAOBU if there != GAOBU else DAOJIAO)
    return {"town": town, "reason": "wrong_town", "note": "医院注册地址在该镇。"}


@typist
def divert(desk: Desk) -> Facts:
    return {"ground": "outside", "receiving_body": "外市12345热线", "reply": "已转有管辖权的单位。"}


@typist
def mark_duplicate(desk: Desk) -> Facts | None:
    running = DisputeCase.objects.visible_to(desk.user).exclude(pk=desk.case.pk).exclude(state="closed")
    original = running.order_by("pk").first()
    return original and {"original": original, "reason": "同一患者、同一次住院。"}


@typist
def drop(desk: Desk) -> Facts:
    return {"ground": "guided_in_vain", "note": "两次电话引导，来电人均表示不申请。"}


def application(desk: Desk) -> Facts:
    by_side = desk.pick("patient", "patient", "hospital", "both")
    return {"by_side": by_side, "form": "written", "paper": paper("调解申请书")}


@typist
def apply_directly(desk: Desk) -> Facts:
    return sided(desk, application(desk) | {"by_side": desk.pick("patient", "both")}, side="by_side")


@typist
def guide_to_apply(desk: Desk) -> Facts:
    return sided(desk, application(desk), side="by_side")


@typist
def record_application(desk: Desk) -> Facts:
    return sided(desk, application(desk), side="by_side")


def sided(desk: Desk, facts: Facts, *, side: str = "side") -> Facts:
    """Name the hospital when the hospital's side speaks."""
    return facts | {"hospital": kept_hospitals(desk.case)[0] if facts[side] == "hospital" else None}


@typist
def step_in(desk: Desk) -> Facts:
    return {"triggers": ["media"], "note": "网络有传播，主动介入引导。"}


@typist
def decline(desk: Desk) -> Facts:
    return {"reason": "not_our_town", "note": "医院不在本镇。", "proposed": organisation(GAOBU)} \
        if desk.case.town.code != GAOBU else {"reason": "other", "note": "另有管辖。", "proposed_body": "市级办理"}  # fmt: skip


@typist
def resolve(desk: Desk) -> Facts:
    return {"began": desk.hour(), "means": "phone", "explanation": "已说明诊疗过程，来电人认可。", "caller_content": True,
            "no_terms": True}  # fmt: skip


@typist
def settle_locally(desk: Desk) -> Facts:
    return {
        "patient_signed_on": desk.today,
        "hospital_signed_on": desk.today,
        "paper": paper("和解协议书"),
        **terms_of_several(kept_hospitals(desk.case), desk.today),
    }


@typist
def settle_by_town_committee(desk: Desk) -> Facts:
    on = desk.today
    return {
        "patient_consented_on": on, "hospital_consented_on": on, "consent_means": "office", "mediator_name": "叶示例",
        "patient_signed_on": on, "hospital_signed_on": on, "mediator_signed_on": on, "sealed_on": on,
        "paper": paper("镇街人民调解协议书"), **terms_of_several(kept_hospitals(desk.case), on),
    }  # fmt: skip


@typist
def escalate(desk: Desk) -> Facts:
    return brief()


@typist
def extend_handling(desk: Desk) -> Facts:
    return {"reason": "等待医院书面答复。"}


@typist
def send_back(desk: Desk) -> Facts:
    return {"reason": "local", "note": "双方差距小，可以就地化解。"}


# --- review -----------------------------------------------------------------------------------------------------------


def word(desk: Desk) -> Facts | None:
    """A side that has not agreed agrees; of a liaison's hospitals the own one."""
    if desk.user is not None and (own := desk.user.organisations(Role.HOSPITAL_LIAISON)):
        mine = [hospital for hospital in kept_hospitals(desk.case) if hospital.pk in own]
        return {"side": "hospital", "hospital": mine[0], "means": "message"} if mine else None
    waiting = [("hospital", one) for one in kept_hospitals(desk.case) if needs_consent(desk.case, "hospital", one.pk)]
    waiting += [("patient", None)] if needs_consent(desk.case, "patient") else []
    side, hospital = desk.rng.choice(waiting or [("patient", None)])
    return {"side": side, "hospital": hospital, "means": "letter", "paper": paper("同意函")}


TYPED["consent_given"] = word
TYPED["record_consent"] = word


@typist
def consent_refused(desk: Desk) -> Facts | None:
    said = word(desk)
    return said and said | {
        "answer": "refused",
        "note": "书面答复不同意调解。",
        "means": "letter",
        "paper": paper("答复函"),
    }


@typist
def accept(desk: Desk) -> Facts:
    return {"paper": paper("受理审批表")}


@typist
def refuse(desk: Desk) -> Facts:
    return {"ground": "not_dispute", "reason": "非诊疗活动引起。"}


@typist
def declare_routes(desk: Desk) -> Facts:
    return no_other_route(desk.pick("both", "both", "patient", "hospital"))


@typist
def request_papers(desk: Desk) -> Facts:
    return {"side": desk.pick("patient", "hospital", "both"), "wanted": ["identity", "records"]}


@typist
def serve_notice(desk: Desk) -> Facts | None:
    issued = [one for one in desk.case.documents.exclude(state="void") if one.side in ("patient", "hospital")]
    if not issued:
        return None
    one = desk.rng.choice(issued)
    return {
        "document": one.kind,
        "side": one.side,
        "hospital": one.hospital,
        "means": "letter",
        "paper": paper("送达回证"),
    }


# --- mediation --------------------------------------------------------------------------------------------------------


@typist
def assign(desk: Desk) -> Facts:
    return {"lead": persona("mediator_sun"), "no_conflict": True}


@typist
def reassign(desk: Desk) -> Facts | None:
    seat = desk.case.assignments.filter(until__isnull=True, lead=True).select_related("user").first()
    joining = persona("mediator_two" if seat and seat.user.username == "mediator_sun" else "mediator_sun")
    return seat and {
        "leaving": seat.user,
        "joining": joining,
        "reason": "absence",
        "note": "请假两周。",
        "no_conflict": True,
    }


@typist
def sign_rights_notice(desk: Desk) -> Facts:
    signed = {(n.side, n.hospital_id) for n in desk.case.rights_notices.filter(superseded=False)}
    waiting: list[Facts] = [] if ("patient", None) in signed else [{"side": "patient"}]
    waiting += [
        {"side": "hospital", "hospital": one} for one in kept_hospitals(desk.case) if ("hospital", one.pk) not in signed
    ]
    return desk.rng.choice(waiting or [{"side": "patient"}]) | {"paper": paper("权利义务告知书")}


@typist
def start_appraisal(desk: Desk) -> Facts:
    return appraisal(desk.today)


@typist
def finish_appraisal(desk: Desk) -> Facts:
    return desk.pick(opinion(), {"result": "withdrawn", "note": "双方撤回委托。", "paper": paper("撤回委托书")})


@typist
def convene(desk: Desk) -> Facts:
    return {"at": desk.now + timedelta(days=2), "place": "市医调委第一调解室"}


@typist
def record_investigation(desk: Desk) -> Facts:
    return {
        "place": "市医调委",
        "side": "patient",
        "person": "甄示例",
        "content": "问：经过？答：如申请所述。",
        "recorder": "何示例",
    }


@typist
def record_meeting(desk: Desk) -> Facts:
    return meeting(began=desk.hour())


@typist
def draft_agreement(desk: Desk) -> Facts:
    return terms_of_several(kept_hospitals(desk.case), desk.today)


@typist
def redraft(desk: Desk) -> Facts:
    return {"note": "双方要求调整分期。"}


@typist
def mark(desk: Desk) -> Facts | None:
    agreement = agreement_in_force(desk.case)
    if agreement is None:
        return None
    there = {(one.kind, one.party_id, one.hospital_id) for one in agreement.marks.all()}
    open_marks: list[Facts] = [
        {"kind": "patient", "party": p} for p in signatories(desk.case) if ("patient", p.pk, None) not in there
    ]
    open_marks += [
        {"kind": "hospital", "hospital": h} for h in kept_hospitals(desk.case) if ("hospital", None, h.pk) not in there
    ]
    open_marks += [{"kind": kind} for kind in (MarkKind.MEDIATOR, MarkKind.SEAL) if (kind, None, None) not in there]
    return desk.rng.choice(open_marks) | {"paper": paper("已签署的协议")} if open_marks else None


@typist
def extend(desk: Desk) -> Facts:
    on = desk.today
    signed = {"committee_signed_on": on, "patient_signed_on": on, "hospital_signed_on": on, "paper": paper("延期约定")}
    return signed | {"reason": "等待补充鉴定。", "days": 10}


@typist
def refuse_mediation(desk: Desk) -> Facts:
    return {"side": "patient", "means": "office", "statement": "不接受调解。"}


@typist
def fail(desk: Desk) -> Facts:
    return {"reason": "disagreement", "note": "双方差距过大。", "routes_explained": True}


@typist
def confirm_lapse(desk: Desk) -> Facts:
    return {"ledger_checked": True}


@typist
def restore(desk: Desk) -> Facts | None:
    on = desk.case.mediation_due_on
    if on is None:
        return None
    return {"reason": "extension", "note": "延期约定补交。", "committee_signed_on": on, "patient_signed_on": on,
            "hospital_signed_on": on, "until": desk.today + timedelta(days=40), "paper": paper("延期约定")}  # fmt: skip


# --- afterwards and anytime -------------------------------------------------------------------------------------------


@typist
def default(desk: Desk) -> Facts:
    return {"reason": "refused", "note": "明确表示不再付款。", "routes_explained": True}


@typist
def confirmation_dismissed(desk: Desk) -> Facts:
    return {
        "court": "东莞市第一人民法院",
        "ruling_no": "（2026）粤1971民特9号",
        "note": "申请材料不符。",
        "paper": paper("裁定书"),
    }


@typist
def record_payment(desk: Desk) -> Facts | None:
    instalment = open_instalments(desk.case.pk).order_by("pk").first()
    return instalment and {"instalment": instalment, "paper": paper("转账凭证")}


@typist
def amend(desk: Desk) -> Facts | None:
    open_rows = list(open_instalments(desk.case.pk))
    later = {"due_on": desk.today + timedelta(days=30)}
    rows = [{"payer": row.payer, "hospital": row.hospital, "amount": row.amount} | later for row in open_rows]
    on = dict.fromkeys(("patient_signed_on", "hospital_signed_on", "mediator_signed_on", "sealed_on"), desk.today)
    return {"content": "余款改期支付。", "perform_by": desk.today + timedelta(days=60), "instalments": rows,
            "paper": paper("补充协议"), **on} if rows else None  # fmt: skip


@typist
def visit(desk: Desk) -> Facts:
    return {"began": desk.hour(), "side": "patient", "person": "甄示例", "means": "phone", "reached": True,
            "result": "无其他要求。", "satisfaction": "4", "is_solved": True}  # fmt: skip


TYPED["visit_again"] = visit


@typist
def withdraw(desk: Desk) -> Facts:
    sides = {application.by_side for application in desk.case.applications.all()} or {"patient"}
    side = "both" if len(sides) > 1 or sides == {"both"} else next(iter(sides))
    return {"side": side, "means": "office", "reason": "双方自行解决。", "paper": paper("撤回申请书")}


@typist
def submit_dossier(desk: Desk) -> Facts:
    lines = checklist(desk.case)
    return {"items": {
        line.item.key: {"standing": "explained", "pages": "", "reason": "当事人未提供。"}
        for line in lines if line.must and not line.found
    }}  # fmt: skip


@typist
def close(desk: Desk) -> Facts:
    return {"retention": propose_retention(desk.case, desk.today).value}


@typist
def log_contact(desk: Desk) -> Facts:
    return {"side": desk.pick("patient", "hospital"), "purpose": desk.pick("explain", "urge", "first"), "means": "phone",
            "at": desk.earlier(), "reached": True, "content": "电话沟通，对方知悉。"}  # fmt: skip


@typist
def add_paper(desk: Desk) -> Facts:
    liaison = desk.user is not None and bool(desk.user.organisations(Role.HOSPITAL_LIAISON))
    kind = desk.pick("identity", "records", "fees")
    return {"kind": kind, "side": "hospital" if liaison else "patient", "paper": paper("身份证复印件")}


@typist
def substitute_party(desk: Desk) -> Facts | None:
    patient = desk.case.parties.filter(side=codes.Side.PATIENT, until__isnull=True).order_by("pk").first()
    return patient and {"reason": "proxy", "party": patient, "kind": "agent", "full_name": "卜示例",
                        "authority": "特别授权，代为调解", "paper": paper("授权委托书")}  # fmt: skip


@typist
def sever(desk: Desk) -> Facts | None:
    kept = kept_hospitals(desk.case)
    return {"hospital": kept[-1], "reason": "该院不同意赔偿。"} if len(kept) > 1 else None


@typist
def correct(desk: Desk) -> Facts:
    number = desk.rng.randrange(10**6)
    return {"target": "case.summary", "value": f"更正后的概要{number}：术后切口感染。", "reason": "笔误"}


@typist
def reveal(desk: Desk) -> Facts | None:
    party = desk.case.parties.filter(is_hidden=False).order_by("pk").first()
    return party and {"target": f"party-{party.pk}.name", "reason": "核对身份"}


@typist
def recount(desk: Desk) -> Facts:
    return {"edition": current_edition()}


@typist
def unlink(desk: Desk) -> Facts:
    return {"reason": "核对后系同名的另一患者。"}


@typist
def absorb(desk: Desk) -> Facts:
    return {"duplicate": desk.case, "orders": [], "hotline": None}
