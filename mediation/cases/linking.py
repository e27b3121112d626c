"""Cases that grow out of others. A closed case is never reopened: a new one points back at it (``previous_case``)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from mediation.cases.case import CaseHospital, DisputeCase
from mediation.cases.parties import Party
from mediation.cases.registration import Person, Registration, Respondent, register_as
from mediation.organisations.models import Organisation, User
from workflow.registry import Right


def grow(
    case: DisputeCase, *, hospitals: Sequence[CaseHospital], desk: Organisation, right: Right, on: date, by: User,
    now: datetime, summary: str = "", late_reason: str = "",
) -> DisputeCase:  # fmt: skip
    """Register a new case with what is known of this one, against these of its hospitals; its clocks are its own.

    A guardian goes on speaking for the same person; an agent's authority is for the old case, so it is not copied.
    """
    people = list(case.parties.current().order_by("pk"))
    places = {party.pk: place for place, party in enumerate(people)}
    form = Registration(
        desk=desk, source=case.source, received_on=on, summary=summary or case.summary,
        people=[_person(party, places.get(party.represents_id)) for party in people],
        respondents=[Respondent(one.hospital, one.department) for one in hospitals],
        residence_town=case.residence_town, category=case.category, cause=case.cause, harm=case.harm,
        demands=case.demands, claimed_amount=case.claimed_amount, diagnosis=case.diagnosis or "",
        occurred_on=case.occurred_on, is_major=case.is_major, is_confidential=case.is_confidential, previous_case=case,
        late_reason=late_reason,
    )  # fmt: skip
    return register_as(right, form, by=by, now=now)


def _person(party: Party, represents: int | None) -> Person:
    return Person(
        kind=party.kind, name=party.name, phone=party.phone or "", id_kind=party.id_kind, id_no=party.id_no or "",
        sex=party.sex, born_on=party.born_on, address=party.address or "", relation=party.relation,
        is_claimant=party.is_claimant, is_hidden=party.is_hidden, side=party.side, represents=represents,
    )  # fmt: skip
