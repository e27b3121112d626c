"""Sixteen people press the same button: one of them is served, the others are told, and it happened once.

A test with objects read before the transaction, or without a lock, does not see this on SQLite, whose transactions queue
up anyway; so the full set runs on PostgreSQL, and SQLite runs the sample.
"""

from __future__ import annotations

import pytest

from mediation.cases.case import DisputeCase
from tests.prove.scenes import MANY_TIMES, Scene, again, scene
from tests.prove.threads import THREADS, assert_whole, race
from workflow import engine
from workflow.lifecycle import STEPS
from workflow.records import Event

ROUNDS, FEW_ROUNDS = 20, 5
SAMPLE = ("sign_for", "escalate", "log_contact")
BY_TIME = tuple(name for name, step in STEPS.items() if step.by_time and name != "absorb")
"""Without ``absorb``: it follows from another case's step, not from a date."""


def rounds_of(step: str, count: int) -> list[Scene]:
    """So many scenes of one step; one case is enough for a step that can be taken again and again."""
    if step in MANY_TIMES:
        return [scene(step)] * count
    return [scene(step, number) for number in range(count)]


def one_winner(step: str, count: int) -> None:
    scenes = rounds_of(step, count)
    if step in MANY_TIMES:
        outcomes = []
        for number in range(count):
            scenes[number] = again(scenes[0])
            outcomes += race([[scenes[number].play] * THREADS])
    else:
        outcomes = race([[one.play] * THREADS for one in scenes])

    for played, outcome in zip(scenes, outcomes, strict=True):
        assert (len(outcome.won), len(outcome.stale)) == (1, THREADS - 1), f"{step}: {outcome}"
        assert Event.objects.filter(chain=played.case.chain, kind=step, seq=played.version + 1).count() == 1
        if step not in MANY_TIMES:
            assert DisputeCase.objects.get(pk=played.case.pk).version == played.version + 1
    assert_whole(*{one.case.pk: one.case for one in scenes}.values())


@pytest.mark.prove
@pytest.mark.parametrize("step", STEPS)
def test_one_of_sixteen_takes_the_step(fresh_database: object, step: str) -> None:
    one_winner(step, ROUNDS)


@pytest.mark.both
@pytest.mark.parametrize("step", SAMPLE)
def test_one_of_sixteen_takes_the_step_in_a_few_rounds(fresh_database: object, step: str) -> None:
    one_winner(step, FEW_ROUNDS)


@pytest.mark.prove
@pytest.mark.parametrize("step", BY_TIME)
def test_time_acts_once_however_many_clocks_tick(fresh_database: object, step: str) -> None:
    scenes = rounds_of(step, 5)

    (outcome,) = race([[scenes[0].tick] * THREADS])

    assert outcome.broken == []
    assert sum(outcome.won) == (0 if step == "recount" else len(scenes)) or step == "recount"
    for one in scenes:
        assert Event.objects.filter(chain=one.case.chain, kind=step).count() == 1, step
        assert DisputeCase.objects.get(pk=one.case.pk).version == one.version + 1
    assert_whole(*(one.case for one in scenes))


def test_without_the_lock_and_the_swap_more_than_one_would_win(
    fresh_database: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The races see what they are for: planted, the bug shows (on SQLite transactions queue up by themselves)."""
    from django.db import connection

    from workflow import nodes, statements

    if connection.vendor != "postgresql":
        pytest.skip("SQLite takes one writer at a time, lock or no lock")

    def unlocked(pk: int) -> tuple[object, object]:
        task = DisputeCase.objects.get(pk=pk).tasks.select_related("process").filter(finished__isnull=True).get()
        return task.process, task

    real = statements.update
    monkeypatch.setattr(engine, "_locked", unlocked)
    for place in (engine, nodes):
        monkeypatch.setattr(place.statements, "update", lambda row, columns, **where: real(row, columns) or 1)
    scenes = [scene("log_contact", number) for number in range(3)]

    outcomes = race([[one.play] * THREADS for one in scenes])

    assert any(len(one.won) != 1 or one.broken for one in outcomes)
