"""Histories of one clock that several tests begin with: accepted on Monday 2 March 2026, stopped for an appraisal."""

from datetime import date

from tests.workflow.published import PUBLISHED
from workflow.clocks import Deadline, Mark, MarkKind, Period, Unit, deadline

MEDIATION = Period(30, Unit.WORKING_DAYS, article="条例第38条")
ACCEPTED = Mark(MarkKind.START, date(2026, 3, 2))
STOPPED = Mark(MarkKind.STOP, date(2026, 3, 16), paper="鉴定委托书")
RESUMED = Mark(MarkKind.RESUME, date(2026, 5, 11), paper="鉴定意见书")


def mediation(*marks: Mark, today: date | None = None) -> Deadline:
    return deadline(MEDIATION, [ACCEPTED, *marks], PUBLISHED, today=today)


def start_on(start: date, *marks: Mark, days: int = 30) -> Deadline:
    return deadline(Period(days, Unit.WORKING_DAYS), [Mark(MarkKind.START, start), *marks], PUBLISHED)
