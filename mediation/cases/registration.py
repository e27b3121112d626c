"""Registering a dispute: the same form for every window (A2), and the door's first step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from mediation.cases import codes
from mediation.cases.case import CaseHospital, DisputeCase
from mediation.cases.counter import CaseCounter
from mediation.cases.parties import Party
from mediation.organisations.models import Kind, Organisation, User
from mediation.privacy.identity import IdKind
from mediation.privacy.masking import mask_name
from workflow import engine
from workflow.lifecycle import REGISTER
from workflow.registry import NotAllowed, Refused, Right, Stale
from workflow.rulebook import current_rulebook
from workflow.vocabulary import Level

IN_FORCE = date(2018, 10, 1)
"""The day of the 条例: nothing that reached a desk before it is a case of this procedure."""
SPEAK_FOR_OTHERS = (codes.PartyKind.GUARDIAN, codes.PartyKind.AGENT)
LEVELS = {Kind.HOTLINE: Level.DESK, Kind.TOWN: Level.TOWN, Kind.COMMITTEE: Level.CITY}


class AlreadyRegistered(Stale):
    """The same form, or another one for the same order, has made its case already; nothing was done a second time."""

    def __init__(self, case: DisputeCase, sentence: str = "这份登记已经提交过") -> None:
        super().__init__(sentence)
        self.case = case


@dataclass(frozen=True)
class Person:
    """Somebody on the patient's side, as typed."""

    kind: str
    name: str
    phone: str = ""
    id_kind: str = IdKind.NONE
    id_no: str = ""
    sex: str = codes.Sex.UNKNOWN
    born_on: date | None = None
    address: str = ""
    relation: str = ""
    is_claimant: bool = False
    is_hidden: bool = False
    side: str = codes.Side.PATIENT
    represents: int | None = None
    """For whom a guardian or agent speaks: the place in the list of people; by default the patient."""

    def party(self, case: DisputeCase, since: date) -> Party:
        """The row of this person in a case, who takes part since that day and was born by then."""
        if self.born_on is not None and self.born_on > since:
            raise Refused(f"出生日期不能晚于 {since:%Y-%m-%d}", field="born_on")
        typed = asdict(self)
        del typed["represents"]
        blank = {key: None for key in ("phone", "id_no", "address") if not typed[key]}
        return Party(case=case, since=since, **(typed | blank))


@dataclass(frozen=True)
class Respondent:
    """A hospital the dispute is with, and the department."""

    hospital: Organisation
    department: str = ""


@dataclass(frozen=True)
class Registration:
    """Everything the registration form asks. ``desk`` is the window; ``received_on`` the day the matter reached it.

    ``token`` names the form as it was rendered; it makes one case at most.
    """

    desk: Organisation
    source: str
    received_on: date
    summary: str
    people: Sequence[Person]
    respondents: Sequence[Respondent]
    residence_town: Organisation | None = None
    category: str = codes.Category.MEDICAL_DISPUTE
    cause: str = ""
    harm: str = ""
    demands: Sequence[str] = ()
    claimed_amount: Decimal | None = None
    diagnosis: str = ""
    occurred_on: date | None = None
    is_major: bool = False
    is_confidential: bool = False
    previous_case: DisputeCase | None = None
    orders: Sequence[Any] = field(default=())
    late_reason: str = ""
    token: UUID | None = None


def register(form: Registration, *, by: User, now: datetime) -> DisputeCase:
    """Register a dispute and open its first task; with the order or earlier case it came from.

    Raises :class:`NotAllowed` when the person may not register at that desk, :class:`Refused` for an entry that cannot
    be: no patient, no hospital, dates in the future, :class:`AlreadyRegistered` for a form that was sent before.
    """
    right = _right_to_register(form.desk, by)
    try:
        return register_as(right, form, by=by, now=now)
    except IntegrityError as twice:  # the constraint decides, because two processes may be here at the same moment
        if (case := registered_with(form.token)) is None:
            raise
        raise AlreadyRegistered(case) from twice


def registered_with(token: UUID | None) -> DisputeCase | None:
    """The case that this very form has made, if it was sent before."""
    return DisputeCase.objects.filter(form_token=token).first() if token is not None else None


