"""Statements composed once: every call has its own values, whichever threads call at the same moment."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from mediation.cases.case import DisputeCase
from mediation.organisations.models import roles_of
from tests.factories import case_at, persona
from tests.interleaving import in_turns
from workflow import engine, reckoning
from workflow.statements import PreparedQuery

pytestmark = pytest.mark.both


def _roles() -> list[Callable[[], Any]]:
    """Whose roles are they? A mistake here and a person acts for somebody else."""
    users = [persona("town_wang"), persona("supervisor_zhou")]
    return [lambda user=user: roles_of(user) for user in users]


def _locked_row() -> list[Callable[[], Any]]:
    """Which case does a step lock? A mistake here and it moves another family's."""

    def locked(case: DisputeCase) -> tuple[int, int]:
        # on SQLite a transaction is the lock, and two of them never meet
        with transaction.atomic() if connection.vendor == "postgresql" else contextlib.nullcontext():
            found, task = engine._locked(case.pk)
            return found.pk, task.process_id

    return [lambda case=case: locked(case) for case in _two_cases()]


def _clocks() -> list[Callable[[], Any]]:
    """From which marks are the dates computed? A mistake here and a mediation is void."""

    def marks(case: DisputeCase) -> list[tuple[int, str, str]]:
        return [(row.case_id, row.clock, row.kind) for row in reckoning.read_marks(case)]

    return [lambda case=case: marks(case) for case in _two_cases()]


def _two_cases() -> list[DisputeCase]:
    return [case_at("town_pending"), case_at("registered")]


READS = {"roles": _roles, "locked row": _locked_row, "clocks": _clocks}


@pytest.mark.parametrize("read", READS)
def test_threads_that_take_turns_read_each_what_it_asked_for(fresh_database: object, read: str) -> None:
    plays = READS[read]()
    alone = [play() for play in plays]
    assert alone[0] != alone[1]

    for _ in range(5):
        assert in_turns(*plays) == alone


def test_a_query_that_locks_is_refused_outside_a_transaction(fresh_database: object) -> None:
    (case, _) = _two_cases()
    if connection.vendor == "sqlite":
        assert engine._open_task_of(case.pk)  # there a transaction is the lock
        return
    with transaction.atomic():
        engine._open_task_of(case.pk)

    with pytest.raises(transaction.TransactionManagementError):
        engine._open_task_of(case.pk)


@pytest.mark.django_db
def test_a_key_that_is_no_single_parameter_is_refused() -> None:
    twice = PreparedQuery(lambda pk: DisputeCase.objects.filter(pk=pk, pk__gte=pk))
    with pytest.raises(ValueError, match="one parameter"):
        twice(1)
