"""What the machines that watch this one are told."""

import json
import shutil
from types import SimpleNamespace

import pytest
from django.contrib.sessions.models import Session
from django.db import DatabaseError
from django.test import RequestFactory
from django.utils import timezone

from mediation import health


def ask() -> tuple[int, dict]:
    answer = health.readyz(RequestFactory().get("/readyz"))
    return answer.status_code, json.loads(answer.content)


def test_a_living_process_says_so_without_the_database() -> None:
    assert health.healthz(RequestFactory().get("/healthz")).status_code == 200


@pytest.mark.django_db
@pytest.mark.both
def test_a_complete_server_is_ready_and_leaves_no_trace_of_the_question() -> None:
    status, said = ask()
    assert (status, said["ready"]) == (200, True), said
    assert set(said["parts"].values()) == {"ok"}
    assert not Session.objects.exists()


@pytest.mark.django_db
def test_a_full_disk_takes_the_server_out_of_service(monkeypatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda place: SimpleNamespace(free=1))
    assert ask()[0] == 503


@pytest.mark.django_db
def test_a_database_that_refuses_to_write_takes_the_server_out_of_service(monkeypatch) -> None:
    def refuse(**fields):
        raise DatabaseError("read only: somebody's name")

    monkeypatch.setattr(Session.objects, "create", refuse)
    status, said = ask()
    assert status == 503
    assert said["parts"]["database"] == "DatabaseError"


@pytest.mark.django_db
def test_a_late_outbox_is_told_but_the_server_stays(monkeypatch) -> None:
    from workflow.models import OutboxMessage

    now = timezone.now()
    OutboxMessage.objects.create(
        kind="test",
        key="late",
        payload={},
        created_at=now - 2 * health.OUTBOX_LATE,
        available_at=now - 2 * health.OUTBOX_LATE,
    )
    status, said = ask()
    assert status == 200
    assert said["parts"]["outbox"] == "1 late"
