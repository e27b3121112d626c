"""Papers of the committee's review: consent, missing papers, acceptance, rights, refusal."""

from __future__ import annotations

from collections.abc import Iterator

from mediation.cases.codes import PaperKind, Side
from mediation.cases.conditions import sides_without_consent
from mediation.documents import contexts
from mediation.documents.drafting.addressing import (
    NOT_STATED,
    Draft,
    applicants,
    application_of,
    claimant_names,
    common,
    contact,
    drafter,
    each_side,
    hospital_names,
    kept,
    matter,
    mediator_names,
)  # fmt: skip
from workflow.reckoning import deadline_of
from workflow.registry import Move
from workflow.rulebook import rules_of


@drafter
def consent_request(move: Move) -> Iterator[Draft]:
    """征求意见函, to everybody whose consent is missing."""
    case, application = move.case, application_of(move.case)
    missing = set(sides_without_consent(case))
    reply_by = deadline_of(case, "consent").due_on or move.happened_on
    applicant, _ = applicants(case)
    attempt = case.services.filter(document="consent_request").count() + 1
    for side, addressee, _, hospital in each_side(case):
        if ("患方" if side == "patient" else addressee_of(case, hospital)) in missing:
            yield Draft(case.committee, contexts.ConsentRequest(
                **common(move, case.committee), addressee=addressee, applicant=applicant, applied_on=application.received_on,
                matter=matter(case), request=demands(case), attempt=attempt, reply_by=reply_by, **contact(case.committee),
            ), side, hospital)  # fmt: skip


def addressee_of(case, hospital_id: int | None) -> str:  # type: ignore[no-untyped-def]
    """The everyday name of a hospital, as the missing consents list it."""
    return next((h.name for h in kept(case) if h.pk == hospital_id), "")


def demands(case) -> str:  # type: ignore[no-untyped-def]
    """What the applicant asks for, in one line."""
    from mediation.cases.codes import Demand
    from mediation.settlement.money import both

    said = "、".join(dict(Demand.choices).get(key, key) for key in case.demands) or "依法处理"
    return f"{said}；索赔{both(case.claimed_amount)}" if case.claimed_amount else said


@drafter
def papers_request(move: Move) -> Iterator[Draft]:
    """补正材料通知书, one for each request that the step has just recorded."""
    case, application, names = move.case, application_of(move.case), dict(PaperKind.choices)
    for asked in case.paper_requests.filter(pk__in=move.data["requests"]).order_by("pk"):
        period = rules_of(case.rulebook_id).period(f"papers_{asked.side}")
        addressee = hospital_names(case) if asked.side == "hospital" else claimant_names(case)
        yield Draft(case.committee, contexts.PapersRequest(
            **common(move, case.committee), addressee=addressee, applied_on=application.received_on if application else None,
            matter=matter(case), papers=tuple(contexts.Listed(name=names[kind]) for kind in asked.wanted), due_on=asked.due_on,
            working_days=period.amount, **contact(case.committee),
        ), asked.side)  # fmt: skip


@drafter
def acceptance_notice(move: Move) -> Iterator[Draft]:
    """受理通知书, to each side."""
    case, application = move.case, application_of(move.case)
    applicant, respondent = applicants(case)
    for side, addressee, _, hospital in each_side(case):
        yield Draft(case.committee, contexts.AcceptanceNotice(
            **common(move, case.committee), addressee=addressee, applicant=applicant, respondent=respondent,
            matter=matter(case), applied_on=application.received_on,
            accepted_on=case.accepted_on, due_on=case.mediation_due_on, due_is_provisional=case.mediation_provisional,
            **contact(case.committee),
        ), side, hospital)  # fmt: skip


@drafter
def rights_notice(move: Move) -> Iterator[Draft]:
    """权利义务告知书, for each side to sign before the first meeting (R06)."""
    case = move.case
    for side, addressee, other, hospital in each_side(case):
        yield Draft(case.committee, contexts.RightsNotice(
            **common(move, case.committee), party=addressee, standing="患方" if side == "patient" else "医方",
            respondent=other, mediators=mediator_names(case),
        ), side, hospital)  # fmt: skip


@drafter
def refusal_notice(move: Move) -> Iterator[Draft]:
    """不予受理通知书, to everybody who applied, with the reason and its article."""
    case, application = move.case, application_of(move.case)
    asked = application.by_side if application else Side.PATIENT
    for side, addressee, other, hospital in each_side(case):
        if asked in (side, Side.BOTH) and (not hospital or application.hospital_id in (None, hospital)):
            yield Draft(case.committee, _refusal(move, addressee, other), side, hospital)


def _refusal(move: Move, addressee: str, other: str) -> contexts.RefusalNotice:
    case, application = move.case, application_of(move.case)
    return contexts.RefusalNotice(
        **common(move, case.committee), addressee=addressee, respondent=other,
        applied_on=application.received_on if application else case.received_on, matter=matter(case),
        reason=str(move.facts.get("reason") or NOT_STATED), article=str(move.facts.get("article") or "《医疗纠纷预防和处理条例》第三十一条"),
        bureau=case.bureau.paper_name,
    )  # fmt: skip
