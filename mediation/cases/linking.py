"""Cases that grow out of others. A closed case is never reopened: a new one points back at it (``previous_case``)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from mediation.cases.case import CaseHospital, DisputeCase
from mediation.cases.office import OFFICE
from mediation.cases.parties import Party
from mediation.cases.registration import Person, Registration, Respondent, register_as
from mediation.organisations.models import Organisation, User
from workflow.engine import office
from workflow.lifecycle import REGISTER
from workflow.records import Event
from workflow.registry import NotAllowed, NotYours, Refused, Right


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


def unlink_duplicate(case: DisputeCase, by: User, now: datetime) -> DisputeCase:
    """It was not the same matter after all: open a new case for it and give it back the orders that had moved (A4).

    Raises :class:`NotYours` or :class:`NotAllowed` for people without a right to register, :class:`Refused` for a case
    that is no duplicate or was unlinked before.
    """
    with transaction.atomic():
        case = DisputeCase.objects.select_for_update().get(pk=case.pk)
        right = _right_to_unlink(case, by)
        original = case.duplicate_of
        if original is None:
            raise Refused("本案没有并入其他案件")
        if case.later_cases.exists():
            raise Refused("已经取消关联并另立新案")
        desk = Organisation.objects.get(pk=right.organisation_id or 0)
        grown = grow(
            case, hospitals=list(case.respondents.filter(kept=True)), desk=desk, right=right,
            on=timezone.localtime(now).date(), by=by, now=now,
        )  # fmt: skip
        moved = Event.objects.get(chain=case.chain, kind="mark_duplicate").data["orders"]
        OFFICE.move_orders(original.orders.filter(pk__in=moved).order_by("pk"), grown, by=by, now=now)
        return grown


def _right_to_unlink(case: DisputeCase, by: User) -> Right:
    rights = office().rights(case, by)
    if not rights:
        raise NotYours("没有这件案件")
    for role in REGISTER.by:
        for right in rights:
            if right.role == role:
                return right
    raise NotAllowed("您的角色不能取消并案")


def _person(party: Party, represents: int | None) -> Person:
    return Person(
        kind=party.kind, name=party.name, phone=party.phone or "", id_kind=party.id_kind, id_no=party.id_no or "",
        sex=party.sex, born_on=party.born_on, address=party.address or "", relation=party.relation,
        is_claimant=party.is_claimant, is_hidden=party.is_hidden, side=party.side, represents=represents,
    )  # fmt: skip
