"""Stepping in makes nobody an applicant (条例 31 ¶3)."""

from decimal import Decimal

import pytest

from tests.factories import case_at, take
from workflow.reckoning import read_marks
from workflow.registry import Refused


def test_a_major_dispute_comes_up_without_receipt_and_without_review_clock() -> None:
    case = take(case_at("registered"), "step_in", "clerk_chen", triggers=["death", "media"], note="家属聚集")

    assert (case.state, case.is_major) == ("escalated", True)
    assert not case.applications.exists()
    assert "review" not in {mark.clock for mark in read_marks(case)}
    assert not case.documents.exists()


def test_a_large_claim_is_one_only_from_the_rulebooks_amount_on() -> None:
    small = case_at("registered", claimed_amount=Decimal("99999.99"))
    with pytest.raises(Refused, match="未达 100,000 元"):
        take(small, "step_in", "clerk_chen", triggers=["claim"], note="索赔大")

    large = case_at("registered", claimed_amount=Decimal("100000.00"))

    assert take(large, "step_in", "clerk_chen", triggers=["claim"], note="索赔大").is_major


def test_without_a_trigger_nobody_steps_in() -> None:
    with pytest.raises(Refused, match="认定重大纠纷的依据"):
        take(case_at("registered"), "step_in", "clerk_chen", triggers=[], note="介入")
