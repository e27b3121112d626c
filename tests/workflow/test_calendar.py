"""Working days: what the notices say, what the week says, and what happens where no notice is."""

from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflow.published import CALENDARS, PUBLISHED, WHOLE_2027, YEARS, published
from workflow.calendar import Calendar, DayKind, weekday_name
from workflow.notices import SheetRefused, decode, head, read_notice, refuse_part_of_a_year

DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
COUNTS = st.integers(0, 60)


def test_every_day_of_the_shipped_years_agrees_with_an_independent_source() -> None:
    assert {2024, 2025, 2026} <= YEARS
    day, wrong = date(2024, 1, 1), []
    while day <= date(2026, 12, 31):
        if PUBLISHED.is_working_day(day) is not chinese_calendar.is_workday(day):
            wrong.append(day)
        day += timedelta(days=1)

    assert wrong == []


def test_each_shipped_year_names_its_notice() -> None:
    numbers = {path.stem: head(decode(path.read_bytes()))["notice"] for path in sorted(CALENDARS.glob("*.csv"))}

    assert numbers == {
        "2024": "国办发明电〔2023〕7号",
        "2025": "国办发明电〔2024〕12号",
        "2026": "国办发明电〔2025〕7号",
    }


def test_a_make_up_saturday_counts() -> None:
    assert PUBLISHED.is_working_day(date(2026, 2, 28))
    assert PUBLISHED.reason(date(2026, 2, 28)) == "调休上班"
    assert PUBLISHED.add_working_days(date(2026, 2, 27), 1) == date(2026, 2, 28)


def test_spring_festival_does_not_count() -> None:
    festival = [date(2026, 2, 15) + timedelta(days=step) for step in range(9)]

    assert not any(PUBLISHED.is_working_day(day) for day in festival)
    assert {PUBLISHED.reason(day) for day in festival} == {"法定节假日"}
    assert PUBLISHED.roll_forward(festival[0]) == date(2026, 2, 24)


def test_an_ordinary_week_follows_the_week() -> None:
    week = [date(2026, 3, 2) + timedelta(days=step) for step in range(7)]

    assert [PUBLISHED.reason(day) for day in week] == ["工作日"] * 5 + ["周末"] * 2
    assert "".join(weekday_name(day)[-1] for day in week) == "一二三四五六日"


def test_a_year_without_notice_is_computed_and_called_provisional() -> None:
    assert not PUBLISHED.is_official(date(2027, 1, 4))
    assert PUBLISHED.is_working_day(date(2027, 1, 4))
    assert PUBLISHED.reason(date(2027, 1, 4)) == "工作日（暂定）"
    assert PUBLISHED.reason(date(2027, 1, 2)) == "周末（暂定）"


def test_a_holiday_of_fixed_date_does_not_wait_for_its_notice() -> None:
    """全国年节及纪念日放假办法 第2条: what the notice adds around it stays provisional."""
    fixed = [date(2027, 1, 1), date(2027, 5, 1), date(2027, 5, 2), *(date(2027, 10, day) for day in (1, 2, 3))]

    assert not any(PUBLISHED.is_working_day(day) or PUBLISHED.is_official(day) for day in fixed)
    assert {PUBLISHED.reason(day) for day in fixed} == {"法定节假日（暂定）"}
    assert PUBLISHED.add_working_days(date(2026, 12, 31), 1) == date(2027, 1, 4)
    moved = Calendar(1, {date(2027, 10, 1): DayKind.WORK}, frozenset({2027}))
    assert moved.is_working_day(date(2027, 10, 1)), "the notice has the last word"


def test_a_december_day_named_by_next_years_notice_is_official() -> None:
    calendar = Calendar(1, {date(2026, 12, 31): DayKind.OFF}, frozenset({2027}))

    assert calendar.is_official(date(2026, 12, 31))
    assert not calendar.is_official(date(2026, 12, 30))


