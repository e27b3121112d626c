"""Many threads at one door: each with a connection of its own, let loose at the same moment, round after round."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import OperationalError, connection, transaction

from mediation.cases.case import CaseTask, DisputeCase
from mediation.documents.models import IssuedDocument
from workflow.outbox import OutboxMessage
from workflow.records import Event, verify
from workflow.registry import Refused, Stale

THREADS = 16


@dataclass
class Round:
    """What became of one round: who won, who was refused how, and what went wrong."""

    won: list[Any] = field(default_factory=list)
    stale: list[Stale] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    broken: list[BaseException] = field(default_factory=list)

    def __str__(self) -> str:
        causes = sorted({f"{type(one).__name__}: {one}"[:200] for one in [*self.broken, *self.refused]})
        return f"{len(self.won)} won, {len(self.stale)} stale, {len(self.refused)} refused, {len(self.broken)} broken {causes}"


Play = Callable[[], Any]


def race(rounds: Sequence[Sequence[Play]]) -> list[Round]:
    """Play every round with one thread a play, all from the same moment; threads and connections live for all rounds."""
    threads = max(len(plays) for plays in rounds)
    barrier, lock = threading.Barrier(threads), threading.Lock()
    outcomes = [Round() for _ in rounds]

    def run(place: int) -> None:
        try:
            connection.ensure_connection()
            for plays, outcome in zip(rounds, outcomes, strict=True):
                barrier.wait(60)
                if place < len(plays):
                    kept, what = _played(plays[place], outcome)
                    with lock:
                        kept.append(what)
        finally:
            connection.close()

    runners = [threading.Thread(target=run, args=(place,), daemon=True) for place in range(threads)]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join(240)
    assert not any(runner.is_alive() for runner in runners), "a thread still waits for something"
    return outcomes


def _played(play: Play, outcome: Round) -> tuple[list[Any], Any]:
    try:
        return outcome.won, play()
    except Stale as stale:
        return outcome.stale, stale
    except Refused as refusal:
        return outcome.refused, refusal
    except Exception as failure:  # noqa: BLE001 - whatever it is, the test shows it
        if isinstance(failure, OperationalError):
            transaction.set_autocommit(True)
        return outcome.broken, failure


def assert_whole(*cases: DisputeCase) -> None:
    """Every case has one record without a gap, one open task while it is open, its papers once, and the chains hold."""
    for seen in cases:
        case = DisputeCase.objects.get(pk=seen.pk)
        events = Event.objects.filter(chain=case.chain).order_by("seq")
        assert list(events.values_list("seq", flat=True)) == list(range(1, case.version + 1))
        assert events.last().hash == case.head
        open_tasks = CaseTask.objects.filter(process=case, finished__isnull=True).count()
        assert open_tasks == (0 if case.is_closed else 1)
        papers = list(IssuedDocument.objects.filter(case=case).values_list("event_seq", "kind", "side", "hospital"))
        assert len(papers) == len(set(papers))
        asked = set(OutboxMessage.objects.filter(case_id=case.pk, kind="render_document").values_list("key", flat=True))
        assert len(asked) == len(papers)
    report = verify()
    assert report.ok, report.first_broken
