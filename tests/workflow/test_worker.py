"""The worker process: drains, dies and is replaced, leaves when asked to, and lets time act once a minute."""

import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from workflow import outbox
from workflow.management.commands import tick, worker
from workflow.outbox import OutboxMessage, WorkerLease, enqueue, handles

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
pytestmark = pytest.mark.both

CHILD = """
import sys, time, django
django.setup()
from datetime import timedelta
from django.conf import settings
from django.core.management import call_command
from workflow.outbox import WorkerLease, handles
from django.utils import timezone
settings.OUTBOX_LEASE = timedelta(seconds=1)

@handles("test.note")
def note(message, *, now):
    with open(sys.argv[1], "a") as out:
        out.write(f"begin {message.key}\\n")
    time.sleep(float(sys.argv[2]))
    with open(sys.argv[1], "a") as out:
        out.write(f"end {message.key}\\n")

WorkerLease.take("tick", "test", timezone.now(), timedelta(hours=1))  # time stands still here
call_command("worker", *sys.argv[3:])
"""


class Worker:
    """Workers in processes of their own, and what they wrote."""

    def __init__(self, paper: Path, environment: dict[str, str]) -> None:
        self.paper, self.environment = paper, environment
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self, pause: float, *options: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", CHILD, str(self.paper), str(pause), *options]
        self.processes.append(subprocess.Popen(command, env=self.environment, cwd=Path(__file__).parents[2]))
        return self.processes[-1]

    def lines(self) -> list[str]:
        return self.paper.read_text().splitlines() if self.paper.exists() else []

    def wait_for(self, condition: Callable[[], bool]) -> None:
        end = time.monotonic() + 30
        while not condition():
            assert time.monotonic() < end, self.lines()
            time.sleep(0.02)


@pytest.fixture
def workers(tmp_path: Path, child_environment: dict[str, str]) -> Iterator[Worker]:
    started = Worker(tmp_path / "paper.txt", child_environment)
    yield started
    for process in started.processes:
        process.kill()
        process.wait()


def put(count: int) -> list[str]:
    keys = [f"{number}" for number in range(count)]
    for number, key in enumerate(keys):
        enqueue("test.note", key, {}, now=NOW, case_id=number % 2)
    return keys


def test_a_worker_killed_in_the_middle_loses_nothing_and_keeps_the_order(workers: Worker) -> None:
    keys = put(6)
    first = workers.start(0.3, "--name", "same")
    workers.wait_for(lambda: "begin 1" in workers.lines())
    first.kill()
    first.wait()
    assert OutboxMessage.objects.open().count() >= 5

    second = workers.start(0, "--name", "same")
    workers.wait_for(lambda: not OutboxMessage.objects.open().exists())
    second.send_signal(signal.SIGTERM)

    begun = Counter(line.removeprefix("begin ") for line in workers.lines() if line.startswith("begin"))
    ended = [line.removeprefix("end ") for line in workers.lines() if line.startswith("end")]
    assert begun == Counter([*keys, "1"])  # the one in hand was begun again
    assert sorted(ended) == keys  # each ended once
    for case in (0, 1):
        assert [key for key in ended if int(key) % 2 == case] == keys[case::2]
    assert OutboxMessage.objects.get(key="1").attempts == 2
    assert second.wait(timeout=10) == 0


def test_a_worker_asked_to_leave_finishes_the_message_in_hand(workers: Worker) -> None:
    put(4)
    process = workers.start(0.5)
    workers.wait_for(lambda: "begin 0" in workers.lines())

    process.send_signal(signal.SIGTERM)

    assert process.wait(timeout=10) == 0
    assert workers.lines() == ["begin 0", "end 0"]
    assert OutboxMessage.objects.open().count() == 3
    assert not OutboxMessage.objects.exclude(leased_by="").exists()


def test_an_idle_worker_leaves_within_a_moment(workers: Worker) -> None:
    put(1)
    process = workers.start(0)
    workers.wait_for(lambda: "end 0" in workers.lines())
    time.sleep(0.3)

    process.send_signal(signal.SIGINT)

    assert process.wait(timeout=5) == 0


def test_once_drains_what_is_due_and_leaves(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "HANDLERS", {})
    keys: list[str] = []
    handles("test.note")(lambda message, *, now: keys.append(message.key))
    put(5)

    call_command("worker", "--once")

    assert keys == ["0", "1", "2", "3", "4"]
    assert not OutboxMessage.objects.open().exists()


def test_time_acts_for_one_worker_a_minute_and_its_failure_stops_none(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    acted: list[datetime] = []

    def act(now: datetime) -> None:
        acted.append(now)
        raise KeyError("a step that went wrong")

    monkeypatch.setattr(worker, "act", act)
    one, two = worker.Command(), worker.Command()

    for command in (one, two, one):
        command.next_tick = 0.0
        command._tick(str(id(command)))
    assert len(acted) == 1

    WorkerLease.objects.update(held_until=acted[0])
    two.next_tick = 0.0
    two._tick("two")
    assert len(acted) == 2


def test_the_tick_moves_cases_and_makes_the_line_of_the_day(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr("workflow.timekeeping.tick", asked.append)
    monkeypatch.setattr(tick.AnchorLine, "make_if_due", asked.append)

    call_command("tick")

    assert len(asked) == 2
    assert asked[0] == asked[1]
