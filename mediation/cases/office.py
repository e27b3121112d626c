"""What the engine asks of the world of people and papers: rights, addressees, sealed facts, documents, notices."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import is_dataclass
from datetime import date, datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model

from mediation.cases.case import CaseHospital, CaseMediator, DisputeCase
from mediation.cases.record import Notice, StepFacts
from mediation.organisations.models import Organisation, User
from mediation.privacy.keys import keyed_digest
from workflow.registry import Move, Right
from workflow.statements import insert
from workflow.vocabulary import Level, Role

TOWN_ROLES = frozenset({Role.TOWN_OFFICIAL})
COMMITTEE_ROLES = frozenset({Role.DISPATCHER, Role.DIRECTOR})
Issuer = Callable[[Move, str], None]
Voider = Callable[[Move, str], None]
Teller = Callable[[Move], None]
Mover = Callable[..., None]


class CaseOffice:
    """Answers for the cases. ``*_with`` are filled by the subjects that stand above."""

    def __init__(self) -> None:
        self.issue_with: Issuer = _no_document
        self.void_with: Voider = _no_document
        self.tell_hotline_with: Teller = _nobody
        self.move_orders: Mover = _no_orders  # (orders, case, by=, now=): they go on with that case
        self.next_obligation: Callable[[DisputeCase], date | None] = _no_date

    def rights(self, case: DisputeCase, user: User) -> frozenset[Right]:
        """Every role this person holds *towards this case*; empty when the case does not exist for the person.

        A town official acts for the responsible town, and for the town that registered a case not yet dispatched; the
        patient's own town reads along and holds no right to act. A hospital that was severed or succeeded holds none.
        """
        return frozenset(right for right in user.roles() if self._concerns(case, user, right))

    def _concerns(self, case: DisputeCase, user: User, right: Right) -> bool:
        role, where = right.role, right.organisation_id
        if role in TOWN_ROLES:
            return where == case.town_id or (case.town_id is None and where == case.desk_id)
        if role in COMMITTEE_ROLES:
            return where == case.committee_id
        if role == Role.HOTLINE_OPERATOR:
            return where in (case.hotline_id, case.desk_id)
        if role == Role.SUPERVISOR:
            return where == case.bureau_id
        if role == Role.MEDIATOR:
            seats = case.assignments.all()  # read along with the page; the door asks for them here
            return where == case.committee_id and any(one.user_id == user.pk and one.until is None for one in seats)
        if role == Role.HOSPITAL_LIAISON:
            return any(one.hospital_id == where and one.kept for one in case.respondents.all())
        return False

    def holder(self, case: DisputeCase) -> tuple[Role, int | None, int | None]:
        """Who is awaited: the role, its organisation and, for a mediator, the lead."""
        level = _desk_level(case) if case.state == "registered" else Level(case.level)
        role = case.stage.role_awaited(level)
        assert role is not None, f"nobody is awaited in {case.state} at {level}"
        return role, self._organisation(case, role), self._person(case, role)

    def _organisation(self, case: DisputeCase, role: Role) -> int | None:
        if role == Role.HOTLINE_OPERATOR:
            return case.hotline_id or case.desk_id
        if role == Role.TOWN_OFFICIAL:
            return case.town_id or case.desk_id
        return case.committee_id

    def _person(self, case: DisputeCase, role: Role) -> int | None:
        if role != Role.MEDIATOR:
            return None
        lead = CaseMediator.objects.filter(case=case, lead=True, until__isnull=True)
        return lead.values_list("user_id", flat=True).first()

    def keep(self, move: Move) -> str:
        """Seal what was typed beside the event, and answer its keyed digest."""
        if not move.facts:
            return ""
        text = json.dumps(_plain(dict(move.facts)), cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True)
        insert(StepFacts(case=move.case, seq=move.seq, facts=json.loads(text)))
        return keyed_digest(text)

    def issue(self, move: Move, paper: str) -> None:
        """Ask for a document."""
        self.issue_with(move, paper)

    def void(self, move: Move, paper: str) -> None:
        """Annul the case's documents of this kind that are not void yet; each keeps its number."""
        self.void_with(move, paper)

    def tell(self, move: Move, whom: Iterable[str]) -> None:
        """Notices for those the table names and for whoever has the case next; the hotline hears through its orders."""
        case, notices = move.case, []
        if not move.step.stays and not case.is_closed:
            role, organisation, person = self.holder(case)
            notices.append(_notice(move, role, organisation, person, is_task=True))
        for key in whom:
            notices += [_notice(move, *address) for address in _ADDRESSES[key](case)]
        insert(*notices)
        if "hotline" in whom:
            self.tell_hotline_with(move)

    def obligation_due_on(self, case: DisputeCase) -> date | None:
        """The earliest unpaid instalment's date."""
        return self.next_obligation(case)


