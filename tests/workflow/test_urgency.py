"""The badge: the same words in list, page and paper."""

from datetime import date, datetime, timedelta

import pytest

from tests.workflow.histories import RESUMED, STOPPED, mediation, start_on
from tests.workflow.published import PUBLISHED
from workflow.clocks import LEGAL_TIME, ClockError, Level, Mark, MarkKind, Period, Unit, deadline, urgency_of


@pytest.mark.parametrize(
    ("today", "level", "words"),
    [
        (date(2026, 3, 20), Level.OK, "剩 16 个工作日"),
        (date(2026, 4, 3), Level.OK, "剩 6 个工作日"),
        (date(2026, 4, 7), Level.WARN, "剩 5 个工作日"),
        (date(2026, 4, 8), Level.WARN, "剩 4 个工作日"),
        (date(2026, 4, 14), Level.DUE, "今日到期"),
        (date(2026, 4, 16), Level.LATE, "超期 2 个工作日"),
    ],
)
def test_the_badge_says_how_a_deadline_stands(today: date, level: Level, words: str) -> None:
    says = mediation()

    urgency = says.urgency(today, PUBLISHED)

    assert (urgency.level, urgency.words) == (level, words)
    assert urgency_of(says.due_on, today, PUBLISHED) == urgency


def test_on_the_weekend_after_the_due_date_no_working_day_is_overdue_but_it_is_late() -> None:
    says = start_on(date(2026, 3, 5), days=1)

    assert says.due_on == date(2026, 3, 6)
    assert says.remaining_at(date(2026, 3, 7), PUBLISHED) == 0
    assert says.urgency(date(2026, 3, 7), PUBLISHED).words == "已超期"
    assert says.is_late(date(2026, 3, 7))


def test_a_provisional_date_says_so() -> None:
    says = start_on(date(2026, 11, 21))

    assert says.urgency(date(2026, 12, 30), PUBLISHED).words == "剩 2 个工作日（暂定）"
    assert says.rows[-1] == ("2027-01-04", "星期一", "工作日（暂定）", "第 30 日")


def test_what_is_used_is_counted_up_to_today() -> None:
    assert mediation(today=date(2026, 3, 13)).used == 9
    assert mediation(today=date(2026, 3, 15)).used == 9
    assert mediation().used == mediation(today=date(2026, 12, 1)).used == 30


def test_a_period_is_at_least_one() -> None:
    with pytest.raises(ClockError):
        Period(0, Unit.WORKING_DAYS)
    assert [str(Period(30, unit)) for unit in Unit] == ["30 个工作日", "30 天", "30 小时"]


def test_what_is_left_on_a_day_before_a_pause_leaves_the_pause_out() -> None:
    assert mediation(STOPPED, RESUMED).remaining_at(date(2026, 3, 10), PUBLISHED) == 24


@pytest.mark.parametrize(
    ("hours", "level", "words"),
    [
        (23, Level.OK, "剩 25 小时"),
        (24, Level.WARN, "剩 24 小时"),
        (40, Level.DUE, "今日 14:30 到期"),
        (49, Level.LATE, "超期 1 小时"),
    ],
)
def test_the_badge_of_a_clock_of_hours(hours: int, level: Level, words: str) -> None:
    begun = datetime(2026, 3, 6, 14, 30, tzinfo=LEGAL_TIME)
    says = deadline(Period(48, Unit.HOURS), [Mark(MarkKind.START, begun)], PUBLISHED)

    urgency = says.urgency(begun + timedelta(hours=hours), PUBLISHED)

    assert (urgency.level, urgency.words) == (level, words)
