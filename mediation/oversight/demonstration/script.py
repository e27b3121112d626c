"""What a story is: beats in order of time, each one step of the lifecycle taken by one person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.utils import timezone

from mediation.cases.case import DisputeCase
from mediation.cases.registration import Person
from mediation.organisations.models import Kind, Organisation, User
from mediation.oversight.demonstration.people import LIAISONS, MEDIATORS, Company
from mediation.oversight.demonstration.texts import Family, Matter, chinese, family, matters
from mediation.settlement.models import Agreement, Instalment
from mediation.settlement.steps.performance import open_instalments

REGISTER = "register"
HUNDRED = Decimal("100.00")


@dataclass
class Scene:
    """The moment at which a beat is played: the case as it now stands, the day, the plot, the company."""

    case: DisputeCase
    now: datetime
    plot: Plot
    company: Company

    @property
    def on(self) -> date:
        """The day of the beat."""
        return timezone.localtime(self.now).date()

    @property
    def rng(self) -> Random:
        """The story's own chance."""
        return self.plot.rng

    def ago(self, minutes: int) -> datetime:
        """So many minutes before the beat: when a call was made."""
        return timezone.localtime(self.now - timedelta(minutes=minutes))

    def earlier(self, minutes: int) -> time:
        """The time of day so many minutes before the beat: when a meeting began."""
        return self.ago(minutes).time()

    def next_working_day(self, hour: int) -> datetime:
        """The next working morning or afternoon, for what is planned."""
        day = self.plot.working_day_after(self.on)
        return datetime.combine(day, time(hour, 30), timezone.get_current_timezone())

    @property
    def hospitals(self) -> list[Organisation]:
        """The hospitals still in the case, in the order in which they were named."""
        rows = self.case.respondents.filter(kept=True).select_related("hospital__town").order_by("pk")
        return [row.hospital for row in rows]

    @property
    def hospital(self) -> Organisation:
        """The first of them."""
        return self.hospitals[0]

    @property
    def agreement(self) -> Agreement:
        """The agreement that counts."""
        standing = self.case.agreements.filter(superseded=False).exclude(kind="supplement")
        return standing.latest("pk")

    @property
    def next_instalment(self) -> Instalment | None:
        """The next payment that is due."""
        return open_instalments(self.case.pk).order_by("due_on", "number").first()

    def person(self, username: str) -> User:
        """One of the company."""
        return self.company.person(username)


Facts = Callable[[Scene], Mapping[str, Any]]


def nothing(scene: Scene) -> Mapping[str, Any]:
    """A step that asks for no facts."""
    return {}


@dataclass(frozen=True)
class Beat:
    """One step: who takes it with which facts, ``wait`` working days after the beat before, or after a named one.

    ``by`` is a user name or a part (desk, town, mediator, liaison); without anybody, time takes the step by itself and
    the story only waits for it. ``back``: it happened so many days before it was typed in. ``linked``: it happens to the
    case that has grown out of this one.
    """

    step: str
    by: str = ""
    facts: Facts = nothing
    wait: int = 0
    after: str = ""
    back: int = 0
    linked: bool = False


Beats = tuple[Beat, ...]


@dataclass(frozen=True)
class Story:
    """A dispute from registration to where it stands on the last day.

    ``rest`` is how many working days lie between its last beat and the day of the demonstration. ``told`` changes what
    the registration says, ``people`` who is named in it; ``calls`` counts the callers of the hotline; ``key`` is how
    other stories refer to its case, and ``again`` the key of the story whose family complains once more.
    """

    title: str
    matter: str
    beats: Beats
    rest: int = 1
    hospitals: tuple[str, ...] = ()
    desk: str = "hotline"
    mediator: str = ""
    amount: int = 0
    told: Mapping[str, Any] = field(default_factory=dict)
    people: Callable[[Family], tuple[Person, ...]] | None = None
    calls: int = 1
    key: str = ""
    again: str = ""

    def days(self) -> list[int]:
        """The working day of each beat, counted from the first beat's."""
        found: list[int] = []
        named: dict[str, int] = {}
        for beat in self.beats:
            since = named[beat.after] if beat.after else (found[-1] if found else 0)
            named[beat.step] = since + beat.wait
            found.append(since + beat.wait)
        return found


@dataclass
class Plot:
    """A story with what chance has filled in: who, where, how much."""

    story: Story
    matter: Matter
    family: Family
    hospitals: tuple[str, ...]
    mediator: str
    total: Decimal
    occurred_on: date
    rng: Random
    working_day_after: Callable[[date], date]

    @classmethod
    def of(
        cls, story: Story, began: date, company: Company, rng: Random, working_day_after: Callable[[date], date]
    ) -> Plot:
        """Let chance fill in the story."""
        matter = matters()[story.matter]
        occurred_on = began - timedelta(days=rng.randint(1, 3) if matter.is_deadly else rng.randint(36, 90))
        hospitals = story.hospitals or (rng.choice(matter.hospitals),)
        people = family(matter, company.towns, occurred_on, rng)
        if story.again:
            people, occurred_on = company.harmed[story.again]
        elif story.key:
            company.harmed[story.key] = people, occurred_on
        free = [name for name in MEDIATORS if name != "luo" or "X002" not in hospitals]
        total = Decimal(story.amount or rng.randint(*matter.amount) * 100).quantize(Decimal("0.01"))
        mediator = story.mediator or rng.choice(free)
        return cls(story, matter, people, hospitals, mediator, total, occurred_on, rng, working_day_after)

    @property
    def claimed(self) -> Decimal:
        """What is asked for at first: always more than is agreed."""
        return (self.total * self.rng.randint(14, 26) / 10).quantize(HUNDRED)

    def telling(self, company: Company) -> str:
        """What happened, in a few sentences."""
        hospital = company.place(self.hospitals[0]).name
        return self.matter.summary.format(day=chinese(self.occurred_on), hospital=hospital)

    def part(self, by: str, case: DisputeCase | None, company: Company) -> User:
        """Who plays a part in this story."""
        if by == "desk":
            return self._desk(company)
        if by == "town":
            return company.official(case.town if case is not None else None)
        if by == "mediator":
            return company.person(self.mediator)
        if by == "liaison":
            return company.person(LIAISONS[self.hospitals[0]])
        return company.person(by)

    def _desk(self, company: Company) -> User:
        place = company.place(self.story.desk)
        if place.kind == Kind.TOWN:
            return company.official(place)
        return company.person("lin" if place.kind == Kind.HOTLINE else "chen")
