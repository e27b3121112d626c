"""The agreements: 人民调解协议书 of the committee or of a town's own, and 和解协议书."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from mediation.cases.case import DisputeCase
from mediation.cases.codes import PartyKind
from mediation.cases.parties import Party, guardian_of
from mediation.documents import contexts
from mediation.documents.drafting.addressing import (
    NOT_STATED,
    Draft,
    claimant_names,
    claimants,
    common,
    drafter,
    is_dead,
    kept,
    lines,
    mediator_names,
    patient,
    people,
)  # fmt: skip
from mediation.documents.freezing import thaw
from mediation.documents.models import Edition
from mediation.organisations.models import Organisation
from mediation.privacy.identity import age_on, certificate_name
from mediation.settlement.models import AgreementKind
from workflow.registry import Move

INSURER = "承保保险公司"
MARKS = {"patient": "签名、盖章或按指印", "hospital": "签名、盖章", "mediator": "签名", "seal": "盖章"}


@drafter
def mediation_agreement(move: Move) -> Iterator[Draft]:
    """人民调解协议书 (人民调解法 29, 条例 39): the text to sign, or, once in force, the text that was signed (ADR 19).

    The committee's text in force repeats word for word what was put before the parties, and has its number. A town records
    what was signed already, so there is only that.
    """
    case, agreement, issuer = move.case, agreement_of(move.case), maker_of(move.case)
    if agreement.effective_on is None:
        yield Draft(issuer, _to_sign(move, agreement), edition=Edition.TO_SIGN)
        return
    signed = case.documents.filter(edition=Edition.TO_SIGN).exclude(state="void").last()
    text = thaw(contexts.MediationAgreement, signed.says) if signed else _to_sign(move, agreement)
    marks = tuple(_signatures(agreement, text.issuer.name))
    said = replace(text, effective_on=agreement.effective_on, issued_on=move.happened_on, signatures=marks)
    yield Draft(issuer, said, number=signed.number if signed else "", edition=Edition.IN_FORCE)


def _to_sign(move: Move, agreement: Any) -> contexts.MediationAgreement:
    """The text that people sign: the day under the seal is written by whoever seals it."""
    case, of_town = move.case, agreement.kind == "town_mediation"
    by = move.by.get_full_name() if move.by else NOT_STATED
    mediators = (str(move.facts["mediator_name"]),) if of_town else mediator_names(case)
    return contexts.MediationAgreement(
        **as_maker(move) | {"issued_on": None}, **terms(case, agreement), mediators=mediators or (by,),
        recorder=by, accepted_on=case.accepted_on or case.received_on, of_town=of_town,
    )  # fmt: skip


def _signatures(agreement: Any, committee: str) -> Iterator[contexts.Signature]:
    """The marks with their days, as they were registered from the signed paper (R17)."""
    for mark in agreement.marks.select_related("party", "agent", "hospital"):
        who = {
            "patient": mark.party.name if mark.party else "患方", "hospital": mark.hospital.paper_name if mark.hospital else "医方",
            "mediator": "人民调解员", "seal": committee,
        }[mark.kind]  # fmt: skip
        how = f"{MARKS[mark.kind]}（由{mark.agent.name}代签）" if mark.agent else MARKS[mark.kind]
        yield contexts.Signature(who=who, how=how, on=mark.on)


@drafter
def settlement_agreement(move: Move) -> Iterator[Draft]:
    """和解协议书 (条例 30): between the parties; the town has helped."""
    case, agreement, issuer = move.case, agreement_of(move.case), maker_of(move.case)
    by = move.by.get_full_name() if move.by else NOT_STATED
    yield Draft(issuer, contexts.SettlementAgreement(
        **common(move, issuer), **terms(case, agreement), witness_unit=issuer.paper_name, witnesses=(by,),
    ))  # fmt: skip


def agreement_of(case: DisputeCase) -> Any:
    """The agreement of a case: what the step has just written, or what is in force."""
    return case.agreements.filter(superseded=False).exclude(kind="supplement").order_by("pk").last()


def maker_of(case: DisputeCase) -> Organisation:
    """Who brought the agreement about: the city's committee, or the town that settled the case itself."""
    if agreement_of(case).kind in (AgreementKind.SETTLEMENT, AgreementKind.TOWN_MEDIATION):
        return case.town or case.desk
    return case.committee


def as_maker(move: Move) -> dict[str, Any]:
    """What every paper has in common, where the people's mediation committee speaks, a town's own too."""
    maker = maker_of(move.case)
    facts = common(move, maker)
    if maker.committee_name and agreement_of(move.case).kind == AgreementKind.TOWN_MEDIATION:
        facts["issuer"] = contexts.Issuer(name=maker.committee_name, address=maker.address, phone=maker.phone)
    return facts


