"""A town may decline once, with a reason and a proposed unit (B5)."""

import pytest

from tests.factories import DAOJIAO, GAOBU, case_at, organisation, persona, take
from workflow import engine
from workflow.registry import NotYours, Refused
from workflow.vocabulary import Level

REASONS = {"reason": "not_our_town", "note": "医疗机构在高埗镇"}


def test_it_goes_back_to_the_desk_that_registered_it_and_counts_a_hop() -> None:
    case = take(case_at("town_pending"), "decline", "town_wang", **REASONS, proposed=organisation(GAOBU))

    assert (case.state, case.town, case.level, case.declines, case.hops) == ("registered", None, Level.DESK, 1, 1)
    assert case.tasks.get(finished__isnull=True).role == "hotline_operator"
    assert engine.office().rights(case, persona("town_wang")) == frozenset()


def test_after_a_decline_the_desk_can_still_end_and_close_it() -> None:
    case = take(case_at("town_pending"), "decline", "town_wang", **REASONS, proposed=organisation(GAOBU))

    case = take(
        case, "divert", "hotline_lin", ground="outside", receiving_body="外市热线", reply="已转有管辖权的单位。"
    )

    assert (case.state, case.tasks.get(finished__isnull=True).role) == ("closing", "hotline_operator")


def test_a_proposed_unit_must_be_named_and_be_another_one() -> None:
    with pytest.raises(Refused, match="建议由哪个单位办理"):
        take(case_at("town_pending"), "decline", "town_wang", **REASONS)
    with pytest.raises(Refused, match="建议单位不能是本镇街"):
        take(case_at("town_pending"), "decline", "town_wang", **REASONS, proposed=organisation(DAOJIAO))


def test_a_case_that_was_declined_once_is_not_declined_again() -> None:
    case = take(case_at("town_pending"), "decline", "town_wang", **REASONS, proposed=organisation(GAOBU))
    case = take(case, "dispatch", "hotline_lin", town=organisation(GAOBU), basis="occurrence")

    with pytest.raises(Refused, match="本案已退单一次，不能再退"):
        take(case, "decline", "town_of_residence", **REASONS, proposed=organisation(DAOJIAO))


def test_a_stranger_finds_no_case_to_decline() -> None:
    with pytest.raises(NotYours):
        take(case_at("town_pending"), "decline", "town_zhao", **REASONS, proposed_body="市医保局")
