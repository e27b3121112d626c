"""What holds of every deadline, whatever the dates."""

import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.workflow.histories import start_on
from tests.workflow.published import PUBLISHED
from workflow.clocks import Level, Mark, MarkKind, urgency_of

ROOT = Path(__file__).resolve().parents[2]
STARTS = st.dates(date(2024, 1, 1), date(2027, 3, 1))
LENGTHS = st.integers(1, 60)


@given(STARTS, LENGTHS)
def test_a_longer_period_ends_later(start: date, days: int) -> None:
    sooner, later = start_on(start, days=days).due_on, start_on(start, days=days + 1).due_on

    assert sooner is not None
    assert later is not None
    assert sooner < later


@given(STARTS, LENGTHS)
def test_the_ledger_counts_the_period_and_ends_on_a_working_day(start: date, days: int) -> None:
    says = start_on(start, days=days)
    numbers = [day.number for day in says.ledger if day.counts]

    assert numbers == list(range(1, days + 1))
    assert says.due_on == says.ledger[-1].on
    assert PUBLISHED.is_working_day(says.ledger[-1].on)
    assert [day.on for day in says.ledger] == [start + timedelta(days=step) for step in range(len(says.ledger))]
    assert says.provisional is (says.ledger[-1].on.year not in PUBLISHED.covered_years)


@given(STARTS, LENGTHS, st.integers(1, 60), st.integers(0, 90))
def test_a_stop_of_k_working_days_moves_the_due_date_by_k_working_days(
    start: date, days: int, after: int, length: int
) -> None:
    plain = start_on(start, days=days).due_on
    first = start + timedelta(days=after)
    last = first + timedelta(days=length)
    assume(plain is not None and first <= plain)
    assert plain is not None
    lost = PUBLISHED.working_days_between(first - timedelta(days=1), last)

    paused = start_on(start, Mark(MarkKind.STOP, first), Mark(MarkKind.RESUME, last), days=days)

    assert paused.due_on == PUBLISHED.add_working_days(plain, lost)
    assert sum(day.counts for day in paused.ledger) == days


@given(STARTS, LENGTHS, st.lists(st.tuples(st.integers(1, 20), st.integers(0, 20)), max_size=4))
def test_whatever_the_pauses_the_period_keeps_its_length(start: date, days: int, gaps: list[tuple[int, int]]) -> None:
    marks, day = [], start
    for gap, length in gaps:
        first = day + timedelta(days=gap)
        day = first + timedelta(days=length)
        marks += [Mark(MarkKind.STOP, first), Mark(MarkKind.RESUME, day)]

    says = start_on(start, *marks, days=days)

    assert sum(entry.counts for entry in says.ledger) == says.used == days
    assert says.due_on is not None
    assert PUBLISHED.is_working_day(says.due_on)


@given(STARTS, LENGTHS, st.integers(0, 200))
def test_list_and_page_say_the_same(start: date, days: int, later: int) -> None:
    says, today = start_on(start, days=days), start + timedelta(days=later)

    listed = urgency_of(says.due_on, today, PUBLISHED, provisional=says.provisional)

    assert says.urgency(today, PUBLISHED) == listed
    assert (listed.level is Level.LATE) is says.is_late(today)


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "America/Los_Angeles", "Pacific/Kiritimati"])
def test_the_time_zone_of_the_process_does_not_matter(zone: str) -> None:
    program = (
        "from datetime import datetime\n"
        "from tests.workflow.published import PUBLISHED\n"
        "from workflow.clocks import *\n"
        "begun = Mark(MarkKind.START, datetime.fromisoformat('2026-03-01T23:30:00+00:00'))\n"
        "print(deadline(Period(30, Unit.WORKING_DAYS), [begun], PUBLISHED).due_on)\n"
        "print(deadline(Period(48, Unit.HOURS), [begun], PUBLISHED).due_at.isoformat())\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "TZ": zone},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert said.stdout.split() == ["2026-04-14", "2026-03-04T07:30:00+08:00"]


def test_calendar_and_clocks_know_no_django() -> None:
    modules = "workflow.calendar, workflow.clocks, workflow.notices, workflow.rules"
    program = f"import sys, {modules}; print('django' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)

    assert said.stdout.strip() == "False"
