"""The doctor finds what should never be: one fault of every kind is planted, and named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from mediation.cases.case import CaseTask, DisputeCase
from mediation.cases.record import Paper
from mediation.documents.issuing import put_to_paper
from mediation.documents.models import IssuedDocument
from mediation.organisations.models import User
from mediation.oversight.diagnosis import diagnose
from tests.factories import NOW, TODAY, at, case_at, persona, take
from tests.factories_mediation import visited
from workflow import rulebook
from workflow.calendar import DayKind
from workflow.notices import NamedDay
from workflow.outbox import OutboxMessage, WorkerLease
from workflow.records import verify

pytestmark = pytest.mark.django_db
CAST = ("hotline_lin", "town_wang", "clerk_chen", "director_xu", "mediator_sun")


@pytest.fixture(autouse=True)
def everybody_in_office() -> None:
    for username in CAST:
        persona(username)


def kinds() -> set[str]:
    return {fault.kind for fault in diagnose(timezone.now())}


def with_a_file() -> IssuedDocument:
    document = case_at("awaiting_assignment").documents.filter(state="draft").first()
    put_to_paper(document, NOW)
    return IssuedDocument.objects.get(pk=document.pk)


def file_of(document: IssuedDocument) -> Path:
    return Path(settings.PAPER_ROOT) / document.stored


def closed() -> DisputeCase:
    case = take(visited(), "submit_dossier", "mediator_sun", now=at("2026-03-04"), items={})
    return take(case, "close", "director_xu", now=at("2026-03-05"), retention="30")


def one(case: DisputeCase, **columns: object) -> None:
    DisputeCase.objects.filter(pk=case.pk).update(**columns)


def no_open_task() -> None:
    CaseTask.objects.filter(process=case_at("under_review"), finished__isnull=True).update(finished=NOW)


def task_elsewhere() -> None:
    CaseTask.objects.filter(process=case_at("under_review"), finished__isnull=True).update(state="registered")


def task_after_end() -> None:
    last = CaseTask.objects.filter(process=closed()).latest("pk")
    CaseTask.objects.filter(pk=last.pk).update(finished=None)


def wrong_date() -> None:
    case = case_at("town_handling")
    one(case, due_on=case.due_on + timedelta(days=1))


def nobody_can_act() -> None:
    case_at("under_review")
    User.objects.filter(username="clerk_chen").update(is_active=False)


def time_stands_still() -> None:
    WorkerLease.objects.create(name="tick", held_until=timezone.now() - timedelta(hours=2))


def outbox_given_up() -> None:
    case_at("awaiting_assignment")
    OutboxMessage.objects.update(gave_up_at=timezone.now(), last_error="ValueError")


def outbox_late() -> None:
    case_at("awaiting_assignment")
    OutboxMessage.objects.update(available_at=timezone.now() - timedelta(hours=1))


def old_calendar() -> None:
    case_at("town_handling")
    days = [NamedDay(date(2027, 1, 1), DayKind.OFF, "元旦", 2027)]
    rulebook.publish_calendar(days, source="示例通知", by=None, now=timezone.now() - timedelta(hours=2))


def broken_chain() -> None:
    one(case_at("town_handling"), head="0" * 64)


def missing_file() -> None:
    file_of(with_a_file()).unlink()


def altered_file() -> None:
    path = file_of(with_a_file())
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-1] + b"x")


def altered_dossier() -> None:
    Paper.objects.filter(case=closed()).update(sha256="0" * 64)


PLANTS: tuple[Callable[[], None], ...] = (
    no_open_task, task_elsewhere, task_after_end, wrong_date, nobody_can_act, time_stands_still, outbox_given_up, outbox_late,
    old_calendar, broken_chain, missing_file, altered_file, altered_dossier,
)  # fmt: skip


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__)
def test_the_doctor_names_what_was_planted(plant: Callable[[], None]) -> None:
    plant()

    assert plant.__name__ in kinds()


def test_a_date_that_only_pretends_to_be_certain_is_found() -> None:
    case = case_at("awaiting_assignment", now=at("2026-12-01"))
    assert case.mediation_provisional

    one(case, mediation_provisional=False)

    assert "wrong_date" in kinds()


def test_the_one_who_is_awaited_has_left() -> None:
    case = case_at("investigating")
    lead = case.tasks.get(finished__isnull=True).person
    persona("mediator_two")

    User.objects.filter(pk=lead.pk).update(is_active=False)

    assert [(fault.kind, fault.case) for fault in diagnose(timezone.now()) if fault.kind == "nobody_can_act"] == [
        ("nobody_can_act", case.number)
    ]


def test_a_healthy_house_has_no_fault() -> None:
    for state in ("registered", "town_handling", "under_review", "in_mediation"):
        case_at(state)
    closed()
    late = OutboxMessage.objects.filter(available_at__lt=timezone.now())
    late.update(done_at=timezone.now())  # nobody prints here

    assert list(diagnose(timezone.now())) == []
    assert verify().ok
    assert timezone.localdate() > TODAY
