"""Papers of the hotline and the town: reply, brief, receipt."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone

from mediation.cases.case import DisputeCase
from mediation.cases.codes import PaperKind, Side
from mediation.cases.discretion import shown
from mediation.cases.grounds import EscalationReason
from mediation.cases.parties import Application
from mediation.cases.record import Paper
from mediation.documents import contexts
from mediation.documents.drafting.addressing import (
    NOT_STATED,
    UNNAMED,
    Draft,
    applicants,
    application_of,
    common,
    confided,
    contact,
    drafter,
    hospital_names,
    listed,
    matter,
    patient,
    patient_name,
    people,
)  # fmt: skip
from mediation.privacy.discretion import discreet
from workflow.reckoning import deadline_of
from workflow.registry import Move
from workflow.vocabulary import Role


@drafter
def caller_reply(move: Move) -> Iterator[Draft]:
    """12345答复, one for each order of the case; cases that came by another window have none."""
    case = move.case
    for order in case.orders.order_by("pk"):
        yield Draft(case.hotline or case.desk, contexts.CallerReply(
            **common(move, case.hotline or case.desk), order_number=order.number, received_at=timezone.localtime(order.received_at),
            appeal_kind=order.get_appeal_display(), caller="来电人", matter=discreet(order.title) or matter(case, name=_confidential_name(case)),
            reply=str(move.facts.get("reply") or case.get_outcome_display() or move.step.label),
            next_step=f"由{body}办理" if (body := move.facts.get("receiving_body")) else "", contact_phone=(case.hotline or case.desk).phone or "12345",
        ))  # fmt: skip


@drafter
def escalation_brief(move: Move) -> Iterator[Draft]:
    """上报呈批表: what the official typed, or what the step found on file when time escalates."""
    case = move.case
    said = move.facts
    town, hidden = case.town or case.desk, confided(case)
    asked = None if hidden else patient(case) or next((party for party in people(case) if not party.is_hidden), None)
    yield Draft(town, contexts.EscalationBrief(
        **common(move, town), town=town.name, reported_on=move.happened_on,
        order_numbers=tuple(case.orders.values_list("number", flat=True)), patient_name=UNNAMED if hidden else patient_name(case) or NOT_STATED,
        patient_contact=(asked.phone or "") if asked else "", hospital=hospital_names(case), department=_departments(case),
        dispute_kind=case.get_cause_display() or NOT_STATED, harm=case.get_harm_display() or NOT_STATED,
        occurred_on=case.occurred_on, claimed_amount=case.claimed_amount, summary=shown(case.summary, case, None) if _hides_somebody(case) else case.summary,
        reasons=tuple(EscalationReason(code).label for code in said["reasons"]), work_done=said["work_done"],
        patient_attitude=said["patient_attitude"], hospital_attitude=said["hospital_attitude"], risk=said["risk"],
        request=said["request"], attachments=_listed(said.get("attachments")), contact_name=said["contact_name"],
        contact_phone=said["contact_phone"] or NOT_STATED, transfers=case.hops, by_time=move.role == Role.TIME,
    ))  # fmt: skip


def _confidential_name(case: DisputeCase) -> str:
    return "（要求保密）" if confided(case) else ""


def _hides_somebody(case: DisputeCase) -> bool:
    return any(party.is_hidden for party in case.parties.all())


def _listed(text: str | None) -> tuple[str, ...]:
    return tuple(part for part in (text or "").replace("\n", "、").split("、") if part.strip())


def _departments(case: DisputeCase) -> str:
    return "、".join(r.get_department_display() for r in case.respondents.all() if r.department)


@drafter
def application_receipt(move: Move) -> Iterator[Draft]:
    """申请收件回执: the day of receipt interrupts the limitation of action (R31)."""
    case, application = move.case, application_of(move.case)
    issuer = case.town if application.received_at_town and case.town else case.committee
    applicant, respondent = applicants(case)
    yield Draft(issuer, contexts.ApplicationReceipt(
        **common(move, issuer), applicant=applicant, respondent=respondent, committee="" if issuer == case.committee else case.committee.paper_name,
        patient_name=patient_name(case), matter=matter(case), received_on=application.received_on, is_oral=application.form == "oral",
        decide_by=deadline_of(case, "review").due_on or application.received_on,
        receiver=move.by.get_full_name() if move.by else "系统", contact_phone=contact(issuer)["contact_phone"],
        papers=tuple(listed(one, note=one.get_copy_display()) for one in _handed_in(case, application)),
    ), side=application.by_side)  # fmt: skip


def _handed_in(case: DisputeCase, application: Application) -> Iterator[Paper]:
    """What the applicant's side has handed in: a receipt to one side does not list what the other gave."""
    for one in case.papers.exclude(kind__in=[PaperKind.SERVICE, PaperKind.RECORD]).order_by("pk"):
        mine = one.side and application.by_side in (one.side, Side.BOTH)
        elsewhere = application.hospital_id and one.hospital_id and one.hospital_id != application.hospital_id
        if (mine or one.side == Side.BOTH) and not elsewhere:
            yield one
