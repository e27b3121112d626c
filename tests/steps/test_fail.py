"""调解不成: coded, the other routes explained, proof of service for who was lost (人民调解法 26)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.factories import case_at, paper, take
from workflow.registry import Refused

pytestmark = pytest.mark.django_db


def failure(**changes: Any) -> dict[str, Any]:
    return {"reason": "disagreement", "note": "双方对责任和金额分歧过大。", "routes_explained": True} | changes


def lost(**changes: Any) -> dict[str, Any]:
    return failure(reason="lost_contact", side="patient", note="电话停机，上门未遇。") | changes


def test_disagreement_ends_mediation_with_its_code_and_notice() -> None:
    case = take(case_at("in_mediation"), "fail", "mediator_sun", **failure())

    assert (case.state, case.outcome, case.outcome_code) == ("closing", "failed", "disagreement")
    assert case.documents.filter(kind="failure_notice").exists()


def test_the_other_routes_are_explained() -> None:
    with pytest.raises(Refused, match="其他途径（人民调解法第26条）"):
        take(case_at("in_mediation"), "fail", "mediator_sun", **failure(routes_explained=False))


@pytest.mark.parametrize("facts", [failure(reason=""), failure(reason="other"), failure(note="")])
def test_reason_and_circumstances_are_given(facts: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="调解不成的"):
        take(case_at("in_mediation"), "fail", "mediator_sun", **facts)


def test_who_was_lost_was_served_first() -> None:
    case = case_at("in_mediation")
    with pytest.raises(Refused, match="送达凭据"):
        take(case, "fail", "mediator_sun", **lost())

    case = take(case, "fail", "mediator_sun", **lost(paper=paper("公告送达凭据")))
    assert (case.outcome_code, case.papers.filter(kind="service").count()) == ("lost_contact", 1)


def test_a_service_on_record_is_proof_for_that_side_only() -> None:
    case = case_at("in_mediation")
    case = take(case, "serve_notice", "mediator_sun", document="meeting_invitation", side="hospital",
                hospital=case.respondents.get().hospital, means="letter", paper=paper("回证"))  # fmt: skip

    with pytest.raises(Refused, match="尚无对该方的送达登记"):
        take(case, "fail", "mediator_sun", **lost())
    assert take(case, "fail", "mediator_sun", **lost(side="hospital")).outcome == "failed"


def test_where_both_were_lost_each_was_served() -> None:
    case, post = case_at("in_mediation"), {"document": "meeting_invitation", "means": "letter", "paper": paper("回证")}
    case = take(case, "serve_notice", "mediator_sun", side="patient", **post)
    with pytest.raises(Refused, match="尚无对该方的送达登记"):
        take(case, "fail", "mediator_sun", **lost(side="both"))

    case = take(case, "serve_notice", "mediator_sun", side="hospital", hospital=case.respondents.get().hospital, **post)
    assert take(case, "fail", "mediator_sun", **lost(side="both")).outcome == "failed"


def test_who_was_lost_is_named() -> None:
    with pytest.raises(Refused, match="失去联系的一方"):
        take(case_at("in_mediation"), "fail", "mediator_sun", **lost(side=""))