@transaction.atomic  # the number is given under a lock that lasts until the case is there: no gap, no number twice
def register_as(right: Right, form: Registration, *, by: User | None, now: datetime) -> DisputeCase:
    """Register on behalf of a role that is known to be held: for a case that grows out of another one (sever, unlink).

    Raises :class:`Refused` as :func:`register` does.
    """
    _refuse_entry(form, timezone.localtime(now).date())
    case = _case(form, now)

    def fill(saved: DisputeCase) -> None:
        _save_people(saved, form)
        for one in form.respondents:
            CaseHospital(case=saved, hospital=one.hospital, department=one.department).save(force_insert=True)
        for order in form.orders:
            order.join(saved, by=by, now=now)

    facts = {"summary": form.summary, "people": [asdict(p) for p in form.people], "received_on": form.received_on}
    data: dict[str, Any] = {"source": form.source, "hospitals": [one.hospital.pk for one in form.respondents]}
    if form.previous_case is not None:
        data["previous_case"] = form.previous_case.number
    engine.open_case(
        case, by=by, right=right, now=now, happened_on=form.received_on, facts=facts, data=data, fill=fill,
        late_reason=form.late_reason,
    )  # fmt: skip
    return case


def _save_people(case: DisputeCase, form: Registration) -> None:
    """Everybody, and for whom guardians and agents speak: without it they could sign nothing (民法典 23, 165)."""
    rows = [person.party(case, form.received_on) for person in form.people]
    patient = next((row for row in rows if row.kind == codes.PartyKind.PATIENT), None)
    pairs = sorted(zip(form.people, rows, strict=True), key=lambda pair: pair[0].kind in SPEAK_FOR_OTHERS)
    for person, row in pairs:  # those spoken for come first
        if person.kind in SPEAK_FOR_OTHERS:
            row.represents = patient if person.represents is None else rows[person.represents]
        row.save(force_insert=True)


def _right_to_register(desk: Organisation, by: User) -> Right:
    for right in by.roles():
        if right.role in REGISTER.by and right.organisation_id == desk.pk:
            return right
    raise NotAllowed("您不能在该单位登记案件")


def _refuse_entry(form: Registration, today: date) -> None:
    if form.received_on > today:
        raise Refused("接收日期不能晚于今天", field="received_on")
    if form.received_on < IN_FORCE:
        raise Refused(f"接收日期不能早于条例施行之日 {IN_FORCE:%Y-%m-%d}", field="received_on")
    if form.occurred_on and form.occurred_on > form.received_on:
        raise Refused("发生日期不能晚于接收日期", field="occurred_on")
    if not any(person.side == codes.Side.PATIENT for person in form.people):
        raise Refused("请填写患者或来电人", field="patient_name")
    if not form.respondents:
        raise Refused("请选择医疗机构", field="hospital")
    if not form.summary.strip():
        raise Refused("请填写纠纷概要", field="summary")


def _hotline(form: Registration) -> Organisation | None:
    """The hotline that follows the case: the desk itself, or the one that followed the case it grew out of."""
    if form.desk.kind == Kind.HOTLINE:
        return form.desk
    return form.previous_case.hotline if form.previous_case is not None else None


def _case(form: Registration, now: datetime) -> DisputeCase:
    committee = Organisation.objects.get(kind=Kind.COMMITTEE, active=True)
    bureau = Organisation.objects.get(kind=Kind.BUREAU, active=True)
    patient = next((p for p in form.people if p.kind == codes.PartyKind.PATIENT), form.people[0])
    return DisputeCase(
        number=CaseCounter.next_number(timezone.localtime(now).year), desk=form.desk, level=LEVELS[Kind(form.desk.kind)],
        hotline=_hotline(form), residence_town=form.residence_town,
        committee=committee, bureau=bureau, source=form.source, category=form.category, cause=form.cause,
        harm=form.harm, demands=list(form.demands), claimed_amount=form.claimed_amount, summary=form.summary,
        diagnosis=form.diagnosis or None, patient_label=mask_name(patient.name), occurred_on=form.occurred_on,
        received_on=form.received_on, registered_at=now, is_major=form.is_major, is_confidential=form.is_confidential,
        previous_case=form.previous_case, form_token=form.token, rulebook_id=current_rulebook(timezone.localtime(now).date()),
    )  # fmt: skip
