"""kill -9 of server and worker while people work: what was acknowledged is there, once; what was begun is finished."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from mediation.cases.case import DisputeCase
from mediation.cases.record import Contact
from mediation.documents.models import IssuedDocument
from mediation.oversight.diagnosis import diagnose
from mediation.privacy import vault
from tests.factories import case_at, persona
from tests.prove.house import Browser, House, open_house
from workflow.outbox import OutboxMessage
from workflow.records import Event, verify

pytestmark = pytest.mark.both
CLIENTS = 5
QUIET_SECONDS = 120


@dataclass
class Clerk:
    """Somebody who works on one case and writes down what was answered; two clerks may share a case."""

    browser: Browser
    case: DisputeCase
    name: str
    is_shared: bool
    acknowledged: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    answers: Counter[int | None] = field(default_factory=Counter)

    def work(self, until: threading.Event) -> None:
        try:
            number = 0
            while not until.is_set():
                number += 1
                self._step(f"{self.name}-{number:04d}", papers=number % 5 == 0, until=until)
        finally:
            connection.close()

    def _step(self, mark: str, *, papers: bool, until: threading.Event) -> None:
        """Send a form until somebody answers; the same form, with the same version, as a person pressing again."""
        now = timezone.localtime()
        version = DisputeCase.objects.values_list("version", flat=True).get(pk=self.case.pk)
        fields = {"happened_on": now.date(), "version": version} | (
            {"side": "patient", "wanted": ["records"], "note": mark} if papers else
            {"side": "patient", "purpose": "explain", "means": "phone", "at": "00:00", "reached": "yes", "content": mark}
        )  # fmt: skip
        path = f"/cases/{self.case.number}/{'request_papers' if papers else 'log_contact'}/"
        self.unknown.append(mark)
        for _ in range(400):
            answer = self.browser.post(path, fields)
            self.answers[answer] += 1
            if answer in (302, 409):
                break
            if until.wait(0.15):
                break
        if answer == 302:
            self.unknown.remove(mark)
            self.acknowledged.append(mark)


@pytest.fixture
def house(child_environment: dict[str, str], tmp_path: Path) -> Iterator[House]:
    with open_house(child_environment, tmp_path) as running:
        yield running


def clerks_of(house: House) -> list[Clerk]:
    user = persona("clerk_chen")
    cases = [case_at("under_review") for _ in range(CLIENTS - 1)]
    shared = cases[0]
    return [
        Clerk(Browser(house, user), shared if place < 2 else cases[place - 1], f"clerk{place}", place < 2)
        for place in range(CLIENTS)
    ]


def killed_while_working(house: House, kills: int, acknowledgements: int, seed: int = 1) -> list[Clerk]:
    """Clerks work; server, worker or both are killed and started again, until enough has happened."""
    rng, over = Random(seed), threading.Event()
    clerks = clerks_of(house)
    people = [threading.Thread(target=clerk.work, args=(over,), daemon=True) for clerk in clerks]
    for person in people:
        person.start()
    end = time.monotonic() + 280
    while house.kills < kills or sum(len(clerk.acknowledged) for clerk in clerks) < acknowledgements:
        assert time.monotonic() < end, (
            f"{house.kills} kills, {[len(c.acknowledged) for c in clerks]}, {house.log('server')}"
        )
        time.sleep(rng.uniform(0.5, 2.0))
        if house.kills < kills:
            victims = rng.choice([("server",), ("worker",), ("server", "worker")])
            house.kill(*victims)
            house.start(*victims)
            house.wait_until_up()
    over.set()
    for person in people:
        person.join(60)
        assert not person.is_alive()
    return clerks


def wait_until(what: Callable[[], bool]) -> None:
    end = time.monotonic() + QUIET_SECONDS
    while not what():
        assert time.monotonic() < end, list(OutboxMessage.objects.open().values_list("kind", "attempts", "last_error"))
        time.sleep(0.3)


def assert_nothing_lost_or_doubled(clerks: list[Clerk]) -> None:
    written = Counter(contact.content for contact in Contact.objects.all())
    written += _notes({clerk.case.pk: clerk.case for clerk in clerks})
    for clerk in clerks:
        lost = [mark for mark in clerk.acknowledged if not written[mark]]
        assert not lost, f"acknowledged and lost: {lost}"
        if not clerk.is_shared:  # 409 to somebody who works alone: the form had gone through, and the answer was lost
            vanished = [mark for mark in clerk.unknown[:-1] if not written[mark]]
            assert not vanished, f"refused as stale, yet never written: {vanished}"
    doubled = [mark for mark, times in written.items() if times > 1]
    assert not doubled, f"written twice: {doubled}"


def _notes(cases: dict[int, DisputeCase]) -> Counter[str]:
    notes = [facts.facts.get("note") or "" for case in cases.values() for facts in case.step_facts.all()]
    return Counter(note for note in notes if note.startswith("clerk"))


def assert_the_house_is_in_order(clerks: list[Clerk], files_before: int, kills: int) -> None:
    report = verify()
    assert report.ok, report.first_broken
    assert list(diagnose(timezone.now())) == []
    assert not OutboxMessage.objects.filter(done_at__isnull=True).exists()
    for case in {clerk.case.pk: clerk.case for clerk in clerks}.values():
        events = Event.objects.filter(chain=case.chain, kind="request_papers")
        papers = IssuedDocument.objects.filter(case=case, kind="papers_request")
        assert sorted(papers.values_list("event_seq", flat=True)) == sorted(events.values_list("seq", flat=True))
    for paper in IssuedDocument.objects.all():
        assert (paper.state, bool(paper.page_count)) == ("issued", True)
        assert vault.examine(paper.stored, paper.file_uid, paper.sha256) is vault.FileState.WHOLE
    stored = IssuedDocument.objects.values_list("stored", flat=True)
    assert len(set(stored)) == len(stored)
    assert len(stored) <= files() - files_before <= len(stored) + kills  # a kill may leave one file without its row


def files() -> int:
    return sum(1 for path in Path(settings.PAPER_ROOT).rglob("*") if path.is_file())


def proved(house: House, kills: int, acknowledgements: int) -> None:
    before = files()
    clerks = killed_while_working(house, kills, acknowledgements)
    wait_until(lambda: not OutboxMessage.objects.open().exists())
    house.stop()
    answers = sum((clerk.answers for clerk in clerks), Counter())
    print(
        f"{house.kills} kills, {sum(len(clerk.acknowledged) for clerk in clerks)} acknowledged, answers {dict(answers)}"
    )

    assert set(answers) <= {302, 409, None}, f"{answers} {house.log('server')}"
    assert_nothing_lost_or_doubled(clerks)
    assert_the_house_is_in_order(clerks, before, house.kills)


def test_two_kills_lose_and_double_nothing(house: House) -> None:
    proved(house, kills=2, acknowledgements=20)


@pytest.mark.prove
def test_ten_kills_under_load_lose_and_double_nothing(house: House) -> None:
    proved(house, kills=10, acknowledgements=200)
