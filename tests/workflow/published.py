"""The calendar that ships with the product, read without a database."""

from pathlib import Path

from workflow.calendar import Calendar
from workflow.notices import decode, read_notice

CALENDARS = Path(__file__).resolve().parents[2] / "fixtures" / "calendar"
YEARS = frozenset(int(path.stem) for path in CALENDARS.glob("*.csv"))


def published(years: frozenset[int] = YEARS) -> Calendar:
    """A calendar of these years' notices."""
    sheets = {year: decode((CALENDARS / f"{year}.csv").read_bytes()) for year in sorted(years)}
    days = [day for year, text in sheets.items() for day in read_notice(text, year)]
    return Calendar(1, {day.date: day.kind for day in days}, years)


PUBLISHED = published()
