"""终止: court or bureau has accepted (条例 31 ¶4; R03)."""

from __future__ import annotations

from typing import Any

import pytest

from mediation.cases.case import DisputeCase
from tests.factories import at, case_at, paper, take
from workflow.registry import NotAllowed, Refused

pytestmark = pytest.mark.django_db


def accepted_elsewhere(case: DisputeCase, **changes: Any) -> DisputeCase:
    facts = {
        "side": "patient",
        "court": "accepted",
        "bureau": "none",
        "body": "示例人民法院",
        "paper": paper("受理通知书"),
    }
    return take(case, "declare_routes", "mediator_sun", **facts | changes)


@pytest.mark.rule("R03")
def test_once_a_court_has_accepted_every_other_step_is_blocked_and_the_director_terminates() -> None:
    case = accepted_elsewhere(case_at("in_mediation"))
    with pytest.raises(Refused, match="只能终止"):
        take(case, "fail", "mediator_sun", reason="disagreement", note="分歧。", routes_explained=True)
    with pytest.raises(NotAllowed):
        take(case, "terminate", "mediator_sun")

    case = take(case, "terminate", "director_xu", authority_case_number="（2026）粤示例民初1号")

    assert (case.state, case.outcome, case.outcome_code) == ("closing", "terminated", "court")
    assert case.documents.filter(kind="termination_notice").exists()


@pytest.mark.rule("R03")
def test_without_a_record_of_acceptance_nothing_is_terminated() -> None:
    with pytest.raises(Refused, match="没有法院或卫健部门已受理的记录"):
        take(case_at("in_mediation"), "terminate", "director_xu")


def test_not_before_the_other_body_accepted() -> None:
    case = accepted_elsewhere(case_at("in_mediation"), now=at("2026-03-04"))

    with pytest.raises(Refused, match="终止日期不能早于人民法院受理之日"):
        take(case, "terminate", "director_xu", now=at("2026-03-04"), happened_on=at("2026-03-03").date())
