"""Deadlines: what happened (marks) and a calendar go in, a due date and a day-by-day ledger come out.

`deadline()` is pure: the same marks and the same edition of the calendar always give the same answer, whatever the
time of day or the time zone of the process. How the days count:

* **START** itself is not counted; day 1 is the day after it (民法典 201). A second START corrects the first and keeps
  the pauses and extensions. A START after an END begins a new count: everything before it is forgotten.
* **STOP.on is the first day that does not count, RESUME.on the last one**: the day of entrustment and the day of the
  opinion both belong to the appraisal (条例 38). An open STOP leaves the deadline without a due date, unless the
  period had run out before. Pauses do not overlap: a STOP while stopped, or before the last day of the latest pause,
  corrects that pause (the RESUME after it is then recorded again).
* **EXTEND.days** adds days of the period's own unit, also while stopped. **EXTEND.until** names the new last day and is
  turned into days at once, so that a later pause does not eat the agreed time; it is refused while stopped and never
  shortens.
* **END** freezes what was used and left. A RESUME while nothing is stopped takes an END back: no day is lost.
* A period of natural days whose last day is a day off ends on the next working day (民法典 203), unless `roll_over` is
  False. A period of hours runs from instant to instant (民法典 201) and knows neither pause nor extension.

This module is the one to import from: it gathers the words of `periods`, `marks` and `urgency`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from workflow import urgency as badges
from workflow.calendar import ONE_DAY, Calendar, weekday_name
from workflow.marks import History, Mark, MarkKind, Pause, replay
from workflow.periods import LEGAL_TIME, ClockError, Period, Unit, day_of, instant_of
from workflow.urgency import DUE_SOON, Level, Urgency, days_left, urgency_of

__all__ = [
    "DUE_SOON", "LEGAL_TIME", "ClockError", "Deadline", "LedgerDay", "Level", "Mark", "MarkKind", "Period", "Unit",
    "Urgency", "day_of", "days_left", "deadline", "instant_of", "urgency_of",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class LedgerDay:
    """One day of the count: whether it counts, as which number, and why, in Chinese."""

    on: date
    counts: bool
    number: int | None
    reason: str
    provisional: bool

    @property
    def row(self) -> tuple[str, str, str, str]:
        """The printed line: 日期, 星期, 说明, 计数."""
        number = f"第 {self.number} 日" if self.counts else "不计"
        return self.on.isoformat(), weekday_name(self.on), self.reason, number


@dataclass(frozen=True, slots=True)
class Deadline:
    """What a clock says.

    `due_on` is None before a start and while stopped; `due_at` is set for a period of hours. `total` is the length with
    its extensions, `used` how much of it was counted up to the day that was asked about (all of it when none was).
    `provisional`: a day without an official notice decides the date. `ended` is when the clock ended, if it did.
    """

    due_on: date | None
    due_at: datetime | None
    provisional: bool
    stopped: bool
    used: int
    ledger: tuple[LedgerDay, ...]
    article: str
    unit: Unit = Unit.WORKING_DAYS
    total: int = 0
    ended: date | datetime | None = None

    @property
    def rows(self) -> tuple[tuple[str, str, str, str], ...]:
        """The ledger as it is printed."""
        return tuple(day.row for day in self.ledger)

    def is_late(self, today: date | datetime) -> bool:
        """Whether the due date has passed; a stopped clock is never late, an ended one is judged by its end."""
        moment = self._frozen(today)
        if self.due_at is not None:
            return instant_of(moment) > self.due_at
        return self.due_on is not None and day_of(moment) > self.due_on

    def remaining_at(self, today: date | datetime, calendar: Calendar) -> int:
        """What is left after `today`, in the period's unit (whole hours for hours); frozen by a stop and by an end.

        Negative by the days overdue. On a day off right after the due date no working day is overdue yet: 0.
        """
        moment = self._frozen(today)
        if self.due_at is not None:
            return (self.due_at - instant_of(moment)) // timedelta(hours=1)
        if self.due_on is None:
            return self.total - self.used
        day = day_of(moment)
        if self.unit is Unit.WORKING_DAYS and day <= self.due_on:
            return self.total - _counted(self.ledger, day)
        return days_left(self.due_on, day, calendar, self.unit)

    def urgency(self, today: date | datetime, calendar: Calendar, *, due_soon: int = DUE_SOON) -> Urgency:
        """The badge of this clock; `due_soon` is how many days before the due date the warning begins."""
        if self.due_on is None and not self.stopped:
            return badges.NOT_STARTED
        left = self.remaining_at(today, calendar)
        if self.ended is not None:
            return badges.ended(left, self.unit, late=self.is_late(today))
        if self.due_on is None:
            return badges.ON_HOLD
        if self.due_at is not None:
            return badges.running_in_hours(self.due_at, instant_of(today), left)
        return badges.running(self.due_on, day_of(today), left, self.unit, due_soon, provisional=self.provisional)

    def _frozen(self, today: date | datetime) -> date | datetime:
        if self.ended is None or instant_of(today) < instant_of(self.ended):
            return today
        return self.ended


def deadline(
    period: Period, marks: Iterable[Mark], calendar: Calendar, *, today: date | datetime | None = None
) -> Deadline:
    """The deadline that follows from the marks. `today` limits `used` and shows the days of an open stop.

    Raises ClockError when the marks contradict one another.
    """
    history = replay(marks)
    if history.start is None:
        return Deadline(None, None, False, False, 0, (), period.article, period.unit, period.amount)
    if period.unit is Unit.HOURS:
        return _in_hours(period, history.start, history, today)
    return _in_days(period, day_of(history.start), history, calendar, today)


def _in_hours(period: Period, start: date | datetime, history: History, today: date | datetime | None) -> Deadline:
    if not isinstance(start, datetime):
        raise ClockError("以小时计算的期限须从时刻起算")
    if history.pauses or history.extensions:
        raise ClockError("以小时计算的期限不停表、不延期")
    begun = instant_of(start)
    due_at = begun + timedelta(hours=period.amount)
    asked = [instant_of(moment) for moment in (today, history.ended) if moment is not None]
    used = min([period.amount, *(max(0, (moment - begun) // timedelta(hours=1)) for moment in asked)])
    ledger = (
        LedgerDay(begun.date(), False, None, f"{begun:%H:%M} 起算", False),
        LedgerDay(due_at.date(), False, None, f"{due_at:%H:%M} 届满", False),
    )
    return Deadline(
        due_at.date(), due_at, False, False, used, ledger, period.article, period.unit, period.amount, history.ended
    )


def _in_days(
    period: Period, start: date, history: History, calendar: Calendar, today: date | datetime | None
) -> Deadline:
    total = _total(period, start, history, calendar)
    ledger = _count(period.unit, start, total, history.pauses, calendar)
    stopped = _counted(ledger) < total
    if stopped:
        ledger += _standstill(ledger[-1].on, history, today)
    elif period.unit is Unit.NATURAL_DAYS and period.roll_over:
        ledger = _rolled(ledger, calendar)
    due_on = None if stopped else ledger[-1].on
    provisional = any(day.provisional for day in ledger)
    asked = [day_of(moment) for moment in (today, history.ended) if moment is not None]
    if history.ended is not None:
        ledger = [day for day in ledger if day.on <= day_of(history.ended)]
    used = _counted(ledger, min(asked, default=None))
    return Deadline(
        due_on, None, provisional, stopped, used, tuple(ledger), period.article, period.unit, total, history.ended
    )


def _total(period: Period, start: date, history: History, calendar: Calendar) -> int:
    """The length with its extensions; an agreed date is turned into days with the pauses known when it was agreed."""
    total = period.amount
    for mark, known in history.extensions:
        if mark.until is not None:
            total = max(total, _days_until(period, start, mark.until, history.pauses[:known], calendar))
        else:
            total += mark.days or 0
    return total


def _days_until(period: Period, start: date, until: date, pauses: Sequence[Pause], calendar: Calendar) -> int:
    last = calendar.roll_forward(until) if period.unit is Unit.WORKING_DAYS else until
    days = (start + timedelta(days=step) for step in range(1, (last - start).days + 1))
    return sum(_counts(period.unit, day, calendar) and _pause_on(day, pauses) is None for day in days)


def _count(unit: Unit, start: date, total: int, pauses: Sequence[Pause], calendar: Calendar) -> list[LedgerDay]:
    """The days from the start until the period is full, or until an open pause stands in the way."""
    ledger = [LedgerDay(start, False, None, "起算日，不计入", False)]
    day, number = start, 0
    while number < total:
        day += ONE_DAY
        pause = _pause_on(day, pauses)
        if pause is not None and pause.last is None:
            break
        if pause is not None:
            ledger.append(_paused(day))
            continue
        counts = _counts(unit, day, calendar)
        number += counts
        guessed = unit is Unit.WORKING_DAYS and not calendar.is_official(day)
        reason = calendar.reason(day) if unit is Unit.WORKING_DAYS else "自然日"
        ledger.append(LedgerDay(day, counts, number if counts else None, reason, guessed))
    return ledger


def _standstill(last: date, history: History, today: date | datetime | None) -> list[LedgerDay]:
    """The days of the open stop, shown up to today or to the end of the clock."""
    shown = [day_of(moment) for moment in (today, history.ended) if moment is not None]
    span = (min(shown, default=last) - last).days
    return [_paused(last + timedelta(days=step)) for step in range(1, span + 1)]


def _rolled(ledger: list[LedgerDay], calendar: Calendar) -> list[LedgerDay]:
    """The last natural day, and where it falls on a day off, the days to the next working day."""
    raw = ledger[-1]
    reason = f"{raw.reason}，{calendar.reason(raw.on)}"
    rolled = [LedgerDay(raw.on, raw.counts, raw.number, reason, not calendar.is_official(raw.on))]
    day, due_on = raw.on, calendar.roll_forward(raw.on)
    while day < due_on:
        day += ONE_DAY
        reason = f"{calendar.reason(day)}，期限顺延至此日" if day == due_on else f"{calendar.reason(day)}，期限顺延"
        rolled.append(LedgerDay(day, False, None, reason, not calendar.is_official(day)))
    return [*ledger[:-1], *rolled]


def _counts(unit: Unit, day: date, calendar: Calendar) -> bool:
    return unit is Unit.NATURAL_DAYS or calendar.is_working_day(day)


def _pause_on(day: date, pauses: Sequence[Pause]) -> Pause | None:
    return next((pause for pause in pauses if pause.covers(day)), None)


def _paused(day: date) -> LedgerDay:
    return LedgerDay(day, False, None, "停表，不计入", False)


def _counted(ledger: Sequence[LedgerDay], until: date | None = None) -> int:
    return sum(day.counts and (until is None or day.on <= until) for day in ledger)
