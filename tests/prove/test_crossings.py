"""Different people do different things to one case at the same moment: one serial order explains what is left."""

from __future__ import annotations

import contextlib
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test import Client

from mediation.cases.case import DisputeCase
from mediation.documents.models import IssuedDocument
from mediation.hotline.entries import Entry, own_number
from mediation.hotline.intake import enter
from mediation.hotline.order import HotlineOrder
from tests.factories import NOW, at, case_at, fresh, organisation, paper, persona, register, registration
from tests.hotline.files import order
from tests.prove import oracle
from tests.prove.scenes import CLERK, OPERATOR, SUN, TOWN, scene
from tests.prove.threads import THREADS, Play, Round, assert_whole, race
from workflow import engine, timekeeping
from workflow.records import Event
from workflow.registry import Move

ROUNDS = 6


def play(case: DisputeCase, step: str, by: str, **facts: object) -> Play:
    """The step as a page rendered now would send it."""
    task, version = case.tasks.get(finished__isnull=True).pk, case.version
    user, now = persona(by), facts.pop("now", NOW)
    return lambda: engine.perform(case, step, by=user, now=now, task=task, version=version, **facts)


def assert_one_won(outcomes: list[Round], cases: list[DisputeCase]) -> None:
    for case, outcome in zip(cases, outcomes, strict=True):
        assert (len(outcome.won), outcome.broken) == (1, []), outcome
        assert fresh(case).version == case.version + 1
        oracle.whole(fresh(case))
    assert_whole(*cases)


def test_the_town_escalates_while_its_time_runs_out(fresh_database: object) -> None:
    cases = [case_at("town_handling") for _ in range(ROUNDS)]
    late = at((cases[0].due_on + timedelta(days=1)).isoformat())
    half = THREADS // 2
    rounds = [
        [play(case, "escalate", TOWN, now=late, **_brief())] * half + [lambda: timekeeping.tick(late)] * half
        for case in cases
    ]

    outcomes = race(rounds)

    assert [one.broken for one in outcomes] == [[]] * ROUNDS
    for case in cases:
        climbed = Event.objects.filter(chain=case.chain, kind__startswith="escalate")
        assert climbed.count() == 1, list(climbed.values_list("kind", flat=True))
        oracle.whole(fresh(case))
    assert_whole(*cases)


def _brief() -> dict[str, object]:
    from tests.factories import brief

    return brief()


def test_a_paper_comes_in_while_the_case_is_closed(fresh_database: object) -> None:
    cases = [case_at("closing") for _ in range(ROUNDS)]
    half = THREADS // 2
    rounds = [
        [play(case, "close", TOWN, retention="10")] * half
        + [play(case, "add_paper", TOWN, kind="identity", paper=paper("身份证"))] * half
        for case in cases
    ]

    assert_one_won(race(rounds), cases)


def test_a_party_refuses_while_mediation_fails(fresh_database: object) -> None:
    cases = [case_at("in_mediation") for _ in range(ROUNDS)]
    half = THREADS // 2
    rounds = [
        [play(case, "refuse_mediation", SUN, side="patient", means="office", statement="不接受。")] * half
        + [play(case, "fail", CLERK, reason="disagreement", note="差距过大。", routes_explained=True)] * half
        for case in cases
    ]

    assert_one_won(race(rounds), cases)


def test_steps_without_a_page_queue_up_and_all_happen(fresh_database: object) -> None:
    """An import or a colleague's programme names no version: then nobody loses, and the record has them one by one."""
    case, clerk = case_at("under_review"), persona(CLERK)

    def note() -> Move:
        return engine.perform(case, "add_paper", by=clerk, now=NOW, kind="identity", paper=paper("身份证"))

    (outcome,) = race([[note] * THREADS])

    assert (len(outcome.won), outcome.broken) == (THREADS, []), outcome
    assert fresh(case).version == case.version + THREADS
    oracle.whole(fresh(case))
    assert_whole(case)


