"""时效: the badge that says in one glance how a deadline stands. Pure, and the same words in list, page and paper."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from workflow.calendar import PROVISIONAL_SUFFIX, Calendar
from workflow.periods import Unit

DUE_SOON = 5
ONE_DAY = timedelta(days=1)


class Level(StrEnum):
    """正常, 临期, 今日到期, 超期, 停表."""

    OK = "ok"
    WARN = "warn"
    DUE = "due"
    LATE = "late"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Urgency:
    """A badge: its level for the colour, its words for the reader."""

    level: Level
    words: str


NOT_STARTED = Urgency(Level.OK, "未起算")
ON_HOLD = Urgency(Level.HOLD, "已停表")


def urgency_of(
    due_on: date | None,
    today: date,
    calendar: Calendar,
    *,
    unit: Unit = Unit.WORKING_DAYS,
    stopped: bool = False,
    provisional: bool = False,
    due_soon: int = DUE_SOON,
) -> Urgency:
    """The badge for a row of a list, from the stored due date alone: the same words as `Deadline.urgency`.

    `due_soon` is how many days of the unit before the due date the warning begins.
    """
    if stopped:
        return ON_HOLD
    if due_on is None:
        return NOT_STARTED
    left = days_left(due_on, today, calendar, unit)
    return running(due_on, today, left, unit, due_soon, provisional=provisional)


def days_left(due_on: date, today: date, calendar: Calendar, unit: Unit) -> int:
    """Days of the unit between today and the due date; negative when it has passed."""
    if unit is Unit.WORKING_DAYS:
        return calendar.working_days_between(today, due_on)
    return (due_on - today).days


def running(due_on: date, today: date, left: int, unit: Unit, due_soon: int, *, provisional: bool) -> Urgency:
    """The badge of a clock that counts days."""
    suffix = PROVISIONAL_SUFFIX if provisional else ""
    if today > due_on:
        return Urgency(Level.LATE, _over(left, unit) + suffix)
    if today == due_on:
        return Urgency(Level.DUE, "今日到期" + suffix)
    return Urgency(Level.WARN if left <= due_soon else Level.OK, f"剩 {left} {unit.label}{suffix}")


def running_in_hours(due_at: datetime, now: datetime, left: int) -> Urgency:
    """The badge of a clock that counts hours; the last day is a warning, its last calendar day names the minute."""
    if now > due_at:
        return Urgency(Level.LATE, _over(left, Unit.HOURS))
    if due_at.date() == now.date():
        return Urgency(Level.DUE, f"今日 {due_at:%H:%M} 到期")
    return Urgency(Level.WARN if due_at - now <= ONE_DAY else Level.OK, f"剩 {left} {Unit.HOURS.label}")


def ended(left: int, unit: Unit, *, late: bool) -> Urgency:
    """The badge of a clock that has ended: in time or not, and by how much."""
    if late:
        return Urgency(Level.LATE, f"{_over(left, unit)}完成")
    return Urgency(Level.OK, f"按期完成，余 {left} {unit.label}")


def _over(left: int, unit: Unit) -> str:
    return f"超期 {-left} {unit.label}" if left else "已超期"
