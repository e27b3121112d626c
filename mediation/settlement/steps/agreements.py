"""The committee's agreement: drafted, drafted anew, signed mark by mark, in force (条例 39; R16–R19)."""

from __future__ import annotations

from typing import Any

from mediation.cases import codes
from mediation.cases.facts import chosen, handed_in, kept_hospitals, written
from mediation.cases.filing import Filed, file_paper
from mediation.cases.office import OFFICE
from mediation.cases.parties import Party, needs_guardian
from mediation.organisations.models import Organisation
from mediation.settlement.conditions import agreement_in_force, signed_by_both
from mediation.settlement.models import Agreement, AgreementKind, MarkKind
from mediation.settlement.signing import inform_of_confirmation, put, signatories
from mediation.settlement.terms import Terms
from workflow.records import Event
from workflow.registry import Move, Refused, effect

SIDES = {MarkKind.PATIENT: codes.Side.PATIENT, MarkKind.HOSPITAL: codes.Side.HOSPITAL}


@effect
def draft_agreement(move: Move, **terms: Any) -> None:
    """A draft with everything the law demands (R16): see :class:`Terms` for the facts it takes."""
    Terms.of(terms).write(move, AgreementKind.MEDIATION)


@effect
def redraft(move: Move, *, note: str) -> None:
    """Back to the table: the draft no longer counts, its document is void and keeps its number."""
    written(note, "重新协商的原因", field="note")
    agreement = _to_sign(move)
    agreement.superseded = True
    agreement.save(update_fields=["superseded"])
    OFFICE.void(move, "mediation_agreement")
    move.data["agreement"] = agreement.pk


@effect
def mark(
    move: Move, *, kind: str, party: Party | None = None, agent: Party | None = None,
    hospital: Organisation | None = None, paper: Filed | None = None,
) -> None:  # fmt: skip
    """One of the four marks with its own date and the signed scan (R17)."""
    chosen(kind, MarkKind, "签署的是哪一项", field="kind")
    agreement = _to_sign(move)
    if kind == MarkKind.PATIENT:
        party = _party(move, party)
        _refuse_agent(move, party, agent)
        whose: dict[str, Any] = {"party": party, "agent": agent}
    else:
        whose = {"hospital": _hospital(move, hospital)} if kind == MarkKind.HOSPITAL else {}
    key = {name: value for name, value in whose.items() if name != "agent"}
    if agreement.marks.filter(kind=kind, **key).exists():
        raise Refused("这一项签署已经登记", field="kind")
    handed_in(paper, "已签署的协议扫描件")
    side = SIDES.get(MarkKind(kind), codes.Side.BOTH)
    filed = file_paper(move, paper, kind=codes.PaperKind.AGREEMENT, side=side, hospital=whose.get("hospital"))
    made = put(agreement, kind, on=move.happened_on, paper=filed, **whose)
    move.data |= {"mark": made.pk, "kind": kind} | {name: row.pk for name, row in whose.items() if row}
    _point_out_lateness(move, kind)


@effect
def conclude(move: Move) -> None:
    """In force on the day of the last mark; partly settled when a hospital was severed (R17, R19)."""
    agreement = _to_sign(move)
    effective_on = max(mark.on for mark in agreement.marks.all())
    if move.happened_on != effective_on:
        raise Refused(
            f"协议自最后一项签署完成之日 {effective_on:%Y-%m-%d} 起生效，发生日期应为该日", field="happened_on"
        )
    due_on = move.case.mediation_due_on
    if due_on is not None and not move.case.mediation_provisional and not signed_by_both(move.case, due_on):
        raise Refused(f"双方在届满日 {due_on:%Y-%m-%d} 之后才签署齐全，依条例第38条视为调解不成", field="happened_on")
    agreement.effective_on = effective_on
    agreement.save(update_fields=["effective_on"])
    inform_of_confirmation(agreement, effective_on)
    if Event.objects.filter(chain=move.case.chain, kind="sever").exists():
        move.outcome = "partly_settled"
    move.data |= {"agreement": agreement.pk, "effective_on": effective_on.isoformat()}


def _to_sign(move: Move) -> Agreement:
    agreement = agreement_in_force(move.case)
    if agreement is None:
        raise Refused("没有待签的协议")
    return agreement


def _party(move: Move, party: Party | None) -> Party:
    people = signatories(move.case)
    if party is None and len(people) == 1:
        return people[0]
    if party is None:
        raise Refused("请选择是哪一位权利人签署", field="party")
    if party not in people:
        raise Refused("所选的人不是本案现在的权利人，不能作为患方签署", field="party")
    return party


def _refuse_agent(move: Move, party: Party, agent: Party | None) -> None:
    """Who signs for a claimant is that claimant's representative, an agent with the written authority (民法典 165)."""
    under_care = needs_guardian(move.case, party, move.happened_on)
    if under_care and (agent is None or agent.kind != codes.PartyKind.GUARDIAN):
        raise Refused("该权利人未满18周岁或由监护人代理，须由监护人代签（民法典第23条）", field="agent")
    if agent is None:
        return
    if agent.case_id != move.case.pk or agent.represents_id != party.pk or agent.until is not None:
        raise Refused("代签的人不是这位权利人现在的代理人或监护人", field="agent")
    if agent.kind != codes.PartyKind.AGENT:
        return
    if not agent.authority or not move.case.papers.filter(kind=codes.PaperKind.PROXY).exists():
        raise Refused("委托代理人代签的，须有写明权限的授权委托书在案（民法典第165条）", field="agent")


def _hospital(move: Move, hospital: Organisation | None) -> Organisation:
    kept = kept_hospitals(move.case)
    if hospital is None and len(kept) == 1:
        return kept[0]
    if hospital not in kept:
        raise Refused("请选择是本案的哪一家医疗机构签署", field="hospital")
    return hospital


def _point_out_lateness(move: Move, kind: str) -> None:
    due_on = move.case.mediation_due_on
    if kind in SIDES and due_on is not None and move.happened_on > due_on:
        move.warnings.append(
            f"签署日期晚于调解期限届满日 {due_on:%Y-%m-%d}，双方未在届满前签署的，视为调解不成（条例第38条）"
        )
