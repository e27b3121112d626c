"""Contacts are logged; the first that reaches the patient's side ends the clock of the first contact (B3)."""

from datetime import date

import pytest

from tests.factories import at, case_at, take
from workflow.reckoning import deadline_of
from workflow.records import Event
from workflow.registry import Refused

CALL = {"side": "patient", "purpose": "first", "means": "phone", "reached": True, "content": "已说明办理途径"}


def test_reaching_the_patient_ends_the_first_contact_clock() -> None:
    case = case_at("town_handling")
    assert deadline_of(case, "first_contact").due_on == date(2026, 3, 3)

    case = take(case, "log_contact", "town_wang", now=at("2026-03-03", 16), **CALL, at=at("2026-03-03", 15, 20))

    clock = deadline_of(case, "first_contact")
    assert (clock.ended, case.state, case.due_on) == (date(2026, 3, 3), "town_handling", date(2026, 3, 9))
    contact = case.contacts.get()
    assert (contact.at, contact.organisation) == (at("2026-03-03", 15, 20), case.town)


@pytest.mark.parametrize("change", [{"reached": False}, {"side": "hospital"}])
def test_an_attempt_or_a_call_to_the_hospital_does_not(change: dict[str, object]) -> None:
    case = take(
        case_at("town_handling"),
        "log_contact",
        "town_wang",
        now=at("2026-03-02", 16),
        **CALL | change,
        at=at("2026-03-02", 15),
    )

    assert deadline_of(case, "first_contact").ended is None


def test_the_end_is_marked_once() -> None:
    case = take(
        case_at("town_handling"), "log_contact", "town_wang", now=at("2026-03-02", 16), **CALL, at=at("2026-03-02", 15)
    )
    case = take(case, "log_contact", "town_wang", now=at("2026-03-04", 16), **CALL, at=at("2026-03-04", 15))

    assert deadline_of(case, "first_contact").ended == date(2026, 3, 2)


def test_an_hour_that_has_not_come_is_refused() -> None:
    with pytest.raises(Refused, match="联系时间不能晚于现在"):
        take(case_at("town_handling"), "log_contact", "town_wang", **CALL, at=at("2026-03-02", 15))


def test_the_hour_belongs_to_the_day_of_the_step() -> None:
    with pytest.raises(Refused, match="须在发生日期 2026-03-02 当天"):
        take(case_at("town_handling"), "log_contact", "town_wang", **CALL, at=at("2026-03-01", 15))


def test_nothing_is_written_for_the_clerk() -> None:
    with pytest.raises(Refused, match="请填写内容与结果"):
        take(
            case_at("town_handling"),
            "log_contact",
            "town_wang",
            now=at("2026-03-02", 16),
            **CALL | {"content": " "},
            at=at("2026-03-02", 15),
        )


def test_three_working_days_late_need_no_reason_and_four_do() -> None:
    """The rulebook says 3; the make-up Saturday of 28 February is one of them."""
    case = case_at("town_handling", now=at("2026-02-25"))
    late = {"now": at("2026-03-02"), **CALL}

    case = take(case, "log_contact", "town_wang", **late, happened_on=date(2026, 2, 26), at=at("2026-02-26"))
    assert "backdated" not in Event.objects.get(chain=case.chain, seq=case.version).data

    with pytest.raises(Refused, match="补录已超过 4 个工作日"):
        take(case, "log_contact", "town_wang", **late, happened_on=date(2026, 2, 25), at=at("2026-02-25"))
