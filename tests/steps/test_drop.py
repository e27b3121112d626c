"""Giving up needs its ground: nobody to reach, or guided in vain."""

from dataclasses import replace

import pytest

from mediation.cases.case import DisputeCase
from tests.factories import PATIENT, at, case_at, take
from workflow.registry import Refused


def call(case: DisputeCase, day: str, *, reached: bool) -> DisputeCase:
    return take(case, "log_contact", "town_wang", now=at(day, 16), side="patient", purpose="first", means="phone",
                at=at(day, 10), reached=reached, content="电话联系")  # fmt: skip


def give_up(case: DisputeCase, day: str) -> DisputeCase:
    return take(case, "drop", "town_wang", now=at(day, 17), ground="unreachable", note="无人接听")


def test_nobody_reached_on_three_different_days_is_enough() -> None:
    case = case_at("town_handling")
    for day in ("2026-03-02", "2026-03-03", "2026-03-05"):
        with pytest.raises(Refused, match="3 个不同的日期都联系不上"):
            give_up(case, day)
        case = call(case, day, reached=False)

    case = give_up(case, "2026-03-05")

    assert (case.state, case.outcome, case.outcome_code) == ("closing", "dropped", "unreachable")


def test_one_attempt_and_three_days_of_waiting_are_not() -> None:
    case = call(call(case_at("town_handling"), "2026-03-02", reached=False), "2026-03-02", reached=False)
    with pytest.raises(Refused, match="现有 1 天"):
        give_up(case, "2026-03-09")


def test_somebody_who_was_reached_in_between_is_not_unreachable() -> None:
    case = case_at("town_handling")
    for day, reached in (("2026-03-02", False), ("2026-03-03", False), ("2026-03-04", True), ("2026-03-05", False)):
        case = call(case, day, reached=reached)
    with pytest.raises(Refused, match="现有 1 天"):
        give_up(case, "2026-03-06")


def test_guided_in_vain_means_more_than_once() -> None:
    case = call(case_at("town_handling"), "2026-03-02", reached=True)
    with pytest.raises(Refused, match="两次以上"):
        take(case, "drop", "town_wang", now=at("2026-03-03"), ground="guided_in_vain", note="不愿申请")

    case = call(case, "2026-03-03", reached=True)

    assert (
        take(case, "drop", "town_wang", now=at("2026-03-04"), ground="guided_in_vain", note="不愿申请").outcome
        == "dropped"
    )


def test_a_caller_with_a_phone_is_called_first() -> None:
    with pytest.raises(Refused, match="登记有联系电话"):
        take(case_at("registered"), "drop", "hotline_lin", ground="anonymous", note="匿名")

    nameless = case_at("registered", people=(replace(PATIENT, name="匿名", phone=""),))

    assert take(nameless, "drop", "hotline_lin", ground="anonymous", note="匿名").state == "closing"
