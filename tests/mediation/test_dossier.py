"""The thirteen items: which an outcome demands, which are recognised without anybody's word (R32)."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from mediation.settlement.dossier import ITEMS, checklist, missing_items, must_have
from tests.factories import case_at, paper, take
from tests.factories_mediation import failed, visited

pytestmark = pytest.mark.django_db
COMMITTEE = {"application", "rights", "identity", "back_cover"}


def outcome(name: str, *, accepted: bool) -> Any:
    return SimpleNamespace(outcome=name, is_committee_case=accepted)


@pytest.mark.rule("R32")
@pytest.mark.parametrize(("name", "accepted", "must"), [
    ("settled", True, COMMITTEE | {"meeting", "agreement", "visit"}),
    ("partly_settled", True, COMMITTEE | {"meeting", "agreement", "visit"}),
    ("not_performed", True, COMMITTEE | {"meeting", "agreement"}),
    ("confirmation_dismissed", True, COMMITTEE | {"meeting", "agreement"}),
    ("failed", True, COMMITTEE | {"meeting", "agreement"}),
    ("deemed_failed", True, COMMITTEE | {"meeting", "agreement"}),
    ("party_refused", True, COMMITTEE | {"agreement"}),
    ("terminated", True, COMMITTEE | {"agreement"}),
    ("withdrawn", True, COMMITTEE),
    ("refused", False, {"application"}),
    ("consent_refused", False, {"application"}),
    ("party_refused", False, set()),
    ("withdrawn", False, set()),
    ("settled_by_town", False, {"agreement", "visit"}),
    ("mediated_by_town", False, {"agreement", "visit"}),
    ("resolved_by_town", False, {"visit"}),
    ("diverted", False, set()),
    ("dropped", False, set()),
])  # fmt: skip
def test_each_outcome_demands_its_own(name: str, accepted: bool, must: set[str]) -> None:  # noqa: FBT001
    assert must_have(outcome(name, accepted=accepted)) == must


def test_there_are_thirteen_numbered_items() -> None:
    assert [item.number for item in ITEMS] == list(range(1, 14))


def recognised(case: Any) -> set[str]:
    return {line.item.key for line in checklist(case) if line.found}


@pytest.mark.rule("R32")
def test_a_settled_case_is_recognised_from_what_was_done() -> None:
    case = visited()

    assert recognised(case) == {
        "application", "rights", "identity", "meeting", "agreement", "payment", "visit", "confirmation", "back_cover"
    }  # fmt: skip


@pytest.mark.parametrize(("kind", "key"), [
    ("proxy", "proxy"), ("records", "evidence"), ("fees", "evidence"), ("visit", "visit"), ("payment", "payment"),
    ("kinship", "identity"), ("confirmation", "confirmation"),
])  # fmt: skip
def test_a_paper_is_recognised_by_its_kind(kind: str, key: str) -> None:
    case = case_at("registered")
    assert key not in recognised(case)

    case = take(case, "add_paper", "hotline_lin", kind=kind, side="patient", paper=paper())
    assert key in recognised(case)


@pytest.mark.rule("R06")
def test_the_rights_notice_of_one_side_is_not_enough() -> None:
    case = take(case_at("under_review"), "sign_rights_notice", "clerk_chen", side="patient")

    assert "rights" not in recognised(case)


def test_a_planned_meeting_is_no_record() -> None:
    assert "meeting" not in recognised(case_at("in_mediation"))


def test_where_no_agreement_was_reached_the_notice_of_other_routes_stands_in_its_place() -> None:
    assert "agreement" in recognised(failed())


def test_a_draft_that_nobody_signed_is_no_agreement() -> None:
    case = case_at("agreement_drafted")

    assert "agreement" not in recognised(case)


def test_the_list_takes_two_statements_however_much_is_on_file(django_assert_max_num_queries: Any) -> None:
    case = visited()

    with django_assert_max_num_queries(2):
        checklist(case)
    assert missing_items(case) == []


def test_withdrawal_after_acceptance_needs_no_notice_of_routes() -> None:
    assert "agreement" not in must_have(outcome("withdrawn", accepted=True))
