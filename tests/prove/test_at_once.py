"""Many people at the same moment, in the same process: each is answered with what is their own (ADR 21)."""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from difflib import unified_diff
from pathlib import Path
from random import Random

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from mediation.cases.record import Contact
from mediation.documents import rendering
from mediation.organisations import models
from mediation.privacy.envelope import open_value, seal_value
from tests.documents import samples
from tests.factories import NOW, fresh
from tests.interleaving import in_turns
from tests.prove.crowd import Member, Told, contact, contact_form, crowd, told
from tests.prove.house import Browser, House, open_house
from tests.prove.threads import assert_whole
from tests.workflow.test_statements import READS
from workflow import engine, reckoning
from workflow.records import Event

pytestmark = [pytest.mark.prove, pytest.mark.both]

LOTS = 12
THREADS, READINGS = 4, 1_500
ROUNDS = 8
VOLATILE = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"|\b[0-9a-f]{12}\b|%3A\w{6}%3A[\w-]{43}')
"""What differs each time: the token of a form, the reference of an error page, second and signature of a page's mark."""


@pytest.fixture
def hurry() -> Iterator[None]:
    """Threads are interrupted a thousand times as often as usual."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(5e-6)
    yield
    sys.setswitchinterval(usual)


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that stands, so that a page asked for twice is the same."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


# --- reads ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("read", READS)
def test_hurried_threads_read_each_what_it_asked_for(fresh_database: object, hurry: None, read: str) -> None:
    plays = READS[read]()
    alone = [play() for play in plays]

    def strangers(place: int) -> int:
        """How often this thread was answered with somebody else's."""
        try:
            return sum(plays[place % 2]() != alone[place % 2] for _ in range(READINGS))
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        assert list(pool.map(strangers, range(THREADS))) == [0] * THREADS


@pytest.mark.parametrize("read", READS)
def test_whatever_the_order_of_turns_each_reads_what_it_asked_for(fresh_database: object, read: str) -> None:
    plays = READS[read]() * 2
    alone = [play() for play in plays]

    for seed in range(LOTS):
        if seed % 2:
            for query in (engine._open_task_of, reckoning._marks_of, models._grants_of):
                query._composed = None  # as if nobody had called it yet
        assert in_turns(*plays, lot=Random(seed)) == alone, seed


# --- pages and steps --------------------------------------------------------------------------------------------------


def test_pages_made_line_by_line_in_turns_are_those_made_alone(fresh_database: object, still: None) -> None:
    people = crowd()
    clients = [Client() for _ in people]
    for client, member in zip(clients, people, strict=True):
        client.force_login(member.user, "django.contrib.auth.backends.ModelBackend")

    def page(place: int, number: int) -> Callable[[], tuple[int, str]]:
        address = people[place].pages[number % len(people[place].pages)]

        def ask() -> tuple[int, str]:
            answer = clients[place].get(address)
            return answer.status_code, VOLATILE.sub("", answer.content.decode())

        return ask

    for number in range(max(len(member.pages) for member in people)):
        plays = [page(place, number) for place in range(len(people))]
        alone = [play() for play in plays]
        assert len({body for _, body in alone}) == len(people)

        for both in zip(range(0, len(people), 2), range(1, len(people), 2), strict=True):
            together = in_turns(*(plays[place] for place in both), by_line=True)
            assert [changed(alone[place], page) for place, page in zip(both, together, strict=True)] == [[], []]


def changed(one: tuple[int, str], other: tuple[int, str]) -> list[str]:
    """The lines in which two answers differ."""
    both = ([str(status), *page.splitlines()] for status, page in (one, other))
    return [line for line in unified_diff(*both, n=0, lineterm="") if not line.startswith(("---", "+++", "@@"))]


def test_steps_taken_line_by_line_in_turns_move_each_its_own_case(fresh_database: object) -> None:
    """On SQLite transactions queue up: there only the reads before them meet."""
    writers = [member for member in crowd() if member.writes_on]

    def step(member: Member) -> Callable[[], int]:
        case = fresh(member.writes_on)
        facts = contact(f"{member.user.username} 的电话", NOW)
        return lambda: engine.perform(case, "log_contact", by=member.user, now=NOW, **facts).case.pk

    for first, second in zip(writers[::2], writers[1::2], strict=True):
        moved = in_turns(step(first), step(second), by_line=True)
        assert moved == [first.writes_on.pk, second.writes_on.pk]

    assert_each_wrote_on_their_own(dict.fromkeys(writers, 1))


