"""Lengths of time as the law states them, and the one reading of a moment as a day. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from enum import StrEnum

LEGAL_TIME = timezone(timedelta(hours=8), "北京时间")


class ClockError(ValueError):
    """A period, a moment or marks that make no sense; the message is Chinese and fit for a clerk."""


class Unit(StrEnum):
    WORKING_DAYS = "working_days"
    NATURAL_DAYS = "natural_days"
    HOURS = "hours"

    @property
    def label(self) -> str:
        """The word after the number: 个工作日, 天, 小时."""
        return _UNIT_LABELS[self]


_UNIT_LABELS = {Unit.WORKING_DAYS: "个工作日", Unit.NATURAL_DAYS: "天", Unit.HOURS: "小时"}


@dataclass(frozen=True, slots=True)
class Period:
    """So many working days, natural days or hours. `roll_over` matters to natural days only (民法典 203)."""

    amount: int
    unit: Unit
    roll_over: bool = True
    article: str = ""

    def __post_init__(self) -> None:
        if self.amount < 1:
            raise ClockError("期限至少为一")

    def __str__(self) -> str:
        return f"{self.amount} {self.unit.label}"


def day_of(moment: date | datetime) -> date:
    """The day of a moment in legal time (北京时间), whatever zone it is written in; a date is already one."""
    return instant_of(moment).date() if isinstance(moment, datetime) else moment


def instant_of(moment: date | datetime) -> datetime:
    """The moment in legal time; a date means its first instant. A datetime without a time zone is refused."""
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time.min, LEGAL_TIME)
    if moment.tzinfo is None:
        raise ClockError("时刻必须带时区")
    return moment.astimezone(LEGAL_TIME)
