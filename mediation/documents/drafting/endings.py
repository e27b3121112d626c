"""Papers that tell the sides that mediation is over, and what they can still do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mediation.cases.codes import Side
from mediation.cases.grounds import Answer
from mediation.documents import contexts
from mediation.documents.drafting.addressing import (
    NOT_STATED,
    Draft,
    application_of,
    claimant_names,
    common,
    contact,
    drafter,
    each_side,
    hospital_names,
    kept,
    matter,
)  # fmt: skip
from mediation.documents.drafting.agreements import agreement_of, as_maker, maker_of
from mediation.documents.wording import day
from mediation.organisations.models import Organisation
from mediation.settlement.models import AgreementKind
from workflow.reckoning import deadline_of
from workflow.registry import Move

# Which of the three basic courts takes a town's cases is to be confirmed locally, so all are named.
COURTS = ("东莞市第一人民法院", "东莞市第二人民法院", "东莞市第三人民法院")

BEGUN = "本会的人民调解程序于{}结束"
NOT_BEGUN = "本会不能调解该纠纷，办理于{}结束"
HELD = "督促履行于{}结束"


def _route_facts(move: Move, issuer: Organisation) -> dict[str, Any]:
    case, application = move.case, application_of(move.case)
    # Over time is failed by law on the last day, on whichever later day somebody confirms it (条例 38; R11).
    ended_on = case.mediation_due_on if move.step.name == "confirm_lapse" else move.happened_on
    detail = str(move.facts.get("statement") or move.facts.get("note") or "").strip().rstrip("。")
    reason = _reason(move)
    return common(move, issuer) | {
        "matter": matter(case), "reason": f"{reason}。{detail}" if detail else reason, "ended_on": ended_on,
        "application_received_on": application.received_on if application else None, "bureau": case.bureau.paper_name,
        "courts": COURTS,
    }  # fmt: skip


def _reason(move: Move) -> str:
    """Why there is no mediation any more, by name: both sides read the same paper."""
    case, said = move.case, move.data
    match move.step.name:
        case "consent_refused" if said["answer"] == Answer.SILENT:
            return f"经两次征求意见，{_who(move)}逾期未答复，视为不同意调解"
        case "consent_refused":
            return f"经征求意见，{_who(move)}不同意调解"
        case "refuse_mediation":
            return f"{_who(move)}明确表示不接受调解或者终止调解"
        case "confirm_lapse":
            expiry = f"调解期限于{day(case.mediation_due_on)}届满，双方未达成调解协议"
            return f"{expiry}，依照《医疗纠纷预防和处理条例》第三十八条，视为调解不成"
        case "default":
            return f"达成{agreement_of(case).get_kind_display()}后，经督促仍未履行"
        case _ if said.get("reason") == "lost_contact":
            return f"{_who(move)}失去联系，经送达仍不到场，无法继续调解"
    return "经调解，双方未能达成一致"


def _who(move: Move) -> str:
    """The side that the step is about, by name."""
    side, hospital = move.data["side"], move.data.get("hospital")
    if side == Side.HOSPITAL:
        return next((one.paper_name for one in kept(move.case) if one.pk == hospital), hospital_names(move.case))
    return claimant_names(move.case) if side == Side.PATIENT else "双方"


def _remedy(agreement: Any) -> str:
    """What an agreement that is not kept opens beside the other routes (人民调解法 31 to 33)."""
    suit = "协议对双方具有约束力，一方不履行的，对方可以就协议的履行向人民法院提起诉讼"
    if agreement.kind == AgreementKind.SETTLEMENT:
        return suit
    return f"{suit}；协议经人民法院司法确认有效的，可以向人民法院申请强制执行（《人民调解法》第三十一条至第三十三条）"


@drafter
def routes_notice(move: Move) -> Iterator[Draft]:
    """其他解决途径告知书, to each side; after an agreement by whoever brought it about."""
    case, issuer, ended, remedy = move.case, move.case.committee, NOT_BEGUN, ""
    if move.step.name == "default":
        issuer, ended, remedy = maker_of(case), HELD, _remedy(agreement_of(case))
    elif case.accepted_on is not None:
        ended = BEGUN
    facts = _route_facts(move, issuer)
    for side, addressee, other, hospital in each_side(case):
        yield Draft(issuer, contexts.RoutesNotice(
            **facts, addressee=addressee, respondent=other, ended=ended.format(day(facts["ended_on"])), remedy=remedy,
        ), side, hospital)  # fmt: skip


@drafter
def failure_notice(move: Move) -> Iterator[Draft]:
    """调解终止告知书（调解不成）, to each side."""
    case = move.case
    for side, addressee, other, hospital in each_side(case):
        yield Draft(case.committee, contexts.FailureNotice(
            **_route_facts(move, case.committee), addressee=addressee, respondent=other, accepted_on=case.accepted_on,
            article="《中华人民共和国人民调解法》第二十六条",
        ), side, hospital)  # fmt: skip


@drafter
def termination_notice(move: Move) -> Iterator[Draft]:
    """终止通知书, to each side: court or bureau has accepted the dispute (R03)."""
    case = move.case
    status = case.routes.filter(route=case.other_route, answer="accepted").order_by("pk").last()
    for side, addressee, other, hospital in each_side(case):
        yield Draft(case.committee, contexts.TerminationNotice(
            **common(move, case.committee), addressee=addressee, respondent=other, matter=matter(case),
            accepted_on=case.accepted_on, authority=status.body or status.get_route_display(),
            authority_accepted_on=status.on, ended_on=move.happened_on, authority_case_number=str(move.facts.get("authority_case_number") or ""), reason=str(move.facts.get("note") or ""),
        ), side, hospital)  # fmt: skip


@drafter
def confirmation_notice(move: Move) -> Iterator[Draft]:
    """司法确认告知书, to each side, with the last day for the joint application (R19)."""
    case, agreement, issuer = move.case, agreement_of(move.case), maker_of(move.case)
    says = deadline_of(case, "judicial_confirmation")
    signed = case.documents.filter(kind="mediation_agreement").exclude(state="void").order_by("pk").last()
    for side, addressee, _, hospital in each_side(case):
        yield Draft(issuer, contexts.ConfirmationNotice(
            **as_maker(move), addressee=addressee, agreement_number=signed.number if signed else NOT_STATED,
            effective_on=agreement.effective_on, last_day=says.due_on or agreement.effective_on,
            last_day_is_provisional=says.provisional, courts=COURTS, **contact(issuer),
        ), side, hospital)  # fmt: skip
