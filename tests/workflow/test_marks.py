"""How a clock is stopped, resumed, extended, corrected and ended."""

from datetime import date

import pytest

from tests.workflow.histories import MEDIATION, RESUMED, STOPPED, mediation
from tests.workflow.published import PUBLISHED
from workflow.calendar import Calendar
from workflow.clocks import ClockError, Level, Mark, MarkKind, Period, Unit, deadline


def test_a_stopped_clock_has_no_due_date_and_keeps_what_is_left() -> None:
    says = mediation(STOPPED, today=date(2026, 4, 1))

    assert (says.due_on, says.stopped, says.used) == (None, True, 9)
    assert says.remaining_at(date(2026, 4, 1), PUBLISHED) == 21
    assert says.urgency(date(2026, 4, 1), PUBLISHED).words == "已停表"
    assert says.urgency(date(2026, 4, 1), PUBLISHED).level is Level.HOLD
    assert not says.is_late(date(2027, 4, 1))


def test_the_ledger_of_a_stopped_clock_shows_the_stop_up_to_today() -> None:
    last = mediation(STOPPED, today=date(2026, 4, 1)).ledger[-1]

    assert (last.on, last.counts, last.reason) == (date(2026, 4, 1), False, "停表，不计入")


def test_the_day_of_the_stop_and_the_day_of_the_resume_do_not_count() -> None:
    reasons = {day.on: day.reason for day in mediation(STOPPED, RESUMED).ledger}

    assert reasons[date(2026, 3, 13)] == "工作日"
    assert reasons[date(2026, 3, 16)] == reasons[date(2026, 5, 11)] == "停表，不计入"
    assert reasons[date(2026, 5, 12)] == "工作日"


def test_a_stop_of_one_day_moves_the_due_date_by_one_working_day() -> None:
    says = mediation(Mark(MarkKind.STOP, date(2026, 3, 16)), Mark(MarkKind.RESUME, date(2026, 3, 16)))

    assert says.due_on == date(2026, 4, 15)


def test_several_pauses_add_up() -> None:
    says = mediation(STOPPED, RESUMED, Mark(MarkKind.STOP, date(2026, 5, 18)), Mark(MarkKind.RESUME, date(2026, 5, 22)))

    assert says.due_on == PUBLISHED.add_working_days(date(2026, 6, 9), 5)


def test_a_second_appraisal_may_begin_on_the_day_the_first_ended() -> None:
    says = mediation(STOPPED, RESUMED, Mark(MarkKind.STOP, date(2026, 5, 11)), Mark(MarkKind.RESUME, date(2026, 5, 15)))

    assert says.due_on == PUBLISHED.add_working_days(date(2026, 6, 9), 4)


def test_a_stop_on_the_last_day_holds_the_last_day() -> None:
    assert mediation(Mark(MarkKind.STOP, date(2026, 4, 14))).remaining_at(date(2026, 4, 20), PUBLISHED) == 1


def test_a_stop_after_the_period_ran_out_changes_nothing() -> None:
    says = mediation(Mark(MarkKind.STOP, date(2026, 4, 15)), today=date(2026, 4, 20))

    assert (says.due_on, says.stopped) == (date(2026, 4, 14), False)


def test_a_second_stop_corrects_the_first() -> None:
    assert mediation(STOPPED, Mark(MarkKind.STOP, date(2026, 3, 18)), RESUMED).due_on == date(2026, 6, 5)


def test_a_closed_pause_is_corrected_by_recording_it_again() -> None:
    shorter = mediation(STOPPED, RESUMED, STOPPED, Mark(MarkKind.RESUME, date(2026, 5, 8)))

    assert shorter.due_on == date(2026, 6, 5)


def test_a_resume_while_running_changes_nothing() -> None:
    assert mediation(Mark(MarkKind.RESUME, date(2026, 3, 20))).due_on == date(2026, 4, 14)
    assert mediation(STOPPED, RESUMED, Mark(MarkKind.RESUME, date(2026, 5, 29))).due_on == date(2026, 6, 9)


def test_a_pause_cannot_end_before_it_began() -> None:
    with pytest.raises(ClockError, match="不能早于停表"):
        mediation(STOPPED, Mark(MarkKind.RESUME, date(2026, 3, 15)))


def test_a_pause_in_a_year_without_notice_does_not_make_the_date_provisional() -> None:
    calendar = Calendar(1, {}, frozenset({2025, 2027}))
    marks = [
        Mark(MarkKind.START, date(2025, 12, 29)), Mark(MarkKind.STOP, date(2026, 1, 1)),
        Mark(MarkKind.RESUME, date(2026, 12, 31)),
    ]  # fmt: skip

    assert not deadline(Period(5, Unit.WORKING_DAYS), marks, calendar).provisional


@pytest.mark.rule("R10")
def test_an_extension_adds_working_days() -> None:
    assert mediation(Mark(MarkKind.EXTEND, date(2026, 4, 1), days=10)).due_on == date(2026, 4, 28)


