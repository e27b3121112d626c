"""Refusal is in writing, and its ground must hold (R05, R03)."""

import pytest

from mediation.cases.record import StepFacts
from tests.factories import at, case_at, take
from workflow.registry import Refused


@pytest.mark.rule("R05")
def test_the_written_refusal_names_reason_and_article() -> None:
    case = take(
        case_at("under_review"), "refuse", "clerk_chen", ground="not_dispute", reason="不是诊疗活动引起的争议。"
    )

    assert (case.state, case.outcome, case.outcome_code) == ("closing", "refused", "not_dispute")
    assert case.documents.filter(kind="refusal_notice").count() == 1
    assert "第二条" in StepFacts.objects.get(case=case, seq=case.version).facts["article"]


def test_without_a_reason_nothing_is_refused() -> None:
    with pytest.raises(Refused, match="不予受理的理由"):
        take(case_at("under_review"), "refuse", "clerk_chen", ground="outside", reason=" ")


@pytest.mark.rule("R03")
def test_what_is_only_filed_in_court_is_not_refused() -> None:
    case = take(case_at("under_review"), "declare_routes", "clerk_chen", side="patient", court="filed", bureau="none")
    with pytest.raises(Refused, match="仅提出而未受理的，不得以此拒绝"):
        take(case, "refuse", "clerk_chen", ground="court", reason="已起诉")

    case = take(
        case, "declare_routes", "clerk_chen", side="patient", court="accepted", bureau="none", body="东莞市第一人民法院"
    )

    assert take(case, "refuse", "clerk_chen", ground="court", reason="法院已受理").outcome_code == "court"


def test_missing_papers_are_a_ground_only_after_the_period() -> None:
    case = case_at("under_review")
    facts = {"ground": "papers", "reason": "逾期未补"}
    with pytest.raises(Refused, match="没有期满未补的补正要求"):
        take(case, "refuse", "clerk_chen", **facts)
    case = take(case, "request_papers", "clerk_chen", side="patient", wanted=["identity"])
    with pytest.raises(Refused, match="没有期满未补的补正要求"):
        take(case, "refuse", "clerk_chen", now=at("2026-03-09"), **facts)

    assert take(case, "refuse", "clerk_chen", now=at("2026-03-10"), **facts).outcome == "refused"


def test_consent_on_file_is_no_lack_of_consent() -> None:
    case = case_at("awaiting_consent")

    assert take(case, "refuse", "clerk_chen", ground="no_consent", reason="医方不同意").outcome == "refused"