def assert_each_wrote_on_their_own(times: dict[Member, int]) -> None:
    """What stands on a writer's case is the writer's, under the writer's own right, as often as it was acknowledged."""
    for member, count in times.items():
        contacts = Contact.objects.filter(case=member.writes_on)
        events = Event.objects.filter(chain=member.writes_on.chain, kind="log_contact")
        typed = [facts.facts["content"] for facts in member.writes_on.step_facts.filter(seq__in=events.values("seq"))]
        rights = {(right.role.value, right.organisation_id) for right in member.user.roles()}
        assert {row.content.partition(" ")[0] for row in contacts} == {member.user.username}
        assert sorted(typed) == sorted(row.content for row in contacts)
        assert {row.by_id for row in contacts} == {event.actor_id for event in events} == {member.user.pk}
        assert {(event.role, event.organisation_id) for event in events} <= rights
        assert len(contacts) == len(events) == count
    assert_whole(*(member.writes_on for member in times))


# --- sealing and papers ----------------------------------------------------------------------------------------------


def test_values_sealed_by_eight_threads_open_each_to_its_own() -> None:
    def opened(place: int) -> list[bytes]:
        values = [f"{place}-{number}".encode() * 40 for number in range(400)]
        sealed = [(seal_value(value, f"示例.{place}"), value) for value in values]
        return [value for envelope, value in sealed if open_value(envelope, f"示例.{place}") != value]

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(opened, range(8))) == [[]] * 8


def test_papers_printed_by_eight_threads_are_those_printed_alone() -> None:
    contexts = samples.every_context()
    kinds = sorted(contexts)[::4]

    def printed(key: str) -> str:
        return rendering.render(key, contexts[key], made_at=samples.MADE_AT, uid=samples.UID).sha256

    alone = [printed(key) for key in kinds]
    with ThreadPoolExecutor(8) as pool:
        for _ in range(3):
            assert list(pool.map(printed, kinds)) == alone


# --- over HTTP --------------------------------------------------------------------------------------------------------


@pytest.fixture
def house(child_environment: dict[str, str], tmp_path: Path) -> Iterator[House]:
    with open_house(child_environment, tmp_path, site="tests.prove.dwelling", servers=1, threads=8) as running:
        yield running


@dataclass
class Visitor:
    """One of the crowd at a browser, who looks at every answer for whose it is."""

    member: Member
    browser: Browser
    alone: dict[str, Told] = field(default_factory=dict)
    foreign: list[str] = field(default_factory=list)
    acknowledged: int = 0

    def ask(self, address: str) -> Told:
        status = self.browser.get(address)
        return told(status, self.browser.said if status else "")

    def come_and_go(self, rng: Random) -> None:
        """A bounded visit: every page so many times, in an order of one's own, and a step after each round."""
        try:
            for number in range(ROUNDS):
                for address in rng.sample(self.member.pages, len(self.member.pages)):
                    if (answer := self.ask(address)) != self.alone[address]:
                        self.foreign.append(f"{self.member.user.username} {address}: {answer}")
                if self.member.writes_on:
                    self.write(f"{self.member.user.username} 第 {number} 次")
        finally:
            connection.close()

    def write(self, content: str) -> None:
        case = self.member.writes_on
        status = self.browser.post(f"/cases/{case.number}/log_contact/", contact_form(case, content))
        self.acknowledged += status == 302
        if status != 302 or case.number not in self.browser.went_to:
            self.foreign.append(f"{content}: {status} {self.browser.went_to}")


def test_eight_people_in_one_process_are_answered_each_with_their_own(house: House) -> None:
    visitors = [Visitor(member, Browser(house, member.user)) for member in crowd(timezone.now())]
    for visitor in visitors:
        visitor.alone = {address: visitor.ask(address) for address in visitor.member.pages}
        expected = {page: 404 if page == visitor.member.forbidden else 200 for page in visitor.member.pages}
        assert {page: told.status for page, told in visitor.alone.items()} == expected
    assert len({visitor.alone["/cases/"].who for visitor in visitors}) == len(visitors)

    people = [
        threading.Thread(target=visitor.come_and_go, args=(Random(place),), daemon=True)
        for place, visitor in enumerate(visitors)
    ]
    for person in people:
        person.start()
    for person in people:
        person.join(240)
        assert not person.is_alive(), house.log("server")

    assert [line for visitor in visitors for line in visitor.foreign] == []
    writers = [visitor for visitor in visitors if visitor.member.writes_on]
    assert_each_wrote_on_their_own({visitor.member: visitor.acknowledged for visitor in writers})
    assert [visitor.acknowledged for visitor in writers] == [ROUNDS] * len(writers)