def terms(case: DisputeCase, agreement: Any) -> dict[str, Any]:
    """The contents that the law demands (R16), with both sums and the instalments."""
    hospitals = kept(case)
    payments = list(
        agreement.instalments.exclude(state="waived").select_related("hospital").order_by("due_on", "number")
    )
    other = lines(agreement.other_obligations or "")
    agents = [p for p in case.parties.all() if p.kind == PartyKind.HOSPITAL_AGENT and p.until is None]
    agent = agents[-1] if agents and len(hospitals) == 1 else None  # of several hospitals nobody recorded whose it is
    last = f"{agreement.perform_by:%Y年}{agreement.perform_by.month}月{agreement.perform_by.day}日前"
    return {
        "parties": (*(person(p, case) for p in claimants(case)), *(hospital(h, agent) for h in hospitals)),
        "patient": somebody_elses(case),
        "facts": agreement.facts, "issues": agreement.issues,
        "responsibilities": tuple(contexts.Responsibility(party="双方确认", text=text) for text in lines(agreement.responsibility)),
        "terms": lines(agreement.content) + other, "total": agreement.total_amount or None,
        "hospital_amount": agreement.hospital_amount if agreement.total_amount else None,
        "insurer_amount": agreement.insurer_amount if agreement.total_amount else None,
        "shares": shares(payments, hospitals) if agreement.total_amount and len(hospitals) > 1 else (), "payee": claimant_names(case),
        "instalments": tuple(instalment(row, hospitals) for row in payments if row.payer != "humanitarian"),
        "humanitarian": tuple(instalment(row, hospitals) for row in payments if row.payer == "humanitarian"), "manner": agreement.get_manner_display(),
        "place": agreement.place, "deadline": f"{last}履行完毕",
        "effective_on": agreement.effective_on,
    }  # fmt: skip


def instalment(row: Any, hospitals: list[Organisation]) -> contexts.Instalment:
    """One payment by name: the hospital's own or, in its place, its insurer's."""
    payer = row.hospital.paper_name if row.hospital else "、".join(h.paper_name for h in hospitals)
    if row.payer == "insurer":
        payer = f"{payer}的{INSURER}" if len(hospitals) > 1 else INSURER
    manner = row.agreement.get_manner_display()
    return contexts.Instalment(payer=payer, amount=row.amount, due_on=row.due_on, manner=manner)


def shares(payments: list[Any], hospitals: list[Organisation]) -> tuple[contexts.HospitalShare, ...]:
    """Who of several hospitals answers for how much; one that owes nothing says so too."""

    def owed(hospital: Organisation, payer: str) -> Decimal:
        rows = (row.amount for row in payments if (row.hospital_id, row.payer) == (hospital.pk, payer))
        return sum(rows, Decimal("0.00"))

    return tuple(
        contexts.HospitalShare(hospital=h.paper_name, own=owed(h, "hospital"), insured=owed(h, "insurer"))
        for h in hospitals
    )


def person(party: Party, case: DisputeCase) -> contexts.Party:
    """A claimant as the form wants it, with the guardian and the agent who act for them."""
    guardian = guardian_of(case, party)
    represented = {one.pk for one in (party, guardian) if one}
    agent = next((p for p in people(case) if p.represents_id in represented and p != guardian), None)
    relation = "" if party.kind == PartyKind.PATIENT else party.relation or party.get_kind_display()
    return contexts.Party(
        **_identity(party), standing="申请人（患方）", relation=relation,
        age=age_on(party.born_on, case.received_on) if party.born_on and party.born_on <= case.received_on else None,
        guardian=contexts.Party(**_identity(guardian), standing="监护人", relation=guardian.relation) if guardian else None,
        agent=agent.name if agent else "", agent_standing=agent.relation if agent else "", agent_authority=agent.authority if agent else "",
    )  # fmt: skip


def somebody_elses(case: DisputeCase) -> contexts.Party | None:
    """The patient, where not the patient claims but a relative or heir (民法典 1181)."""
    party = patient(case)
    if party is None or party in claimants(case):
        return None
    standing = "患者（已死亡）" if is_dead(case) else "患者"
    return contexts.Party(**_identity(party), standing=standing, born_on=party.born_on)


def _identity(party: Party) -> dict[str, Any]:
    """What identifies a person on a paper."""
    return {
        "name": party.name, "sex": party.get_sex_display() if party.sex != "unknown" else "", "id_no": party.id_no or "",
        "id_type": certificate_name(party.id_kind, party.id_no or ""), "address": party.address or "", "phone": party.phone or "",
    }  # fmt: skip


def hospital(organisation: Organisation, agent: Party | None) -> contexts.Party:
    """A hospital as the form wants it."""
    return contexts.Party(
        standing="被申请人（医方）", name=organisation.paper_name, is_unit=True, address=organisation.address,
        phone=organisation.phone, agent=agent.name if agent else "", agent_standing=agent.relation if agent else "",
        agent_authority=agent.authority if agent else "",
    )  # fmt: skip
