"""The agreements: 人民调解协议书 of the committee or of a town's own, and 和解协议书."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mediation.cases.case import DisputeCase
from mediation.cases.parties import Party
from mediation.documents import contexts
from mediation.documents.drafting.addressing import (
    NOT_STATED,
    Draft,
    claimant_names,
    claimants,
    common,
    drafter,
    kept,
    lines,
    mediator_names,
    people,
)  # fmt: skip
from mediation.organisations.models import Organisation
from mediation.privacy.identity import age_on
from workflow.registry import Move

PAYERS = {"insurer": "承保保险公司", "humanitarian": "人道补助"}


@drafter
def mediation_agreement(move: Move) -> Iterator[Draft]:
    """人民调解协议书 (人民调解法 29, 条例 39)."""
    case, agreement = move.case, in_force(move.case)
    of_town = agreement.kind == "town_mediation"
    issuer = case.town if of_town and case.town else case.committee
    facts = common(move, issuer)
    if of_town and issuer.committee_name:
        facts["issuer"] = contexts.Issuer(name=issuer.committee_name, address=issuer.address, phone=issuer.phone)
    by = move.by.get_full_name() if move.by else NOT_STATED
    yield Draft(issuer, contexts.MediationAgreement(
        **facts, **terms(case, agreement), mediators=(by,) if of_town else mediator_names(case) or (by,), recorder=by,
        accepted_on=case.accepted_on or case.received_on, of_town=of_town,
    ))  # fmt: skip


@drafter
def settlement_agreement(move: Move) -> Iterator[Draft]:
    """和解协议书 (条例 30): between the parties; the town has helped."""
    case, agreement = move.case, in_force(move.case)
    issuer = case.town or case.desk
    by = move.by.get_full_name() if move.by else NOT_STATED
    yield Draft(issuer, contexts.SettlementAgreement(
        **common(move, issuer), **terms(case, agreement), witness_unit=issuer.paper_name, witnesses=(by,),
    ))  # fmt: skip


def in_force(case: DisputeCase) -> Any:
    """The agreement the step has just written."""
    return case.agreements.filter(superseded=False).exclude(kind="supplement").order_by("pk").last()


def terms(case: DisputeCase, agreement: Any) -> dict[str, Any]:
    """The contents that the law demands (R16), with both sums and the instalments."""
    other = lines(agreement.other_obligations or "")
    last = f"{agreement.perform_by:%Y年}{agreement.perform_by.month}月{agreement.perform_by.day}日前"
    return {
        "parties": (*(person(p, case) for p in claimants(case)), *(hospital(h) for h in kept(case))),
        "facts": agreement.facts, "issues": agreement.issues,
        "responsibilities": tuple(contexts.Responsibility(party="双方确认", text=text) for text in lines(agreement.responsibility)),
        "terms": lines(agreement.content) + other, "total": agreement.total_amount or None,
        "hospital_amount": agreement.hospital_amount if agreement.total_amount else None,
        "insurer_amount": agreement.insurer_amount if agreement.total_amount else None,
        "payee": claimant_names(case), "instalments": instalments(case, agreement), "manner": agreement.get_manner_display(),
        "place": agreement.place, "deadline": f"{last}履行完毕",
        "effective_on": agreement.effective_on,
    }  # fmt: skip


def instalments(case: DisputeCase, agreement: Any) -> tuple[contexts.Instalment, ...]:
    """The table of payments; humanitarian money stands apart and is not part of the sum (R29)."""
    names = "、".join(h.paper_name for h in kept(case))
    rows = agreement.instalments.exclude(payer="humanitarian").exclude(state="waived").order_by("due_on", "number")
    return tuple(
        contexts.Instalment(
            payer=names if row.payer == "hospital" else PAYERS[row.payer], amount=row.amount, due_on=row.due_on,
            manner=agreement.get_manner_display(),
        )
        for row in rows
    )  # fmt: skip


def person(party: Party, case: DisputeCase) -> contexts.Party:
    """A claimant as the form wants it, with the agent who acts for them."""
    agent = next((p for p in people(case) if p.represents_id == party.pk), None)
    return contexts.Party(
        standing="申请人（患方）", name=party.name, sex=party.get_sex_display() if party.sex != "unknown" else "",
        age=age_on(party.born_on, case.received_on) if party.born_on else None, id_no=party.id_no or "",
        id_type=party.get_id_kind_display(), address=party.address or "", phone=party.phone or "",
        agent=agent.name if agent else "", agent_standing=agent.relation if agent else "", agent_authority=agent.authority if agent else "",
    )  # fmt: skip


def hospital(organisation: Organisation) -> contexts.Party:
    """A hospital as the form wants it."""
    return contexts.Party(
        standing="被申请人（医方）", name=organisation.paper_name, is_unit=True, address=organisation.address,
        phone=organisation.phone,
    )  # fmt: skip
