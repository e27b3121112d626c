"""Deadlines: the vectors of the law, natural days, hours, and whose day an instant belongs to."""

import json
import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.workflow.histories import STOPPED, start_on
from tests.workflow.published import PUBLISHED
from workflow.calendar import Calendar, DayKind
from workflow.clocks import LEGAL_TIME, ClockError, Mark, MarkKind, Period, Unit, day_of, deadline

ROOT = Path(__file__).resolve().parents[2]

# The vectors of the shared file, typed again so that a checkout alone still tests them. A pause includes both ends.
VECTORS: list[dict[str, Any]] = [
    {"what": "mediation", "start": "2026-01-26", "working_days": 30, "due": "2026-03-13"},
    {"what": "mediation", "start": "2026-03-02", "working_days": 30, "due": "2026-04-14"},
    {"what": "mediation", "start": "2026-09-14", "working_days": 30, "due": "2026-10-30"},
    {"what": "appraisal pause", "start": "2026-03-02", "working_days": 30, "pause": ["2026-03-16", "2026-05-11"],
     "used_before_pause": 9, "due": "2026-06-09"},
    {"what": "administrative, accept or reject", "start": "2026-02-12", "working_days": 5, "due": "2026-02-26"},
    {"what": "12345 consultation", "start": "2026-09-28", "working_days": 2, "due": "2026-09-30"},
    {"what": "12345 help or suggestion", "start": "2026-09-28", "working_days": 10, "due": "2026-10-16"},
    {"what": "12345 complaint or report", "start": "2026-09-28", "working_days": 15, "due": "2026-10-23"},
    {"what": "judicial confirmation, rolls", "start": "2026-01-20", "natural_days": 30, "raw": "2026-02-19",
     "due": "2026-02-24"},
    {"what": "judicial confirmation, rolls", "start": "2026-09-04", "natural_days": 30, "raw": "2026-10-04",
     "due": "2026-10-08"},
    {"what": "judicial confirmation", "start": "2026-04-15", "natural_days": 30, "due": "2026-05-15"},
    {"what": "autopsy", "start": "2026-03-06T14:30+08:00", "hours": 48, "due": "2026-03-08T14:30+08:00"},
    {"what": "autopsy, frozen", "start": "2026-03-06", "natural_days": 7, "roll_over": False, "due": "2026-03-13"},
    {"what": "body storage", "start": "2026-03-06", "natural_days": 14, "roll_over": False, "due": "2026-03-20"},
    {"what": "year without a notice", "start": "2026-11-21", "working_days": 30, "provisional": True},
]  # fmt: skip


def check(vector: dict[str, Any], calendar: Calendar) -> None:
    unit = next(unit for unit in Unit if unit.value in vector)
    period = Period(vector[unit.value], unit, vector.get("roll_over", True))
    start = (datetime if unit is Unit.HOURS else date).fromisoformat(vector["start"])
    marks = [Mark(MarkKind.START, start)]
    if "pause" in vector:
        first, last = map(date.fromisoformat, vector["pause"])
        stopped = deadline(period, [*marks, Mark(MarkKind.STOP, first)], calendar)
        assert stopped.used == vector["used_before_pause"]
        marks += [Mark(MarkKind.STOP, first), Mark(MarkKind.RESUME, last)]

    says = deadline(period, marks, calendar)

    assert says.provisional is vector.get("provisional", False)
    if unit is Unit.HOURS:
        assert says.due_at == datetime.fromisoformat(vector["due"])
    elif "due" in vector:
        assert says.due_on == date.fromisoformat(vector["due"])
    if "raw" in vector:
        assert [day.on for day in says.ledger if day.counts][-1] == date.fromisoformat(vector["raw"])


@pytest.mark.rule("R09")
@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: f"{vector['what']} from {vector['start']}")
def test_the_vectors_of_the_law(vector: dict[str, Any]) -> None:
    check(vector, PUBLISHED)