@pytest.mark.both
def test_two_cases_are_not_each_the_others_duplicate(fresh_database: object) -> None:
    """Both closed would mean that nobody handles the matter any more."""
    pairs = [(case_at("registered"), case_at("registered")) for _ in range(ROUNDS)]
    rounds = [
        [play(one, "mark_duplicate", CLERK, original=other, reason="同一件事"),
         play(other, "mark_duplicate", OPERATOR, original=one, reason="同一件事")]
        for one, other in pairs
    ]  # fmt: skip

    outcomes = race(rounds)

    for (one, other), outcome in zip(pairs, outcomes, strict=True):
        assert outcome.broken == [], outcome
        assert {fresh(one).state, fresh(other).state} != {"closed"}, "both are closed"
    assert_whole(*(case for pair in pairs for case in pair))


@pytest.mark.both
def test_case_numbers_have_no_gap_and_none_is_given_twice(fresh_database: object) -> None:
    clerk = persona(OPERATOR)
    form = registration()

    outcomes = race([[lambda: register(form, by=clerk, now=NOW)] * THREADS] * 2)

    assert [one.broken for one in outcomes] == [[], []]
    numbers = sorted(int(number.split("-")[1]) for number in DisputeCase.objects.values_list("number", flat=True))
    assert numbers == list(range(1, 2 * THREADS + 1))
    assert_whole(*DisputeCase.objects.all())


@pytest.mark.both
def test_one_of_sixteen_clicks_on_registering_makes_the_case(fresh_database: object) -> None:
    clerk, forms = persona(OPERATOR), [registration(token=uuid4()) for _ in range(ROUNDS)]

    outcomes = race([[partial(register, form, by=clerk, now=NOW)] * THREADS for form in forms])

    for form, outcome in zip(forms, outcomes, strict=True):
        assert (len(outcome.won), len(outcome.stale)) == (1, THREADS - 1), outcome
        assert {one.case for one in outcome.stale} == {DisputeCase.objects.get(form_token=form.token)}
    numbers = sorted(int(number.split("-")[1]) for number in DisputeCase.objects.values_list("number", flat=True))
    assert numbers == list(range(1, ROUNDS + 1)), "a click in vain has used up a number"
    assert_whole(*DisputeCase.objects.all())


@pytest.mark.both
def test_one_of_sixteen_tabs_registers_an_order(fresh_database: object) -> None:
    """Every tab has a form of its own, so the order has to decide."""
    clerk, held = persona(OPERATOR), [order(str(number), now=NOW) for number in range(ROUNDS)]

    def tab(one: HotlineOrder) -> Play:
        form = registration(token=uuid4(), orders=[HotlineOrder.objects.get(pk=one.pk)])
        return partial(register, form, by=clerk, now=NOW)

    outcomes = race([[tab(one) for _ in range(THREADS)] for one in held])

    for one, outcome in zip(held, outcomes, strict=True):
        assert (len(outcome.won), len(outcome.stale)) == (1, THREADS - 1), outcome
        assert {stale.case for stale in outcome.stale} == {HotlineOrder.objects.get(pk=one.pk).case}
    assert DisputeCase.objects.count() == ROUNDS


@pytest.mark.both
def test_an_order_typed_without_a_number_and_sent_sixteen_times_is_there_once(fresh_database: object) -> None:
    """The number that it is given comes from what it says, so the same form gives the same."""
    centre, clerk = organisation("hotline"), persona(OPERATOR)
    number = own_number("甄示例", NOW, "示例诉求", "术后感染。")
    typed = Entry(
        number=number, appeal="complain", received_at=NOW, message_at=NOW, stated_due_on=None, title="示例诉求", content="术后感染。",
        caller="甄示例", phone="", id_no="", hospital_text="", source_category="", is_confidential=False,
    )  # fmt: skip

    (outcome,) = race([[partial(enter, typed, centre=centre, by=clerk, now=NOW)] * THREADS])

    assert (len(outcome.won), len(outcome.refused), outcome.broken) == (1, THREADS - 1, []), outcome


