"""The calendar that ships with the product, read without a database."""

from pathlib import Path

from workflow.calendar import Calendar
from workflow.notices import decode, read_notice

CALENDARS = Path(__file__).resolve().parents[2] / "fixtures" / "calendar"
WHOLE_2027 = """date,kind,name
2027-01-01,off,元旦\n2027-01-02,off,元旦\n2027-01-04,off,元旦\n2027-01-09,work,元旦\n2027-02-05,off,春节\n2027-02-06,off,春节
2027-02-07,off,春节\n2027-02-08,off,春节\n2027-04-05,off,清明节\n2027-05-01,off,劳动节\n2027-05-02,off,劳动节\n2027-06-09,off,端午节
2027-09-15,off,中秋节\n2027-10-01,off,国庆节\n2027-10-02,off,国庆节\n2027-10-03,off,国庆节
"""
"""An invented notice for a year that has none yet."""
YEARS = frozenset(int(path.stem) for path in CALENDARS.glob("*.csv"))


def published(years: frozenset[int] = YEARS) -> Calendar:
    """A calendar of these years' notices."""
    sheets = {year: decode((CALENDARS / f"{year}.csv").read_bytes()) for year in sorted(years)}
    days = [day for year, text in sheets.items() for day in read_notice(text, year)]
    return Calendar(1, {day.date: day.kind for day in days}, years)


PUBLISHED = published()