def test_an_extension_names_a_date() -> None:
    says = mediation(Mark(MarkKind.EXTEND, date(2026, 4, 1), until=date(2026, 5, 20)))

    assert says.due_on == date(2026, 5, 20)


def test_an_extension_until_a_day_off_ends_on_the_next_working_day() -> None:
    assert mediation(Mark(MarkKind.EXTEND, date(2026, 4, 1), until=date(2026, 5, 2))).due_on == date(2026, 5, 6)


def test_an_extension_never_shortens() -> None:
    assert mediation(Mark(MarkKind.EXTEND, date(2026, 4, 1), until=date(2026, 4, 8))).due_on == date(2026, 4, 14)


def test_an_extension_while_stopped_counts_after_the_stop() -> None:
    extension = Mark(MarkKind.EXTEND, date(2026, 4, 10), days=10)

    assert mediation(STOPPED, extension).remaining_at(date(2026, 4, 10), PUBLISHED) == 31
    assert mediation(STOPPED, extension, RESUMED).due_on == PUBLISHED.add_working_days(date(2026, 6, 9), 10)


def test_while_stopped_no_date_can_be_named() -> None:
    with pytest.raises(ClockError, match="停表期间只能按天数延期"):
        mediation(STOPPED, Mark(MarkKind.EXTEND, date(2026, 4, 10), until=date(2026, 7, 1)))


def test_a_later_pause_does_not_eat_the_agreed_time() -> None:
    agreed = Mark(MarkKind.EXTEND, date(2026, 3, 10), until=date(2026, 5, 20))
    pause = Mark(MarkKind.STOP, date(2026, 5, 11)), Mark(MarkKind.RESUME, date(2026, 5, 15))

    assert mediation(agreed, *pause).due_on == PUBLISHED.add_working_days(date(2026, 5, 20), 5)


def test_a_date_named_after_a_pause_stands() -> None:
    agreed = Mark(MarkKind.EXTEND, date(2026, 5, 20), until=date(2026, 7, 1))

    assert mediation(STOPPED, RESUMED, agreed).due_on == date(2026, 7, 1)


@pytest.mark.parametrize("mark", [
    Mark(MarkKind.EXTEND, date(2026, 4, 1)), Mark(MarkKind.EXTEND, date(2026, 4, 1), days=0),
    Mark(MarkKind.EXTEND, date(2026, 4, 1), days=3, until=date(2026, 5, 20)),
])  # fmt: skip
def test_an_extension_says_by_how_much(mark: Mark) -> None:
    with pytest.raises(ClockError, match="延期"):
        mediation(mark)


def test_a_corrected_start_supersedes_the_first_and_keeps_the_pauses() -> None:
    corrected = mediation(STOPPED, RESUMED, Mark(MarkKind.START, date(2026, 3, 3)))

    assert corrected.due_on == date(2026, 6, 10)


def test_a_start_after_an_end_begins_anew() -> None:
    again = mediation(
        Mark(MarkKind.EXTEND, date(2026, 3, 4), days=5), Mark(MarkKind.END, date(2026, 3, 6)),
        Mark(MarkKind.START, date(2026, 3, 9)),
    )  # fmt: skip

    assert again.due_on == PUBLISHED.add_working_days(date(2026, 3, 9), 30)
    assert again.ended is None


def test_an_end_freezes_what_is_left() -> None:
    says = mediation(Mark(MarkKind.END, date(2026, 4, 8)), today=date(2026, 9, 1))

    assert says.remaining_at(date(2026, 9, 1), PUBLISHED) == 4
    assert says.used == 26
    assert says.ledger[-1].on == date(2026, 4, 8)
    assert says.urgency(date(2026, 9, 1), PUBLISHED).words == "按期完成，余 4 个工作日"


def test_an_end_after_the_due_date_stays_late() -> None:
    urgency = mediation(Mark(MarkKind.END, date(2026, 4, 16))).urgency(date(2026, 9, 1), PUBLISHED)

    assert (urgency.level, urgency.words) == (Level.LATE, "超期 2 个工作日完成")


def test_a_resume_takes_an_end_back_and_loses_no_day() -> None:
    says = mediation(Mark(MarkKind.END, date(2026, 4, 15)), Mark(MarkKind.RESUME, date(2026, 4, 17)))

    assert (says.due_on, says.ended) == (date(2026, 4, 14), None)


def test_an_ended_clock_cannot_stop() -> None:
    with pytest.raises(ClockError, match="已经终结"):
        mediation(Mark(MarkKind.END, date(2026, 3, 9)), STOPPED)


def test_a_clock_that_has_not_started_says_so() -> None:
    says = deadline(MEDIATION, [], PUBLISHED)

    assert (says.due_on, says.stopped, says.ledger) == (None, False, ())
    assert says.urgency(date(2026, 3, 2), PUBLISHED).words == "未起算"
