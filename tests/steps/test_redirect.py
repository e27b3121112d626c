"""Redirecting is the committee's word, and the last one (R27)."""

from datetime import date

import pytest

from tests.factories import DAOJIAO, GAOBU, HOSPITAL, OTHER_HOSPITAL, at, case_at, organisation, take
from workflow.reckoning import deadline_of
from workflow.registry import NotAllowed, Refused


def test_the_new_town_begins_anew_and_can_neither_decline_nor_be_sent_back() -> None:
    case = case_at("town_handling")

    case = take(
        case,
        "redirect",
        "clerk_chen",
        now=at("2026-03-04"),
        town=organisation(GAOBU),
        reason="wrong_town",
        note="院区在高埗",
    )

    assert (case.state, case.town.code, case.hops, case.designated) == ("town_pending", GAOBU, 1, True)
    assert deadline_of(case, "town_handling").due_on == date(2026, 3, 11)
    with pytest.raises(Refused, match="责任镇街由市级指定，不能退回"):
        take(
            case,
            "decline",
            "town_of_residence",
            now=at("2026-03-04"),
            reason="other",
            note="不服",
            proposed=organisation(DAOJIAO),
        )
    case = take(case, "step_in", "clerk_chen", triggers=["death"], note="介入", now=at("2026-03-04"))
    with pytest.raises(Refused, match="责任镇街由市级指定"):
        take(case, "send_back", "clerk_chen", reason="local", note="请办理", now=at("2026-03-04"))


def test_a_town_used_up_its_extension_the_next_one_has_not() -> None:
    case = take(case_at("town_handling"), "extend_handling", "town_wang", reason="等待病历")

    case = take(case, "redirect", "clerk_chen", town=organisation(GAOBU), reason="wrong_town", note="院区在高埗")
    case = take(case, "sign_for", "town_of_residence")

    assert take(case, "extend_handling", "town_of_residence", reason="等待病历").handling_extensions == 1


def test_the_same_town_is_no_redirection() -> None:
    with pytest.raises(Refused, match="责任镇街已经是道滘镇"):
        take(
            case_at("town_handling"),
            "redirect",
            "clerk_chen",
            town=organisation(DAOJIAO),
            reason="wrong_town",
            note="无",
        )


def test_several_hospitals_are_no_reason_where_there_is_one() -> None:
    facts = {"town": organisation(GAOBU), "reason": "several_hospitals", "note": "由高埗牵头"}
    with pytest.raises(Refused, match="只涉及一家医疗机构"):
        take(case_at("town_pending"), "redirect", "clerk_chen", **facts)

    two = case_at("town_pending", hospitals=(HOSPITAL, OTHER_HOSPITAL))

    assert take(two, "redirect", "clerk_chen", **facts).town.code == GAOBU


def test_a_town_does_not_redirect() -> None:
    with pytest.raises(NotAllowed):
        take(
            case_at("town_pending"),
            "redirect",
            "town_wang",
            town=organisation(GAOBU),
            reason="wrong_town",
            note="不是我镇",
        )
