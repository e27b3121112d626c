"""Who takes part changes: somebody takes a party's place, or a hospital is severed into a case of its own."""

from __future__ import annotations

from datetime import date

from mediation.cases import codes, grounds
from mediation.cases.case import CaseHospital, DisputeCase
from mediation.cases.codes import PartyKind
from mediation.cases.facts import chosen, handed_in, kept_hospitals, written
from mediation.cases.filing import Filed, file_paper
from mediation.cases.linking import grow
from mediation.cases.parties import Consent, Party
from mediation.cases.registration import Person
from mediation.organisations.models import Kind, Organisation
from mediation.privacy.identity import IdKind
from workflow.registry import Move, Refused, effect

SUCCEEDS_AS = {
    grounds.Substitution.DEATH: {PartyKind.HEIR, PartyKind.RELATIVE},
    grounds.Substitution.INCAPACITY: {PartyKind.GUARDIAN},
    grounds.Substitution.JOINS: {PartyKind.HEIR, PartyKind.RELATIVE, PartyKind.PATIENT},
    grounds.Substitution.PROXY: {PartyKind.AGENT, PartyKind.HOSPITAL_AGENT, PartyKind.RELATIVE},
}
PROOFS = {
    grounds.Substitution.DEATH: ("死亡证明和亲属关系证明", codes.PaperKind.KINSHIP),
    grounds.Substitution.INCAPACITY: ("监护关系证明", codes.PaperKind.KINSHIP),
    grounds.Substitution.MERGER: ("合并、分立的批准文件", codes.PaperKind.IDENTITY),
    grounds.Substitution.JOINS: ("亲属关系证明", codes.PaperKind.KINSHIP),
    grounds.Substitution.PROXY: ("授权委托书", codes.PaperKind.PROXY),
}


@effect
def substitute_party(
    move: Move, *, reason: str, paper: Filed | None = None, party: Party | None = None, kind: str = "", full_name: str = "",
    phone: str = "", id_kind: str = IdKind.NONE, id_no: str = "", sex: str = codes.Sex.UNKNOWN,
    born_on: date | None = None, address: str = "", relation: str = "", authority: str = "",
    hospital: Organisation | None = None, successor: Organisation | None = None,
) -> None:  # fmt: skip
    """Death, incapacity, merger, a further claimant or a new agent: with proof. The clock runs on.

    Whoever comes in as a claimant or guardian has agreed to nothing yet, so consent and rights notice are asked again
    (民法典 1181); a new agent only speaks for somebody who has.
    """
    reason = grounds.Substitution(chosen(reason, grounds.Substitution, "变更原因", field="reason"))
    proof, proof_kind = PROOFS[reason]
    filed = handed_in(paper, proof)
    if reason == grounds.Substitution.MERGER:
        _succeed_hospital(move, hospital, successor)
        side = codes.Side.HOSPITAL
    else:
        typed = Person(
            kind=kind, name=full_name.strip(), phone=phone, id_kind=id_kind, id_no=id_no, sex=sex, born_on=born_on,
            address=address, relation=relation,
        )  # fmt: skip
        side = codes.Side(_bring_in(move, reason, party, typed, authority))
    file_paper(move, filed, kind=proof_kind, side=side)
    move.data["reason"] = reason.value


def _bring_in(move: Move, reason: grounds.Substitution, party: Party | None, typed: Person, authority: str) -> str:
    if party is None and reason != grounds.Substitution.JOINS:
        raise Refused("请选择被变更或被代理的当事人", field="party")
    if party is not None and (party.case_id != move.case.pk or party.until is not None):
        raise Refused("所选的人不是本案现在的当事人", field="party")
    if typed.kind not in SUCCEEDS_AS[reason]:
        raise Refused(f"“{reason.label}”的，新当事人的身份不能是所选的这一种", field="kind")
    written(typed.name, "新当事人或代理人的姓名", field="full_name")
    row = typed.party(move.case, move.happened_on)
    row.side = party.side if party else codes.Side.PATIENT
    row.is_hidden = bool(party and party.is_hidden)
    _place(move, reason, party, row, authority)
    row.save(force_insert=True)
    move.data.update(old=party.pk if party else None, new=row.pk)
    if reason != grounds.Substitution.PROXY:
        _ask_again(move)
    return row.side


