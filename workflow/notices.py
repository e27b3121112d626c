"""The State Council's yearly holiday notice as a sheet of three columns: date, kind, name. Pure.

`#` begins a comment; `# source:` and `# notice:` in the head say where the days come from. Excel's own encoding is read
as well as UTF-8. Weekends that the notice does not touch need no line.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from workflow.calendar import DayKind, is_weekend

COLUMNS = ("date", "kind", "name")


_FEASTS = ("元旦", "春节", "清明", "劳动", "端午", "中秋", "国庆")
_LEAST_OFF = 13
"""The days off that the law itself gives in a year (全国年节及纪念日放假办法 第2条, since 2025; 11 before)."""


class SheetRefused(ValueError):
    """A sheet that cannot be what it should be; the message is Chinese and names the line."""


@dataclass(frozen=True, slots=True)
class NamedDay:
    """One day that a notice names."""

    date: date
    kind: DayKind
    name: str
    notice_year: int


def decode(content: bytes) -> str:
    """The text of an uploaded sheet: UTF-8, or GB 18030 as Excel writes it."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030", errors="replace")


def head(text: str) -> dict[str, str]:
    """What the comments in the head say: `# source: …` gives {"source": "…"}."""
    lines = (line.lstrip("# ").partition(":") for line in text.splitlines() if line.startswith("#") and ":" in line)
    return {key.strip(): value.strip() for key, _, value in lines}


def rows(text: str, columns: Iterable[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """The lines below the head with their numbers, as dictionaries without blanks around the values."""
    numbered = [(number, line) for number, line in enumerate(text.splitlines(), 1) if _says_something(line)]
    if not numbered or [cell.strip() for cell in next(csv.reader([numbered[0][1]]))] != list(columns):
        raise SheetRefused(f"第一行应为列名：{','.join(columns)}")
    for number, line in numbered[1:]:
        cells = next(csv.reader([line]))
        if len(cells) != len(list(columns)):
            raise SheetRefused(f"第 {number} 行应有 {len(list(columns))} 列")
        yield number, dict(zip(columns, map(str.strip, cells), strict=True))


def read_notice(text: str, year: int) -> list[NamedDay]:
    """The days of the notice for a year, in order. Raises SheetRefused."""
    days: dict[date, NamedDay] = {}
    for number, row in rows(text, COLUMNS):
        try:
            day = _named_day(row, year)
        except ValueError as problem:
            raise SheetRefused(f"第 {number} 行：{problem}") from None
        if day.date in days:
            raise SheetRefused(f"第 {number} 行：{day.date} 出现两次")
        days[day.date] = day
    if not any(day.kind is DayKind.OFF and day.date.year == year for day in days.values()):
        raise SheetRefused(f"没有 {year} 年的放假日")
    return sorted(days.values(), key=lambda day: day.date)


def refuse_part_of_a_year(days: Iterable[NamedDay], year: int) -> None:
    """Raise SheetRefused unless the days can be a whole year's notice: a part would make wrong dates certain."""
    off = [day for day in days if day.kind is DayKind.OFF and day.date.year == year]
    if missing := [feast for feast in _FEASTS if not any(feast in day.name for day in off)]:
        raise SheetRefused(
            f"{year} 年的放假日不全，缺：{'、'.join(missing)}。请按国务院办公厅通知逐日填写，名称写明节日"
        )
    if len(off) < _LEAST_OFF - 2 * (year < 2025):
        raise SheetRefused(f"{year} 年只有 {len(off)} 个放假日，少于法定天数，请按国务院办公厅通知逐日填写")


def _named_day(row: dict[str, str], year: int) -> NamedDay:
    try:
        day = date.fromisoformat(row["date"])
    except ValueError:
        raise ValueError(f"“{row['date']}”不是日期，应写作 2027-01-01") from None
    if row["kind"] not in set(DayKind):
        raise ValueError(f"“{row['kind']}”应为 off（放假）或 work（上班）")
    if day.year != year and (day.year, day.month) != (year - 1, 12):
        raise ValueError(f"{day} 不在 {year} 年（或上年 12 月）内")
    kind = DayKind(row["kind"])
    if kind is DayKind.WORK and not is_weekend(day):
        raise ValueError(f"{day} 不是周末，不会是调休上班日")
    return NamedDay(day, kind, row["name"], year)


def _says_something(line: str) -> bool:
    return bool(line.strip(" ,\t\r")) and not line.startswith("#")
