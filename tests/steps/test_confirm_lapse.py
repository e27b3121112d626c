"""期满, 确认视为不成: reached by time alone, confirmed by the director (条例 38; R11)."""

from __future__ import annotations

from datetime import date

import pytest

from tests.factories import at, case_at, take
from tests.factories_mediation import sign
from workflow.registry import Refused

pytestmark = pytest.mark.django_db
AFTER = at("2026-04-15", hour=0, minute=5)


@pytest.mark.rule("R11")
@pytest.mark.parametrize("state", ["awaiting_assignment", "investigating", "in_mediation", "agreement_drafted"])
def test_the_day_after_the_last_it_counts_as_failed(state: str) -> None:
    case = case_at(state)
    with pytest.raises(Refused, match="调解期限尚未届满"):
        take(case, "lapse", now=at("2026-04-14", hour=23))

    case = take(case, "lapse", now=AFTER)
    assert (case.state, case.state_before_lapse) == ("lapsed", state)


@pytest.mark.rule("R11")
def test_what_both_sides_signed_in_time_does_not_lapse() -> None:
    case = sign(case_at("agreement_drafted"), "patient", "hospital", now=at("2026-04-14"))

    with pytest.raises(Refused, match="双方已在届满前签署协议"):
        take(case, "lapse", now=AFTER)


@pytest.mark.rule("R11")
def test_one_side_alone_has_not_signed() -> None:
    case = sign(case_at("agreement_drafted"), "patient", "mediator", "seal", now=at("2026-04-14"))

    assert take(case, "lapse", now=AFTER).state == "lapsed"


@pytest.mark.rule("R11")
def test_the_director_confirms_after_checking_the_count() -> None:
    case = case_at("lapsed")
    with pytest.raises(Refused, match="请先核对期限台账"):
        take(case, "confirm_lapse", "director_xu", now=at("2026-04-15"))

    case = take(case, "confirm_lapse", "director_xu", now=at("2026-04-15"), ledger_checked=True)

    assert (case.state, case.outcome, case.outcome_code) == ("closing", "deemed_failed", "expired")
    assert case.documents.filter(kind="routes_notice").exists()


@pytest.mark.rule("R34")
def test_a_period_that_turns_out_not_to_be_over_is_not_confirmed() -> None:
    case = case_at("lapsed")
    type(case).objects.filter(pk=case.pk).update(mediation_due_on=date(2026, 4, 16))

    with pytest.raises(Refused, match="尚未届满，应办理“更正期满”"):
        take(case, "confirm_lapse", "director_xu", now=at("2026-04-15"), ledger_checked=True)
