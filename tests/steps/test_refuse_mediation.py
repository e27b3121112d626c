"""一方拒绝: a clear statement ends mediation at any time (人民调解法 17, 23; R04)."""

from __future__ import annotations

import pytest

from tests.factories import case_at, take
from workflow.lifecycle import MEDIATING
from workflow.registry import Refused

pytestmark = pytest.mark.django_db
NO = {"side": "patient", "means": "phone", "statement": "患方表示直接起诉，不再调解。"}


@pytest.mark.rule("R04")
@pytest.mark.parametrize("state", ["under_review", *MEDIATING])
def test_it_ends_at_any_time_and_nobody_approves(state: str) -> None:
    by = "mediator_sun" if state not in ("under_review", "awaiting_assignment") else "clerk_chen"

    case = take(case_at(state), "refuse_mediation", by, **NO)

    assert (case.state, case.outcome, case.outcome_code) == ("closing", "party_refused", "patient")
    assert case.documents.filter(kind="routes_notice").exists()


@pytest.mark.rule("R04")
@pytest.mark.parametrize(("name", "sentence"), [("statement", "明确表示"), ("means", "方式"), ("side", "患方或医方")])
def test_who_how_and_what_was_said(name: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        take(case_at("investigating"), "refuse_mediation", "mediator_sun", **NO | {name: ""})