@pytest.mark.both
def test_document_numbers_have_no_gap_and_none_is_given_twice(fresh_database: object) -> None:
    """Sixteen cases ask for a numbered paper of the same series at the same moment; some are refused and use none up."""
    cases = [scene("escalate") for _ in range(THREADS)]
    refused = [scene("escalate") for _ in range(3)]

    def in_vain(one: object) -> Play:
        return lambda: engine.perform(one.case, "escalate", by=persona(TOWN), now=NOW, **{**one.facts, "risk": " "})

    (outcome, vain) = race([[one.play for one in cases], [in_vain(one) for one in refused]])

    assert (len(outcome.won), outcome.broken, len(vain.refused)) == (THREADS, [], 3), outcome
    numbers = sorted(
        IssuedDocument.objects.filter(kind="escalation_brief").values_list("number", flat=True),
        key=lambda n: (len(n), n),
    )
    assert [int("".join(sign for sign in number.partition("〕")[2] if sign.isdigit())) for number in numbers] == list(
        range(1, THREADS + 1)
    )
    assert_whole(*(one.case for one in cases))


@pytest.mark.both
def test_an_order_number_is_entered_once(fresh_database: object) -> None:
    centre, operator = organisation("hotline"), persona(OPERATOR)
    said = Entry(
        number="DG1", appeal="", received_at=NOW, message_at=None, stated_due_on=None, title="投诉", content="术后感染。", caller="",
        phone="", id_no="", hospital_text="", source_category="", is_confidential=False,
    )  # fmt: skip

    (outcome,) = race([[lambda: enter(said, centre=centre, by=operator, now=NOW)] * THREADS])

    assert (len(outcome.won), len(outcome.refused), outcome.broken) == (1, THREADS - 1, []), outcome
    assert Counter(HotlineOrder.objects.values_list("number", flat=True)) == {"DG1": 1}


def test_one_case_that_cannot_be_moved_stops_time_for_no_other(
    fresh_database: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [case_at("town_handling") for _ in range(3)]
    late = at((cases[0].due_on + timedelta(days=1)).isoformat())
    real = engine.perform

    def perform(case: DisputeCase, *args: object, **more: object) -> Move:
        if case.pk == cases[0].pk:
            raise ValueError("a row that cannot be read")
        return real(case, *args, **more)

    monkeypatch.setattr(engine, "perform", perform)

    assert timekeeping.tick(late) == 2
    assert [fresh(case).state for case in cases] == ["town_handling", "escalated", "escalated"]


@contextlib.contextmanager
def somebody_keeps(case: DisputeCase) -> Iterator[None]:
    """Another connection holds the case, on SQLite the database, and does not let go."""
    taken, over = threading.Event(), threading.Event()

    def keep() -> None:
        with transaction.atomic():
            DisputeCase.objects.select_for_update().get(pk=case.pk)
            taken.set()
            over.wait(30)
        connection.close()

    keeper = threading.Thread(target=keep)
    keeper.start()
    assert taken.wait(30)
    try:
        yield
    finally:
        over.set()
        keeper.join()


@pytest.mark.both
def test_whoever_cannot_get_at_the_case_is_told_so_and_keeps_what_was_typed(
    fresh_database: object, client: Client
) -> None:
    case = case_at("town_handling")
    client.force_login(persona(TOWN))
    page = f"/cases/{case.number}/log_contact/"
    typed = {
        "happened_on": case.entered_on, "version": case.version, "side": "patient", "purpose": "explain", "means": "phone",
        "at": "00:00", "reached": "yes", "content": "家属称次日再谈", "late_reason": "下乡补记",
    }  # fmt: skip
    assert client.get(page).status_code == 200
    with connection.cursor() as cursor:  # nobody here waits as long as people do
        cursor.execute("SET lock_timeout = 200" if connection.vendor == "postgresql" else "PRAGMA busy_timeout = 200")

    with somebody_keeps(case):
        answer = client.post(page, typed)

    assert answer.status_code == 503
    assert "案件正由他人办理，本次没有提交，请稍候再次提交" in answer.content.decode()
    assert "家属称次日再谈" in answer.content.decode()
    assert client.post(page, typed).status_code == 302
    assert fresh(case).version == case.version + 1