def _place(move: Move, reason: grounds.Substitution, party: Party | None, row: Party, authority: str) -> None:
    """Death ends a party's part; a guardian or an agent speaks for one who stays."""
    if party is None or reason == grounds.Substitution.JOINS:
        row.is_claimant = True
    elif reason == grounds.Substitution.DEATH:
        row.is_claimant = party.is_claimant
        party.until, party.end_reason = move.happened_on, reason.value
        party.save(update_fields=["until", "end_reason"])
    else:
        row.represents = party
        _end_earlier_agents(move, reason, party)
        if reason == grounds.Substitution.PROXY:
            row.authority = written(authority, "代理权限（人民调解须写明特别授权的事项）", field="authority")


def _end_earlier_agents(move: Move, reason: grounds.Substitution, party: Party) -> None:
    """A new agent or guardian takes the place of the last one; the row stays."""
    kinds = SUCCEEDS_AS[reason]
    party.representatives.filter(until__isnull=True, kind__in=kinds).update(
        until=move.happened_on, end_reason=reason.value
    )


def _ask_again(move: Move) -> None:
    """What was agreed to and signed on the patient's side binds those who came after no more."""
    mine = [codes.Side.PATIENT, codes.Side.BOTH]
    move.case.consents.filter(side__in=mine).update(superseded=True)
    move.case.rights_notices.filter(side__in=mine).update(superseded=True)
    _keep_the_hospitals_word(move)
    move.case.applications.filter(by_side__in=mine).update(superseded=True)


def _keep_the_hospitals_word(move: Move) -> None:
    """A joint application was the hospital's consent as well, and the hospital has not changed: it is written down."""
    for joint in move.case.applications.filter(by_side=codes.Side.BOTH, superseded=False):
        for hospital in [joint.hospital] if joint.hospital else kept_hospitals(move.case):
            if not move.case.consents.filter(hospital=hospital).exists():
                Consent(
                    case=move.case, side=codes.Side.HOSPITAL, hospital=hospital, given=True, on=joint.received_on,
                    means=codes.Means.LETTER, paper=joint.paper,
                ).save(force_insert=True)  # fmt: skip


def _succeed_hospital(move: Move, hospital: Organisation | None, successor: Organisation | None) -> None:
    """The successor stands in the old hospital's place; consent and notice are kept per hospital, so it gives its own."""
    kept = kept_hospitals(move.case)
    if hospital not in kept or hospital is None:
        raise Refused("请选择本案中合并、分立的医疗机构", field="hospital")
    if successor is None or successor.kind != Kind.HOSPITAL or successor in kept:
        raise Refused("请选择承继的医疗机构", field="successor")
    old = move.case.respondents.get(hospital=hospital)
    old.kept = False
    old.save(update_fields=["kept"])
    CaseHospital.objects.update_or_create(
        case=move.case, hospital=successor, defaults={"department": old.department, "kept": True}
    )
    move.data.update(old_hospital=hospital.pk, new_hospital=successor.pk)


@effect
def sever(move: Move, *, hospital: Organisation, reason: str) -> None:
    """One hospital will not settle: it goes on in a case of its own, linked to this one, which may end partly settled."""
    case: DisputeCase = move.case
    reason = written(reason, "分出的理由", field="reason")
    if hospital not in kept_hospitals(case):
        raise Refused(f"{hospital.name}不是本案的医疗机构，或已分出本案", field="hospital")
    row = case.respondents.get(hospital=hospital)
    row.kept = False
    row.save(update_fields=["kept"])
    linked = grow(
        case, hospitals=[row], desk=case.committee, right=move.right, on=move.happened_on, by=move.by, now=move.now,
        summary=f"由{case.title}分出。{reason}\n{case.summary}", late_reason=move.facts.get("late_reason", ""),
    )  # fmt: skip
    move.data.update(hospital=hospital.pk, linked_case=linked.number)
