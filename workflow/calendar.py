"""Working days in China, as a pure function of one published calendar.

A calendar is an *edition*: the special days of every notice of the State Council loaded so far (法定节假日 and
调休上班日), and the years those notices cover. All other days follow the week. A day in a year without a notice is
computed by the week and the holidays of a fixed date, and called provisional (暂定): never a crash, never silently wrong.
Nothing here knows a database, a clock on the wall or a time zone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

ONE_DAY = timedelta(days=1)
PROVISIONAL_SUFFIX = "（暂定）"

_SATURDAY = 5
_EVERY_YEAR = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
"""Month and day of the holidays that no notice has to announce (全国年节及纪念日放假办法 第2条, since 2025; H); the days off
around them, and the feasts of the lunar calendar, wait for the year's notice."""
_WEEKDAY_NAMES = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")


class DayKind(StrEnum):
    """What a notice says of a day; the days it does not name follow the week."""

    OFF = "off"
    WORK = "work"


@dataclass(frozen=True, slots=True)
class Calendar:
    """One edition of the calendar: immutable, so that a deadline can be explained years later."""

    edition: int
    special: Mapping[date, DayKind]
    covered_years: frozenset[int]

    def is_working_day(self, day: date) -> bool:
        """Whether the day counts in a period of working days; a make-up Saturday (调休上班) does."""
        kind = self.special.get(day)
        if kind is not None:
            return kind is DayKind.WORK
        return not is_weekend(day) and not self._is_fixed_holiday(day)

    def _is_fixed_holiday(self, day: date) -> bool:
        """Whether the law alone gives the day off; in a covered year the notice has said so already."""
        return day.year not in self.covered_years and (day.month, day.day) in _EVERY_YEAR

    def is_official(self, day: date) -> bool:
        """Whether a published notice covers the day: its own year's, or a neighbour's that names it."""
        return day.year in self.covered_years or day in self.special

    def reason(self, day: date) -> str:
        """Why the day counts or not, in Chinese, marked as provisional where no notice covers it."""
        return self._plain_reason(day) if self.is_official(day) else self._plain_reason(day) + PROVISIONAL_SUFFIX

    def add_working_days(self, start: date, count: int) -> date:
        """The day on which `count` working days are full; the start day is not counted (民法典 201)."""
        if count < 0:
            raise ValueError("工作日天数不能为负数")
        day = start
        while count:
            day += ONE_DAY
            count -= self.is_working_day(day)
        return day

    def working_days_between(self, after: date, until: date) -> int:
        """How many working days d lie in after < d <= until; negative when `until` lies before `after`."""
        if until < after:
            return -self.working_days_between(until, after)
        return sum(self.is_working_day(after + timedelta(days=step)) for step in range(1, (until - after).days + 1))

    def roll_forward(self, day: date) -> date:
        """The day itself if it is a working day, else the next one that is (民法典 203)."""
        while not self.is_working_day(day):
            day += ONE_DAY
        return day

    def _plain_reason(self, day: date) -> str:
        kind = self.special.get(day)
        if kind is DayKind.OFF or (kind is None and self._is_fixed_holiday(day)):
            return "法定节假日"
        if kind is DayKind.WORK:
            return "调休上班" if is_weekend(day) else "工作日"
        return "周末" if is_weekend(day) else "工作日"


def is_weekend(day: date) -> bool:
    """Whether the week alone would make it a day off."""
    return day.weekday() >= _SATURDAY


def weekday_name(day: date) -> str:
    """The Chinese name of the day of the week: 星期一 … 星期日."""
    return _WEEKDAY_NAMES[day.weekday()]
