"""Papers that tell the sides that mediation is over, and what they can still do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from typing import Any

from django.utils import timezone

from mediation.cases.case import DisputeCase
from mediation.documents import contexts
from mediation.documents.drafting.addressing import (
    NOT_STATED,
    Draft,
    application_of,
    common,
    contact,
    drafter,
    each_side,
    matter,
)  # fmt: skip
from workflow.registry import Move

# Which of the three basic courts takes a town's cases is to be confirmed locally, so all are named.
COURTS = ("东莞市第一人民法院", "东莞市第二人民法院", "东莞市第三人民法院")

REASONS = {
    "consent_refused": "对方不同意调解", "refuse_mediation": "一方明确表示不接受或终止调解",
    "confirm_lapse": "调解期限届满未达成协议，视为调解不成（条例第三十八条）", "default": "协议达成后未履行，经督促仍不履行",
    "fail": "双方未能达成一致",
}  # fmt: skip


def _received_at(case: DisputeCase) -> datetime | None:
    application = application_of(case)
    if application is None:
        return None
    return datetime.combine(application.received_on, time(9, 0), timezone.get_current_timezone())


def _route_facts(move: Move) -> dict[str, Any]:
    case = move.case
    detail = str(move.facts.get("statement") or move.facts.get("note") or "").strip().rstrip("。")
    reason = REASONS.get(move.step.name, move.step.label)
    return common(move, case.committee) | {
        "matter": matter(case), "reason": f"{reason}。{detail}" if detail else reason, "ended_on": move.happened_on,
        "application_received_at": _received_at(case), "bureau": case.bureau.paper_name, "courts": COURTS,
    }  # fmt: skip


@drafter
def routes_notice(move: Move) -> Iterator[Draft]:
    """其他解决途径告知书, to each side."""
    for side, addressee, other, hospital in each_side(move.case):
        said = contexts.RoutesNotice(**_route_facts(move), addressee=addressee, respondent=other)
        yield Draft(move.case.committee, said, side, hospital)


@drafter
def failure_notice(move: Move) -> Iterator[Draft]:
    """调解终止告知书（调解不成）, to each side."""
    case = move.case
    for side, addressee, other, hospital in each_side(case):
        yield Draft(case.committee, contexts.FailureNotice(
            **_route_facts(move), addressee=addressee, respondent=other, accepted_on=case.accepted_on,
            article="《中华人民共和国人民调解法》第二十六条",
        ), side, hospital)  # fmt: skip


@drafter
def termination_notice(move: Move) -> Iterator[Draft]:
    """终止通知书, to each side: court or bureau has accepted the dispute (R03)."""
    case, status = move.case, move.case.routes.filter(answer="accepted").order_by("pk").last()
    for side, addressee, other, hospital in each_side(case):
        yield Draft(case.committee, contexts.TerminationNotice(
            **common(move, case.committee), addressee=addressee, respondent=other, matter=matter(case),
            accepted_on=case.accepted_on, authority=status.body or status.get_route_display(),
            authority_accepted_on=status.on, ended_on=move.happened_on, authority_case_number=str(move.facts.get("authority_case_number") or ""), reason=str(move.facts.get("note") or ""),
        ), side, hospital)  # fmt: skip


@drafter
def confirmation_notice(move: Move) -> Iterator[Draft]:
    """司法确认告知书, to each side, with the last day for the joint application (R19)."""
    from workflow.reckoning import deadline_of

    case = move.case
    agreement = case.agreements.filter(superseded=False).exclude(kind="supplement").order_by("pk").last()
    says = deadline_of(case, "judicial_confirmation")
    issuer = case.town if agreement.kind == "town_mediation" and case.town else case.committee
    number = (
        case.documents.filter(kind="mediation_agreement")
        .exclude(state="void")
        .order_by("-pk")
        .values_list("number", flat=True)
        .first()
    )
    for side, addressee, _, hospital in each_side(case):
        yield Draft(issuer, contexts.ConfirmationNotice(
            **common(move, issuer), addressee=addressee, agreement_number=number or NOT_STATED,
            effective_on=agreement.effective_on, last_day=says.due_on or agreement.effective_on,
            last_day_is_provisional=says.provisional, courts=COURTS, **contact(issuer),
        ), side, hospital)  # fmt: skip
