"""The town's one extension."""

from datetime import date

import pytest

from tests.factories import at, case_at, take
from workflow.registry import Refused


def test_five_more_working_days_once() -> None:
    case = take(case_at("town_handling"), "extend_handling", "town_wang", now=at("2026-03-05"), reason="等待病历")

    assert (case.state, case.due_on) == ("town_handling", date(2026, 3, 16))
    assert case.tasks.get(finished__isnull=True).due_on == date(2026, 3, 16)
    with pytest.raises(Refused, match="已延长一次"):
        take(case, "extend_handling", "town_wang", now=at("2026-03-06"), reason="再等")


def test_what_has_run_out_is_not_extended() -> None:
    case = case_at("town_handling")
    with pytest.raises(Refused, match="已于 2026-03-09 届满"):
        take(case, "extend_handling", "town_wang", now=at("2026-03-10"), reason="等待病历")


def test_a_reason_is_needed() -> None:
    with pytest.raises(Refused, match="请填写延期理由"):
        take(case_at("town_handling"), "extend_handling", "town_wang", reason=" ")
