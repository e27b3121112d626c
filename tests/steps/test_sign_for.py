"""Signing for starts nothing: the five days run from dispatch."""

from datetime import date

from tests.factories import at, case_at, take


def test_the_five_days_run_from_dispatch() -> None:
    case = take(case_at("town_pending"), "sign_for", "town_wang", now=at("2026-03-03"))

    assert (case.state, case.due_on) == ("town_handling", date(2026, 3, 9))
