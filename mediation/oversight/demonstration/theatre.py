"""Performing the stories: every beat through the door at its own moment, all stories in one order of time.

Time acts at the start of every day on all cases alike, as the worker's tick does, so what falls due in a story falls
due honestly. A beat that waits for time is not played but expected; where a calendar is not published yet time does not
act, and the story ends there.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from random import Random

from django.utils import timezone

from mediation.cases.case import DisputeCase
from mediation.cases.codes import Source
from mediation.cases.registration import Registration, Respondent, register
from mediation.documents.issuing import papers_on_demand
from mediation.hotline.models import HotlineOrder
from mediation.organisations.models import Kind
from mediation.oversight.demonstration.orders import Mailbag, answered, finished, left_in_preview, without_a_case
from mediation.oversight.demonstration.people import Company
from mediation.oversight.demonstration.script import REGISTER, Beat, Plot, Scene, Story
from workflow import engine
from workflow.calendar import Calendar
from workflow.lifecycle import TRANSITIONS
from workflow.management.commands.tick import act
from workflow.outbox import run_once
from workflow.registry import Refused

SOURCES = {Kind.HOTLINE: Source.HOTLINE, Kind.TOWN: Source.TOWN, Kind.COMMITTEE: Source.PATIENT}
MOST_DAYS = 420
WORKER, EVENING = "seed_demo", time(18, 30)
LUNCH = range(12, 14)


class Misplayed(Exception):
    """A beat was refused: the story does not keep to the law. ``str()`` names story, step and reason."""


@dataclass(order=True)
class Cue:
    """Something to do at a moment; ``place`` keeps cues of one moment in their order."""

    moment: datetime
    place: tuple[int, int]
    play: Callable[[datetime], None] = field(compare=False)


class Stage:
    """The working days before the day of the demonstration, and moments on them."""

    def __init__(self, as_of: date, calendar: Calendar) -> None:
        self.as_of, self._calendar = as_of, calendar
        days = [as_of - timedelta(days=back) for back in range(MOST_DAYS, 0, -1)]
        self.days = [day for day in days if calendar.is_working_day(day)]

    def next_working_day(self, day: date) -> date:
        """The working day after a day."""
        return self._calendar.roll_forward(day + timedelta(days=1))

    def begins(self, story: Story) -> int:
        """The place among ``days`` on which a story must begin to end where it should."""
        return len(self.days) - story.rest - story.days()[-1]

    def moments(self, places: Iterable[int], rng: Random) -> Iterator[datetime | None]:
        """One moment a beat, in office hours and in their order; ``None`` for what lies after the last day."""
        last: datetime | None = None
        for place in places:
            if place >= len(self.days):
                yield None
                continue
            morning = datetime.combine(self.days[place], time(9, 25), timezone.get_current_timezone())
            after = last if last is not None and last.date() == morning.date() else None
            last = (after or morning) + timedelta(minutes=rng.randint(6, 16) if after else rng.randint(1, 60))
            if last.hour in LUNCH:
                last += timedelta(hours=2)
            yield last


@dataclass
class Performance:
    """A story on stage: its plot, and its case once that is registered."""

    plot: Plot
    company: Company
    orders: tuple[str, ...] = ()
    case: DisputeCase | None = None
    is_over: bool = False

    def play(self, beat: Beat, now: datetime) -> None:
        """Take the step, or, where nobody takes it, see that time has. Raises :class:`Misplayed` when it is refused."""
        if self.is_over:
            return
        try:
            if beat.step == REGISTER:
                self.case = self._registered(now)
            elif beat.by:
                self._take(beat, now)
            else:
                self._expect(beat)
        except (Refused, AssertionError, StopIteration) as refused:
            raise Misplayed(f"《{self.plot.story.title}》{now:%Y-%m-%d} {beat.step}：{refused!r}") from refused

    def _registered(self, now: datetime) -> DisputeCase:
        by = self.plot.part("desk", None, self.company)
        case = register(self._registration(timezone.localtime(now).date()), by=by, now=now)
        if self.plot.story.key:
            self.company.cases[self.plot.story.key] = case
        return case

    def _registration(self, on: date) -> Registration:
        plot, story = self.plot, self.plot.story
        desk = self.company.place(story.desk)
        hospitals = [self.company.place(code) for code in plot.hospitals]
        people = story.people(plot.family) if story.people else plot.family.people
        form = Registration(
            desk=desk, source=SOURCES[Kind(desk.kind)], received_on=on, summary=plot.telling(self.company), people=people,
            respondents=[Respondent(hospital, plot.matter.department) for hospital in hospitals],
            residence_town=plot.family.lives_in, cause=plot.matter.cause, harm=plot.matter.harm,
            demands=plot.matter.demands, claimed_amount=plot.claimed, diagnosis=plot.matter.diagnosis,
            occurred_on=plot.occurred_on, is_major=plot.matter.is_deadly,
            orders=list(HotlineOrder.objects.filter(number__in=self.orders).order_by("number")),
        )  # fmt: skip
        return replace(form, **story.told)

    def _take(self, beat: Beat, now: datetime) -> None:
        """The case as the last step left it is enough to write the facts by; the door reads it anew under its lock."""
        assert self.case is not None, "not registered yet"
        scene = Scene(self.case.later_cases.get() if beat.linked else self.case, now, self.plot, self.company)
        by, happened_on = self.plot.part(beat.by, scene.case, self.company), scene.on - timedelta(days=beat.back)
        facts = dict(beat.facts(scene))
        move = engine.perform(scene.case, beat.step, by=by, now=now, happened_on=happened_on, **facts)
        if not beat.linked:
            self.case = move.case

    def _expect(self, beat: Beat) -> None:
        assert self.case is not None, "not registered yet"
        case = self.case = DisputeCase.objects.get(pk=self.case.pk)
        if case.state != TRANSITIONS[beat.step].target:
            self.is_over = case.due_provisional or case.mediation_provisional
            assert self.is_over, f"时间没有办理，案件仍为“{case.state_label}”"


class Programme:
    """What is to be performed: cues gathered from stories and orders, then played day by day."""

    def __init__(self, stage: Stage, company: Company) -> None:
        self.stage, self.company = stage, company
        self.mail = Mailbag(company)
        self.performances: list[Performance] = []
        self.cues: list[Cue] = []

    def add(self, story: Story, rng: Random, *, begins: int | None = None) -> Performance:
        """Put a story on the programme, to begin at a place among the stage's days or to end where it should."""
        place = self.stage.begins(story) if begins is None else begins
        if place < 0:
            raise Misplayed(f"《{story.title}》太长，演示期间容不下")
        plot = Plot.of(story, self.stage.days[place], self.company, rng, self.stage.next_working_day)
        performance = Performance(plot, self.company, orders=tuple(self._calls(plot, place)))
        self.performances.append(performance)
        moments = self.stage.moments((place + day for day in story.days()), rng)
        for number, (beat, moment) in enumerate(zip(story.beats, moments, strict=True)):
            if moment is not None:
                self.cue(moment, number, partial(performance.play, beat))
        return performance

    def cue(self, moment: datetime, number: int, play: Callable[[datetime], None]) -> None:
        """Something to do at a moment; at the same moment the story that was added first comes first."""
        self.cues.append(Cue(moment, (len(self.performances), number), play))

    def _calls(self, plot: Plot, place: int) -> Iterator[str]:
        """The calls that a story of the hotline begins with; each caller is answered and called back later."""
        if plot.story.desk != "hotline":
            return
        for number in range(plot.story.calls):
            order = self.mail.call(self.stage.days[place], plot, plot.rng)
            waits = (plot.rng.randint(5, 9), plot.rng.randint(10, 14))
            rating = plot.rng.choice(("very_satisfied", "satisfied", "satisfied", "fair"))
            turns = (partial(answered, order, self.company), partial(finished, order, self.company, rating=rating))
            for moment, turn in zip(self.stage.moments((place + wait for wait in waits), plot.rng), turns, strict=True):
                if moment is not None:
                    self.cue(moment, 100 + number, turn)
            yield order

    def add_other_orders(self, rng: Random) -> None:
        """The hotline's orders that no story is about, and a file left in its preview."""
        for number, (place, turn) in enumerate(without_a_case(self.mail, self.stage.days, rng)):
            for moment in self.stage.moments([place], rng):
                if moment is not None:
                    self.cue(moment, number, turn)
        last = self.stage.days[-1]
        self.cue(self._at(last, time(16, 40)), 0, partial(left_in_preview, self.mail, last, rng))

    def perform(self) -> int:
        """Play everything; time acts at the start of every day up to and with the last. Answers the number of cues."""
        for morning in self.mail.files:
            self.cue(self._at(morning, time(8, 50)), 0, partial(self.mail.deliver, morning))
        waiting = deque(sorted(self.cues))
        day = waiting[0].moment.date() if waiting else self.stage.as_of
        with papers_on_demand():
            while day <= self.stage.as_of:
                act(self._at(day, time.min))
                while waiting and waiting[0].moment.date() == day:
                    cue = waiting.popleft()
                    cue.play(cue.moment)
                self._work_off(self._at(day, EVENING))
                day += timedelta(days=1)
        return len(self.cues)

    def _at(self, day: date, hour: time) -> datetime:
        return datetime.combine(day, hour, timezone.get_current_timezone())

    def _work_off(self, now: datetime) -> None:
        """What the day's steps have left for the worker: drafts of replies to callers."""
        while run_once(WORKER, now, limit=50):
            pass