Address = tuple[Role, int | None, int | None]


def _to_hospitals(case: DisputeCase) -> list[Address]:
    hospitals = CaseHospital.objects.filter(case=case, kept=True).values_list("hospital_id", flat=True)
    return [(Role.HOSPITAL_LIAISON, pk, None) for pk in hospitals]


def _to_mediators(case: DisputeCase) -> list[Address]:
    seats = CaseMediator.objects.filter(case=case, until__isnull=True).values_list("user_id", flat=True)
    return [(Role.MEDIATOR, case.committee_id, pk) for pk in seats]


def _to_hotline(case: DisputeCase) -> list[Address]:
    return [(Role.HOTLINE_OPERATOR, case.hotline_id, None)] if case.hotline_id else []


def _to_town(case: DisputeCase) -> list[Address]:
    return [(Role.TOWN_OFFICIAL, case.town_id, None)] if case.town_id else []


def _to_residence_town(case: DisputeCase) -> list[Address]:
    away = case.residence_town_id and case.residence_town_id != case.town_id
    return [(Role.TOWN_OFFICIAL, case.residence_town_id, None)] if away else []


def _to_supervisor(case: DisputeCase) -> list[Address]:
    return [(Role.SUPERVISOR, case.bureau_id, None)]


_ADDRESSES: dict[str, Callable[[DisputeCase], list[Address]]] = {
    "hospitals": _to_hospitals, "mediators": _to_mediators, "hotline": _to_hotline, "town": _to_town,
    "residence_town": _to_residence_town, "supervisor": _to_supervisor,
}  # fmt: skip


def _notice(move: Move, role: Role, organisation: int | None, person: int | None, *, is_task: bool = False) -> Notice:
    return Notice(
        case=move.case, organisation_id=organisation, role=role.value, person_id=person, step=move.step.name,
        is_task=is_task, made_at=move.now,
    )  # fmt: skip


def _desk_level(case: DisputeCase) -> Level:
    kinds = {"hotline": Level.DESK, "town": Level.TOWN, "committee": Level.CITY}
    return kinds[Organisation.objects.values_list("kind", flat=True).get(pk=case.desk_id)]


def _plain(value: Any) -> Any:
    """Facts as plain JSON: a row becomes its reference, a group of values what it holds."""
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(vars(value))
    if isinstance(value, Model):
        return f"{value._meta.label_lower}:{value.pk}"
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if isinstance(value, str | int | float | bool | date) or value is None:
        return value
    return str(value)


def _no_document(move: Move, paper: str) -> None:
    raise LookupError("the documents app has not plugged itself in")


def _nobody(move: Move) -> None:
    """Nobody listens for the hotline yet."""


def _no_orders(orders: Iterable[Any], case: DisputeCase, *, by: User | None, now: datetime) -> None:
    """No case has orders yet."""


def _no_date(case: DisputeCase) -> date | None:
    return None


OFFICE = CaseOffice()
