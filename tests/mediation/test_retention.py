"""How long a dossier is kept: a proposal (人民调解法 27 names no period)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from mediation.settlement.retention import is_shorter, propose_retention
from tests.factories import PATIENT, TODAY, case_at, take
from tests.factories_mediation import opinion

pytestmark = pytest.mark.django_db
CHILD = replace(PATIENT, born_on=date(2015, 1, 1))


@pytest.mark.rule("R32")
@pytest.mark.parametrize(("how", "proposed"), [
    ({}, "10"),
    ({"harm": "death"}, "permanent"),
    ({"is_major": True}, "permanent"),
    ({"harm": "disability"}, "10"),
    ({"harm": "disability", "people": (CHILD,)}, "permanent"),
    ({"harm": "prolonged", "people": (CHILD,)}, "10"),
    ({"harm": "newborn"}, "permanent"),
])  # fmt: skip
def test_death_major_disputes_and_lasting_harm_to_a_minor_are_kept_for_ever(how: dict[str, Any], proposed: str) -> None:
    assert propose_retention(case_at("registered", **how), TODAY) == proposed


def test_a_signed_agreement_is_kept_for_thirty_years_and_a_draft_is_not_one() -> None:
    assert propose_retention(case_at("agreement_drafted"), TODAY) == "10"
    assert propose_retention(case_at("performing"), TODAY) == "30"


def test_an_appraisal_is_kept_for_thirty_years() -> None:
    case = take(case_at("under_appraisal"), "finish_appraisal", "mediator_sun", **opinion())

    assert propose_retention(case, TODAY) == "30"


def test_who_was_a_minor_when_it_happened_stays_one() -> None:
    almost = replace(PATIENT, born_on=date(2008, 2, 11))  # eighteen the day after it happened

    assert (
        propose_retention(case_at("registered", harm="disability", people=(almost,)), date(2030, 1, 1)) == "permanent"
    )


def test_ten_years_are_fewer_than_thirty_and_thirty_than_for_ever() -> None:
    assert is_shorter("10", "30")
    assert is_shorter("30", "permanent")
    assert not is_shorter("30", "30")
    assert not is_shorter("permanent", "30")
