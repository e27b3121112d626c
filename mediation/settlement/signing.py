"""Signatures under an agreement: who has to sign, who has signed, on what day (条例 39; R17)."""

from __future__ import annotations

from datetime import date
from operator import attrgetter
from typing import Any

from mediation.cases import codes
from mediation.cases.case import DisputeCase
from mediation.cases.facts import kept_hospitals
from mediation.cases.parties import Party, guardian_of, needs_guardian
from mediation.cases.record import Paper
from mediation.settlement.models import Agreement, JudicialConfirmation, Mark, MarkKind
from workflow.clocks import Mark as ClockMark
from workflow.clocks import MarkKind as ClockMarkKind
from workflow.clocks import deadline
from workflow.rulebook import calendar_of, rules_of


def claimants(case: DisputeCase) -> list[Party]:
    """Whose signature the patient's side needs: every claimant who takes part; where none is named, none in particular."""
    return [party for party in _taking_part(case) if party.is_claimant]


def signatories(case: DisputeCase) -> list[Party]:
    """The people a mark can be for: the claimants, or where none is named whoever takes part on the patient's side."""
    on_the_side = [party for party in _taking_part(case) if party.side == codes.Side.PATIENT]
    return claimants(case) or [party for party in on_the_side if party.kind != codes.PartyKind.AGENT]


def _taking_part(case: DisputeCase) -> list[Party]:
    people: list[Party] = sorted(case.parties.all(), key=attrgetter("pk"))
    return [party for party in people if party.until is None]


def copies_of(case: DisputeCase) -> int:
    """One for every party and one for the file (人民调解法 29; R18)."""
    return max(1, len(claimants(case))) + len(kept_hospitals(case)) + 1


def sign_for_the_sides(agreement: Agreement, *, patient_on: date, hospital_on: date, paper: Paper | None) -> None:
    """A mark for each claimant, by the guardian where there must be one, and each hospital, on the day their side signed."""
    case, marks = agreement.case, agreement.marks
    bound: list[Party | None] = [*claimants(case)] or [None]
    for party in bound:
        if not marks.filter(kind=MarkKind.PATIENT, party=party).exists():
            agent = guardian_of(case, party) if party and needs_guardian(case, party, patient_on) else None
            put(agreement, MarkKind.PATIENT, on=patient_on, paper=paper, party=party, agent=agent)
    for hospital in kept_hospitals(case):
        if not marks.filter(kind=MarkKind.HOSPITAL, hospital=hospital).exists():
            put(agreement, MarkKind.HOSPITAL, on=hospital_on, paper=paper, hospital=hospital)


def put(agreement: Agreement, kind: str, *, on: date, paper: Paper | None, **whose: Any) -> Mark:
    """One mark."""
    mark = Mark(agreement=agreement, kind=kind, on=on, paper=paper, **whose)
    mark.save(force_insert=True)
    return mark


def inform_of_confirmation(agreement: Agreement, effective_on: date) -> None:
    """The last day for the joint application to the court: 30 natural days from the day of effect (R19)."""
    case = agreement.case
    period = rules_of(case.rulebook_id).period("judicial_confirmation")
    start = ClockMark(ClockMarkKind.START, effective_on)
    last_day = deadline(period, [start], calendar_of(case.calendar_edition)).due_on
    assert last_day is not None, "a clock that is never stopped has a last day"
    JudicialConfirmation(agreement=agreement, last_day=last_day).save(force_insert=True)
