"""Court and bureau: only what was accepted there closes the way (条例 31 ¶4; R03)."""

import pytest

from tests.factories import case_at, no_other_route, paper, take
from workflow.registry import Refused


@pytest.mark.rule("R03")
def test_filing_alone_changes_nothing_acceptance_blocks() -> None:
    case = take(case_at("under_review"), "declare_routes", "clerk_chen", side="patient", court="filed", bureau="none")
    assert case.other_route == ""

    case = take(
        case, "declare_routes", "clerk_chen", side="patient", court="accepted", bureau="none", body="东莞市第一人民法院"
    )

    assert case.other_route == "court"
    with pytest.raises(Refused, match="人民法院已受理本纠纷"):
        take(case, "seek_consent", "clerk_chen")


def test_the_body_that_accepted_is_named() -> None:
    with pytest.raises(Refused, match="已受理的法院或部门名称"):
        take(case_at("under_review"), "declare_routes", "clerk_chen", side="both", court="none", bureau="accepted")


def test_a_suit_taken_back_opens_the_way_only_with_the_courts_paper() -> None:
    case = take(
        case_at("under_review"),
        "declare_routes",
        "clerk_chen",
        side="both",
        court="accepted",
        bureau="none",
        body="法院",
    )
    with pytest.raises(Refused, match="须附该机关的裁定"):
        take(case, "declare_routes", "clerk_chen", side="both", court="none", bureau="none")

    case = take(case, "declare_routes", "clerk_chen", **no_other_route())

    assert case.other_route == ""


def test_one_sides_silence_does_not_undo_what_the_other_declared() -> None:
    case = take(
        case_at("under_review"),
        "declare_routes",
        "clerk_chen",
        side="patient",
        court="accepted",
        bureau="none",
        body="法院",
    )

    case = take(case, "declare_routes", "clerk_chen", side="hospital", court="none", bureau="none", paper=paper())

    assert case.other_route == "court"


def test_after_acceptance_it_leaves_only_termination() -> None:
    case = take(
        case_at("awaiting_assignment"),
        "declare_routes",
        "clerk_chen",
        side="patient",
        court="accepted",
        bureau="none",
        body="法院",
    )
    with pytest.raises(Refused, match="只能终止"):
        take(case, "fail", "clerk_chen")
