"""The outbox: written with the change, done at least once, by one worker at a time, in order per case."""

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from workflow import outbox
from workflow.chain import DataRefused
from workflow.outbox import OutboxMessage, WorkerLease, claim, enqueue, handles, retry, run_once, wait_after

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
pytestmark = pytest.mark.both


class Broken(Exception):
    """What a handler raises here; its message is as personal as a message can be."""


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The keys that the handlers of this test were given, in their order."""
    monkeypatch.setattr(outbox, "HANDLERS", {})
    keys: list[str] = []

    @handles("paper.render")
    @handles("paper.send")
    @handles("hotline.reply")
    def note(message: OutboxMessage, *, now: datetime) -> None:
        keys.append(message.key)

    @handles("paper.broken")
    def fail(message: OutboxMessage, *, now: datetime) -> None:
        keys.append(message.key)
        raise Broken("张三 13800138000")

    return keys


def put(key: str, kind: str = "paper.render", case_id: int | None = None, now: datetime = NOW) -> OutboxMessage:
    enqueue(kind, key, {"case": case_id}, now=now, case_id=case_id)
    return OutboxMessage.objects.get(key=key)


def test_a_message_goes_with_the_transaction_that_wrote_it(db: None) -> None:
    with transaction.atomic():
        put("a")
        transaction.set_rollback(True)

    assert not OutboxMessage.objects.exists()


def test_asking_twice_is_asking_once(db: None, done: list[str]) -> None:
    first = put("a")
    enqueue("paper.send", "a", {"other": 1}, now=NOW + MINUTE)
    assert OutboxMessage.objects.values().get() == OutboxMessage.objects.filter(pk=first.pk).values().get()

    assert [outcome.result for outcome in run_once("w", NOW)] == ["done"]
    enqueue("paper.render", "a", {}, now=NOW + MINUTE)

    assert run_once("w", NOW + MINUTE) == []
    assert done == ["a"]


def test_a_payload_with_a_personal_value_is_refused(db: None) -> None:
    with pytest.raises(DataRefused):
        enqueue("paper.render", "a", {"phone": "13800138000"}, now=NOW)


def test_a_failure_waits_four_times_as_long_each_time_and_is_given_up_after_eight(db: None, done: list[str]) -> None:
    message = put("a", "paper.broken")
    now, waits = NOW, []

    for attempt in range(1, 9):
        (outcome,) = run_once("w", now)
        assert (outcome.attempt, outcome.error) == (attempt, "Broken")
        message.refresh_from_db()
        waits.append(int((message.available_at - now).total_seconds()))
        assert run_once("w", message.available_at - timedelta(seconds=1)) == []
        now = message.available_at if attempt < 8 else now

    assert waits[:7] == [30, 120, 480, 1920, 3600, 3600, 3600]
    assert outcome.result == "gave_up"
    assert message.gave_up_at == now
    assert list(OutboxMessage.objects.given_up()) == [message]
    assert not OutboxMessage.objects.open().exists()
    assert run_once("w", now + timedelta(days=9)) == []
    assert len(done) == 8


def test_only_the_class_of_an_error_is_kept(db: None, done: list[str]) -> None:
    put("a", "paper.broken")
    run_once("w", NOW)

    row = OutboxMessage.objects.values().get()

    assert row["last_error"] == "Broken"
    assert "张三" not in str(row)
    assert "138" not in str(row)


def test_a_message_that_was_given_up_can_be_revived_once(db: None, done: list[str], settings: Any) -> None:
    settings.OUTBOX_MAX_ATTEMPTS = 1
    message = put("a", "paper.broken")
    run_once("w", NOW)

    assert retry(message, now=NOW + MINUTE)
    assert not retry(message, now=NOW + MINUTE)

    assert OutboxMessage.objects.due(NOW + MINUTE).get().attempts == 0
    assert [outcome.result for outcome in run_once("w", NOW + MINUTE)] == ["gave_up"]


def test_the_messages_of_a_case_keep_their_order_within_a_family(db: None, done: list[str]) -> None:
    put("first", "paper.broken", 1)
    put("second", "paper.render", 1)
    put("other case", "paper.render", 2)
    put("other family", "hotline.reply", 1)
    put("no case", "paper.render")

    run_once("w", NOW, limit=9)
    assert sorted(done) == ["first", "no case", "other case", "other family"]

    OutboxMessage.objects.filter(key="first").update(kind="paper.render")
    run_once("w", NOW + MINUTE, limit=9)
    run_once("w", NOW + MINUTE, limit=9)
    assert done[-2:] == ["first", "second"]


def test_a_message_behind_one_that_is_being_done_waits(db: None, done: list[str]) -> None:
    put("first", case_id=1)
    put("second", "paper.send", case_id=1)

    assert [message.key for message in claim("a", NOW, 9)] == ["first"]

    assert claim("b", NOW, 9) == []


def test_what_was_given_up_no_longer_holds_back_those_behind(db: None, done: list[str], settings: Any) -> None:
    settings.OUTBOX_MAX_ATTEMPTS = 1
    put("first", "paper.broken", 1)
    put("second", "paper.render", 1)

    run_once("w", NOW)
    run_once("w", NOW)

    assert done == ["first", "second"]


def test_a_lease_keeps_others_away_until_it_runs_out(db: None, done: list[str]) -> None:
    put("a")

    (held,) = claim("dead", NOW)
    assert claim("w", NOW + MINUTE) == []
    (outcome,) = run_once("w", NOW + MINUTE + timedelta(seconds=1))

    assert held.leased_until == NOW + MINUTE
    assert (outcome.attempt, outcome.result) == (2, "done")


@pytest.mark.parametrize("same_name", [False, True])
def test_a_worker_whose_lease_ran_out_marks_nothing(db: None, done: list[str], same_name: bool) -> None:
    put("a")
    later = NOW + 2 * MINUTE

    @handles("slow")
    def slow(message: OutboxMessage, *, now: datetime) -> None:
        if now == NOW:  # meanwhile
            assert claim("slow" if same_name else "other", later)[0].attempts == 2

    OutboxMessage.objects.update(kind="slow")
    (outcome,) = run_once("slow", NOW)

    message = OutboxMessage.objects.get()
    assert outcome.result == "lost"
    assert message.done_at is None
    assert message.leased_until == later + MINUTE


def test_a_message_that_kills_its_workers_is_given_up_without_another_try(db: None, done: list[str]) -> None:
    put("a")
    now = NOW
    for _ in range(8):
        assert claim("dying", now)
        now += 2 * MINUTE

    (outcome,) = run_once("w", now)

    assert (outcome.result, outcome.error) == ("gave_up", "WorkerLost")
    assert done == []


def test_a_kind_without_handler_is_tried_again_by_another_release(db: None, done: list[str]) -> None:
    put("a", "future.kind")

    (outcome,) = run_once("w", NOW)

    assert (outcome.result, outcome.error) == ("again", "NoHandler")


def test_a_kind_has_one_handler(done: list[str]) -> None:
    with pytest.raises(ValueError, match=r"paper\.render"):
        handles("paper.render")(lambda message, *, now: None)


def test_a_handler_runs_outside_of_every_transaction(fresh_database: Any, done: list[str]) -> None:
    inside: list[bool] = []
    handles("look")(lambda message, *, now: inside.append(connection.in_atomic_block))
    put("a", "look")

    with pytest.raises(RuntimeError), transaction.atomic():
        run_once("w", NOW)
    run_once("w", NOW)

    assert inside == [False]


def test_done_and_given_up_exclude_each_other(db: None) -> None:
    put("a")

    with pytest.raises(IntegrityError), transaction.atomic():
        OutboxMessage.objects.update(done_at=NOW, gave_up_at=NOW)


def test_eight_workers_do_every_message_exactly_once_and_in_order(fresh_database: Any, done: list[str]) -> None:
    for number in range(60):
        put(f"{number % 6} {number:02}", case_id=number % 6)

    def work(name: str) -> None:
        while OutboxMessage.objects.open().exists():
            run_once(name, NOW, limit=2)
        connection.close()

    threads = [threading.Thread(target=work, args=(f"w{number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert set(Counter(done).values()) == {1}
    assert len(done) == 60
    for case in "012345":
        own = [key for key in done if key[0] == case]
        assert own == sorted(own)


def test_one_of_many_gets_a_turn_and_nobody_again_before_it_is_over(fresh_database: Any) -> None:
    def race(now: datetime) -> list[str]:
        winners: list[str] = []
        start = threading.Barrier(8)

        def ask(name: str) -> None:
            start.wait()
            if WorkerLease.take("tick", name, now, MINUTE):
                winners.append(name)
            connection.close()

        threads = [threading.Thread(target=ask, args=(f"w{number}",)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return winners

    winners = {seconds: len(race(NOW + timedelta(seconds=seconds))) for seconds in (0, 30, 59, 60, 61, 120)}

    assert winners == {0: 1, 30: 0, 59: 0, 60: 1, 61: 0, 120: 1}


def test_the_back_off_is_capped_at_an_hour() -> None:
    assert [wait_after(attempts) / MINUTE for attempts in (1, 2, 5, 8)] == [0.5, 2, 60, 60]
