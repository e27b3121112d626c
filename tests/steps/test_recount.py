"""A new calendar: open deadlines are counted anew, with a record of the old and the new date (R34)."""

from datetime import date, timedelta

import pytest

from mediation.cases.case import DisputeCase
from tests.factories import NOW, at, case_at, fresh
from workflow import rulebook, timekeeping
from workflow.calendar import DayKind
from workflow.notices import NamedDay
from workflow.records import Event


@pytest.fixture(autouse=True)
def forget_editions() -> None:
    yield
    rulebook.forget()


@pytest.mark.rule("R34")
def test_a_published_year_makes_a_provisional_date_certain_and_says_from_what_to_what() -> None:
    case = case_at("awaiting_assignment", now=at("2026-12-01"))
    assert case.mediation_provisional
    before = case.mediation_due_on
    days = [NamedDay(date(2027, 1, day), DayKind.OFF, "元旦", 2027) for day in (1, 2, 3, 4)]

    rulebook.publish_calendar(days, source="示例通知", by=None, now=at("2026-12-02"))
    moved = timekeeping.recount(at("2026-12-02"))

    case.refresh_from_db()
    event = Event.objects.get(chain=case.chain, seq=case.version)
    assert moved == 1
    assert not case.mediation_provisional
    assert case.mediation_due_on > before
    assert event.kind == "recount"
    assert (event.data["mediation_due_on_before"], event.data["mediation_due_on"]) == (
        before.isoformat(),
        case.mediation_due_on.isoformat(),
    )
    assert event.data["edition"] == case.calendar_edition == event.data["from_edition"] + 1


def test_a_date_that_does_not_move_is_recorded_with_the_edition_it_now_rests_on() -> None:
    case = case_at("town_handling")
    days = [NamedDay(date(2027, 1, 1), DayKind.OFF, "元旦", 2027)]

    rulebook.publish_calendar(days, source="示例通知", by=None, now=NOW)
    moved = timekeeping.recount(NOW)

    case.refresh_from_db()
    event = Event.objects.get(chain=case.chain, seq=case.version)
    assert (moved, event.kind, event.data["due_on_before"] == event.data["due_on"]) == (0, "recount", True)


def test_time_counts_anew_before_it_acts() -> None:
    case = case_at("town_handling", now=at("2026-12-30"))
    due = case.due_on
    assert case.due_provisional
    whole_year = [NamedDay(date(2027, 1, day), DayKind.OFF, "元旦", 2027) for day in (1, 2, 3)]
    rulebook.publish_calendar(whole_year, source="示例通知", by=None, now=at("2026-12-31"))

    with_limit = timekeeping.recount(at("2026-12-31"), most=0)
    assert (with_limit, [*timekeeping.due_steps(due + timedelta(days=60))]) == (
        0,
        [],
    )  # counted by the old calendar: left alone

    assert timekeeping.tick(at((due + timedelta(days=60)).isoformat())) == 1

    kinds = list(Event.objects.filter(chain=case.chain).order_by("seq").values_list("kind", flat=True))
    assert kinds[-2:] == ["recount", "escalate_overdue"]


def test_time_leaves_alone_what_another_route_has_taken() -> None:
    case = case_at("town_handling")
    DisputeCase.objects.filter(pk=case.pk).update(other_route="lawsuit")
    late = at((case.due_on + timedelta(days=1)).isoformat())

    assert [name for _, name, _ in timekeeping.due_steps(late.date())] == ["escalate_overdue"]
    assert timekeeping.tick(late) == 0
    assert fresh(case).state == "town_handling"


def test_time_does_not_act_on_a_certain_date_of_an_older_calendar() -> None:
    case = case_at("town_handling")
    late = case.due_on + timedelta(days=1)
    assert [name for _, name, _ in timekeeping.due_steps(late)] == ["escalate_overdue"]

    rulebook.publish_calendar(
        [NamedDay(date(2027, 1, 1), DayKind.OFF, "元旦", 2027)], source="示例通知", by=None, now=NOW
    )

    assert [*timekeeping.due_steps(late)] == []
    timekeeping.recount(NOW)
    assert [name for _, name, _ in timekeeping.due_steps(late)] == ["escalate_overdue"]
