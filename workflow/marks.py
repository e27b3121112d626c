"""What happened to a clock, and how later marks correct earlier ones. Pure.

Marks come in the order in which they were recorded; each carries the date on which it happened. See `workflow.clocks`
for how the days then count.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from workflow.periods import ClockError, day_of


class MarkKind(StrEnum):
    START = "start"
    STOP = "stop"
    RESUME = "resume"
    EXTEND = "extend"
    END = "end"


@dataclass(frozen=True, slots=True)
class Mark:
    """One happening in the life of a clock: `on` is when it happened, `paper` what proves it."""

    kind: MarkKind
    on: date | datetime
    days: int | None = None
    until: date | None = None
    paper: str = ""


@dataclass(frozen=True, slots=True)
class Pause:
    """Days that do not count, both ends included; `last` is None while the clock stands still."""

    first: date
    last: date | None

    def covers(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)

    def reaches_beyond(self, day: date) -> bool:
        return self.last is None or day < self.last


@dataclass(slots=True)
class History:
    """One count in its final, corrected form. An extension remembers how many pauses were known when it was agreed."""

    start: date | datetime | None = None
    pauses: list[Pause] = field(default_factory=list)
    extensions: list[tuple[Mark, int]] = field(default_factory=list)
    ended: date | datetime | None = None

    @property
    def is_stopped(self) -> bool:
        return bool(self.pauses) and self.pauses[-1].last is None


def replay(marks: Iterable[Mark]) -> History:
    """The history that the marks tell. Raises ClockError when they contradict one another."""
    history = History()
    for mark in marks:
        if mark.kind is MarkKind.START:
            history = history if history.ended is None else History()
            history.start = mark.on
        elif mark.kind is MarkKind.STOP:
            _stop(history, day_of(mark.on))
        elif mark.kind is MarkKind.RESUME:
            _resume(history, day_of(mark.on))
        elif mark.kind is MarkKind.EXTEND:
            _extend(history, mark)
        else:
            history.ended = mark.on
    return history


def _stop(history: History, first: date) -> None:
    if history.ended is not None:
        raise ClockError("期限已经终结，不能停表")
    if history.pauses and history.pauses[-1].reaches_beyond(first):
        history.pauses.pop()
    history.pauses.append(Pause(first, None))


def _resume(history: History, last: date) -> None:
    history.ended = None
    if not history.is_stopped:
        return
    first = history.pauses[-1].first
    if last < first:
        raise ClockError("恢复计算的日期不能早于停表的日期")
    history.pauses[-1] = Pause(first, last)


def _extend(history: History, mark: Mark) -> None:
    if (mark.days is None) == (mark.until is None):
        raise ClockError("延期须写明天数或者新的到期日，二者择一")
    if mark.days is not None and mark.days < 1:
        raise ClockError("延期天数至少为一")
    if mark.until is not None and history.is_stopped:
        raise ClockError("停表期间只能按天数延期，不能指定到期日")
    history.extensions.append((mark, len(history.pauses)))
