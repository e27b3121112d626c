"""What a page shows of the people in a case: nobody in clear, and a caller who asked to stay hidden not at all (A6)."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from mediation.cases.case import DisputeCase
from mediation.cases.codes import PartyKind
from mediation.cases.parties import Party
from mediation.organisations.models import User
from mediation.privacy.discretion import discreet
from mediation.privacy.masking import mask_address, mask_id_no, mask_name, mask_phone
from workflow.engine import office
from workflow.vocabulary import Role

OUTSIDE = frozenset({Role.TOWN_OFFICIAL, Role.HOSPITAL_LIAISON})
CONFIDENTIAL = "要求保密"


def is_outside(case: DisputeCase, user: User | None) -> bool:
    """Whether a hidden caller stays hidden from this person: towards this case they stand for a town or a hospital only."""
    if user is None:
        return True
    if not may_be_outside(user):
        return False
    return {right.role for right in office().rights(case, user)} <= OUTSIDE


def may_be_outside(user: User) -> bool:
    """Whether this person stands for a town or a hospital anywhere. Where no single case is asked about, that decides."""
    return any(right.role in OUTSIDE for right in user.roles())


def shown_parties(user: User) -> QuerySet[Party]:
    """The people by whom this person may find a case: searching for a hidden caller would tell who it is."""
    return Party.objects.filter(is_hidden=False) if may_be_outside(user) else Party.objects.all()


def hidden_patients(cases: Iterable[DisputeCase], user: User | None) -> set[int]:
    """The cases out of these whose patient this person sees only as :data:`CONFIDENTIAL`."""
    if user is not None and not may_be_outside(user):
        return set()
    hidden = Party.objects.filter(case__in=cases, kind=PartyKind.PATIENT, is_hidden=True).select_related("case")
    found = {party.case_id: party.case for party in hidden.only("case")}
    return {pk for pk, case in found.items() if is_outside(case, user)}


def patient_label(case: DisputeCase, user: User | None) -> str:
    """The patient in the head of a page."""
    patients = (party for party in case.parties.all() if party.kind == PartyKind.PATIENT)
    hidden = is_outside(case, user) and any(party.is_hidden for party in patients)
    return CONFIDENTIAL if hidden else case.patient_label or "—"


def party_label(party: Party, case: DisputeCase, user: User | None) -> str:
    """Somebody's name on a page."""
    return CONFIDENTIAL if party.is_hidden and is_outside(case, user) else party.masked_name


def shown(text: str, case: DisputeCase, user: User | None) -> str:
    """Free text of a case with the people in it masked; reading it in full takes a reason, and is on record."""
    return discreet(text, masks(case, user))


def masks(case: DisputeCase, user: User | None) -> dict[str, str]:
    """What stands in free text for each value of the people in a case."""
    outside, instead = is_outside(case, user), {}
    for party in case.parties.all():
        for value, masked in personal_values(party).items():
            instead[value] = f"（{CONFIDENTIAL}）" if party.is_hidden and outside else masked
    return instead


def personal_values(party: Party) -> dict[str, str]:
    """The values by which free text would name somebody, each with its mask."""
    masked = (
        (party.name, mask_name),
        (party.phone, mask_phone),
        (party.id_no, mask_id_no),
        (party.address, mask_address),
    )
    return {value: mask(value) for value, mask in masked if value}
