"""更换调解员: absence or objection; the history stays (人民调解法 23; R07)."""

from __future__ import annotations

from typing import Any

import pytest

from mediation.cases.case import DisputeCase
from tests.factories import NOW, at, case_at, move, persona, take
from tests.factories_mediation import seats
from workflow.registry import NotYours, Refused

pytestmark = pytest.mark.django_db


def replacement(**changes: Any) -> dict[str, Any]:
    return {
        "leaving": persona("mediator_sun"), "joining": persona("mediator_two"), "reason": "objection", "side": "patient",
        "note": "患方认为调解员与医院往来密切。", "no_conflict": True,
    } | changes  # fmt: skip


@pytest.fixture
def case() -> DisputeCase:
    return case_at("investigating")


@pytest.mark.rule("R07")
def test_an_objection_replaces_the_lead_and_both_rows_stay(case: DisputeCase) -> None:
    later = at("2026-03-05")

    case = take(case, "reassign", "director_xu", now=later, **replacement())

    old, new = case.assignments.order_by("pk")
    assert (old.user, old.until, old.reason) == (persona("mediator_sun"), later.date(), "objection")
    assert (new.user, new.lead, new.since, new.until) == (persona("mediator_two"), True, later.date(), None)
    assert case.state == "investigating"
    assert case.tasks.get(finished__isnull=True).person == persona("mediator_two")


def test_who_was_replaced_no_longer_holds_the_case(case: DisputeCase) -> None:
    case = take(case, "reassign", "director_xu", **replacement())

    with pytest.raises(NotYours):
        take(case, "log_contact", "mediator_sun")
    assert not DisputeCase.objects.visible_to(persona("mediator_sun")).exists()


def test_the_clock_runs_on(case: DisputeCase) -> None:
    assert take(case, "reassign", "director_xu", **replacement()).mediation_due_on == case.mediation_due_on


def test_an_objection_names_its_side(case: DisputeCase) -> None:
    with pytest.raises(Refused, match="哪一方提出异议"):
        take(case, "reassign", "director_xu", **replacement(side=""))


def test_the_circumstances_are_on_record(case: DisputeCase) -> None:
    with pytest.raises(Refused, match="请填写缺席情况"):
        take(case, "reassign", "director_xu", **replacement(reason="absence", note=" "))


def test_who_left_for_an_objection_does_not_come_back(case: DisputeCase) -> None:
    case = take(case, "reassign", "director_xu", **replacement())
    back = {"leaving": persona("mediator_two"), "joining": persona("mediator_sun"), "reason": "absence", "side": ""}

    with pytest.raises(Refused, match="不能再次承办"):
        take(case, "reassign", "director_xu", **replacement(**back))


def test_who_was_only_absent_may_come_back(case: DisputeCase) -> None:
    case = take(case, "reassign", "director_xu", **replacement(reason="absence", side=""))
    back = {"leaving": persona("mediator_two"), "joining": persona("mediator_sun"), "reason": "absence", "side": ""}

    case = take(case, "reassign", "director_xu", now=at("2026-03-04"), **replacement(**back))
    assert case.assignments.get(until__isnull=True).user == persona("mediator_sun")


def test_a_second_mediator_moves_up_to_the_lead() -> None:
    case = take(case_at("awaiting_assignment"), "assign", "director_xu", **seats(others=[persona("mediator_two")]))

    case = take(case, "reassign", "director_xu", **replacement(reason="absence", side=""))

    assert case.assignments.get(until__isnull=True).lead
    assert case.assignments.count() == 3


def test_an_interest_excludes_the_successor_too(case: DisputeCase) -> None:
    persona("mediator_two").affiliations.add(case.respondents.get().hospital)

    with pytest.raises(Refused, match="利害关系") as refused:
        take(case, "reassign", "director_xu", **replacement())
    assert refused.value.field == "joining"


def test_only_who_sits_can_be_replaced(case: DisputeCase) -> None:
    with pytest.raises(Refused, match="何示例不是本案现任调解员"):
        take(case, "reassign", "director_xu", **replacement(leaving=persona("mediator_two")))


def test_the_reason_is_in_the_event(case: DisputeCase) -> None:
    done = move(case, "reassign", "director_xu", now=NOW, **replacement())

    assert done.data["reason"] == "objection"
    assert "往来密切" not in str(done.data)