def test_the_vectors_beside_the_checkout_are_the_same_and_pass() -> None:
    shared = Path(os.environ.get("MEDIATION_SHARED") or ROOT.parent / "shared")
    path = shared / "data" / "deadline-vectors.json"
    if not path.is_file():
        pytest.skip("the shared vectors are not beside this checkout")
    found = json.loads(path.read_text(encoding="utf-8"))
    calendar = calendar_of_2026(found["calendar_2026"])

    for vector in found["vectors"]:
        check(vector, calendar)
    assert [bare(vector) for vector in found["vectors"]] == [bare(vector) for vector in VECTORS]


def bare(vector: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in vector.items() if key != "what"}


def calendar_of_2026(days: dict[str, list[str]]) -> Calendar:
    special = {date.fromisoformat(f"2026-{day}"): DayKind.WORK for day in days["make_up_workdays"]}
    for span in days["off"]:
        first, last = (date.fromisoformat(f"2026-{day}") for day in span.split("/"))
        special |= {first + timedelta(days=step): DayKind.OFF for step in range((last - first).days + 1)}
    return Calendar(1, special, frozenset({2026}))


def test_the_ledger_explains_a_roll_over() -> None:
    says = deadline(Period(30, Unit.NATURAL_DAYS), [Mark(MarkKind.START, date(2026, 1, 20))], PUBLISHED)

    assert says.rows[-6:] == (
        ("2026-02-19", "星期四", "自然日，法定节假日", "第 30 日"),
        ("2026-02-20", "星期五", "法定节假日，期限顺延", "不计"),
        ("2026-02-21", "星期六", "法定节假日，期限顺延", "不计"),
        ("2026-02-22", "星期日", "法定节假日，期限顺延", "不计"),
        ("2026-02-23", "星期一", "法定节假日，期限顺延", "不计"),
        ("2026-02-24", "星期二", "工作日，期限顺延至此日", "不计"),
    )
    assert says.remaining_at(date(2026, 2, 20), PUBLISHED) == 4
    assert says.urgency(date(2026, 2, 20), PUBLISHED).words == "剩 4 天"


def test_only_the_last_natural_day_can_be_provisional() -> None:
    start = Mark(MarkKind.START, date(2026, 12, 20))

    assert deadline(Period(30, Unit.NATURAL_DAYS), [start], PUBLISHED).provisional
    assert not deadline(Period(11, Unit.NATURAL_DAYS), [start], PUBLISHED).provisional
    assert not deadline(Period(30, Unit.NATURAL_DAYS, roll_over=False), [start], PUBLISHED).provisional


def test_hours_run_from_instant_to_instant_across_a_holiday() -> None:
    died = datetime(2026, 2, 16, 23, 30, tzinfo=LEGAL_TIME)
    says = deadline(Period(12, Unit.HOURS), [Mark(MarkKind.START, died)], PUBLISHED)

    assert says.due_at == datetime(2026, 2, 17, 11, 30, tzinfo=LEGAL_TIME)
    assert says.due_on == date(2026, 2, 17)
    assert says.urgency(died + timedelta(hours=1), PUBLISHED).words == "今日 11:30 到期"
    assert says.remaining_at(died + timedelta(hours=2, minutes=1), PUBLISHED) == 9
    assert says.urgency(died + timedelta(hours=13), PUBLISHED).words == "超期 1 小时"


def test_hours_need_an_instant_and_do_not_stop() -> None:
    period = Period(48, Unit.HOURS)
    begun = Mark(MarkKind.START, datetime(2026, 3, 6, 14, 30, tzinfo=LEGAL_TIME))

    with pytest.raises(ClockError, match="时刻起算"):
        deadline(period, [Mark(MarkKind.START, date(2026, 3, 6))], PUBLISHED)
    with pytest.raises(ClockError, match="不停表"):
        deadline(period, [begun, STOPPED], PUBLISHED)
    with pytest.raises(ClockError, match="时区"):
        deadline(period, [Mark(MarkKind.START, datetime(2026, 3, 6, 14, 30))], PUBLISHED)


def test_an_instant_belongs_to_the_day_of_legal_time() -> None:
    assert day_of(datetime(2026, 3, 1, 16, 30, tzinfo=UTC)) == date(2026, 3, 2)
    assert start_on(datetime(2026, 3, 1, 16, 30, tzinfo=UTC)).due_on == date(2026, 4, 14)