def test_the_start_day_is_not_counted() -> None:
    assert PUBLISHED.working_days_between(date(2026, 3, 2), date(2026, 3, 2)) == 0
    assert PUBLISHED.working_days_between(date(2026, 3, 2), date(2026, 3, 3)) == 1
    assert PUBLISHED.working_days_between(date(2026, 3, 6), date(2026, 3, 8)) == 0


def test_backwards_is_negative() -> None:
    assert PUBLISHED.working_days_between(date(2026, 3, 10), date(2026, 3, 6)) == -2


def test_a_negative_number_of_days_is_refused() -> None:
    with pytest.raises(ValueError, match="不能为负"):
        PUBLISHED.add_working_days(date(2026, 3, 2), -1)


@given(DAYS, COUNTS)
def test_adding_and_counting_are_inverse(start: date, count: int) -> None:
    due = PUBLISHED.add_working_days(start, count)

    assert PUBLISHED.working_days_between(start, due) == count
    assert count == 0 or PUBLISHED.is_working_day(due)


@given(DAYS, COUNTS)
def test_more_days_are_later(start: date, count: int) -> None:
    assert PUBLISHED.add_working_days(start, count) < PUBLISHED.add_working_days(start, count + 1)


@given(DAYS)
def test_rolling_forward_passes_over_days_off_only(day: date) -> None:
    rolled = PUBLISHED.roll_forward(day)

    assert PUBLISHED.is_working_day(rolled)
    assert all(not PUBLISHED.is_working_day(day + timedelta(days=step)) for step in range((rolled - day).days))


def test_loading_a_year_changes_its_own_days_only() -> None:
    before, after = published(frozenset({2025})), published(frozenset({2025, 2026}))

    assert before.is_working_day(date(2026, 2, 17))
    assert not after.is_working_day(date(2026, 2, 17))
    assert before.is_working_day(date(2025, 9, 28))
    assert after.is_working_day(date(2025, 9, 28))


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("2027-02-30,off,春节", "第 2 行：“2027-02-30”不是日期"),
        ("2027-02-06,holiday,春节", "第 2 行：“holiday”应为 off"),
        ("2026-11-30,off,元旦", "不在 2027 年"),
        ("2027-02-08,work,春节", "不是周末"),
        ("2027-02-06,work,春节", "没有 2027 年的放假日"),
        ("2027-01-01,off,元旦\n2027-01-01,off,元旦", "第 3 行：2027-01-01 出现两次"),
        ("2027-01-01,off", "第 2 行应有 3 列"),
    ],
)
def test_a_wrong_line_of_a_notice_is_named(line: str, why: str) -> None:
    with pytest.raises(SheetRefused, match=why):
        read_notice(f"date,kind,name\n{line}\n", 2027)


@pytest.mark.parametrize("year", sorted(YEARS))
def test_every_shipped_notice_is_a_whole_year(year: int) -> None:
    refuse_part_of_a_year(read_notice(decode((CALENDARS / f"{year}.csv").read_bytes()), year), year)


def test_a_part_of_a_year_is_no_notice() -> None:
    """It would make dates certain on which time then acts."""
    whole = read_notice(WHOLE_2027, 2027)
    refuse_part_of_a_year(whole, 2027)

    with pytest.raises(SheetRefused, match="缺：端午、国庆"):
        refuse_part_of_a_year([day for day in whole if day.name not in ("端午节", "国庆节")], 2027)
    with pytest.raises(SheetRefused, match="只有 12 个放假日"):
        refuse_part_of_a_year([day for day in whole if day.date.day not in (4, 6, 8)], 2027)


def test_a_notice_without_column_names_is_refused() -> None:
    with pytest.raises(SheetRefused, match="第一行应为列名"):
        read_notice("2027-01-01,off,元旦\n", 2027)


def test_a_sheet_saved_by_excel_is_read() -> None:
    text = "date,kind,name\r\n2027-01-01,off,元旦\r\n"

    for encoding in ("gb18030", "utf-8-sig", "utf-8"):
        assert read_notice(decode(text.encode(encoding)), 2027)[0].name == "元旦"
