"""分案: one to three mediators, one leads, nobody with an interest (人民调解法 19; R07)."""

from __future__ import annotations

import pytest

from mediation.hearings.load import candidates
from mediation.organisations.models import User, appoint, dismiss
from tests.factories import TODAY, case_at, move, organisation, persona, take
from tests.factories_mediation import seats
from workflow.registry import NotAllowed, Refused
from workflow.vocabulary import Role

pytestmark = pytest.mark.django_db


def mediators(count: int) -> list[User]:
    """More mediators of the committee."""
    people = [User.objects.create(username=f"mediator_{n}", full_name=f"调解员{n}") for n in range(count)]
    for user in people:
        appoint(user, Role.MEDIATOR, organisation("committee"))
    return people


@pytest.mark.rule("R07")
def test_three_mediators_are_seated_and_one_leads() -> None:
    others = mediators(2)

    case = take(case_at("awaiting_assignment"), "assign", "director_xu", **seats(others=others, chosen="by_parties"))

    assert case.state == "investigating"
    rows = list(case.assignments.order_by("pk"))
    assert [(row.user, row.lead, row.chosen) for row in rows] == [
        (persona("mediator_sun"), True, "by_parties"), *((user, False, "by_parties") for user in others)
    ]  # fmt: skip
    assert case.tasks.get(finished__isnull=True).person == persona("mediator_sun")


def test_a_dispatcher_may_assign_too_and_the_bureau_never() -> None:
    case = case_at("awaiting_assignment")

    with pytest.raises(NotAllowed):
        take(case, "assign", "supervisor_zhou", **seats())
    assert take(case, "assign", "clerk_chen", **seats()).state == "investigating"


@pytest.mark.rule("R07")
def test_a_fourth_mediator_is_refused() -> None:
    with pytest.raises(Refused, match="调解员应为 1 至 3 名"):
        take(case_at("awaiting_assignment"), "assign", "director_xu", **seats(others=mediators(3)))


def test_the_lead_is_not_also_a_second() -> None:
    with pytest.raises(Refused, match="不能是同一人"):
        take(case_at("awaiting_assignment"), "assign", "director_xu", **seats(others=[persona("mediator_sun")]))


def test_who_is_no_mediator_of_the_committee_cannot_be_chosen() -> None:
    with pytest.raises(Refused, match="陈示例不是.*在任调解员"):
        take(case_at("awaiting_assignment"), "assign", "director_xu", **seats(lead=persona("clerk_chen")))


def test_a_mediator_who_was_dismissed_cannot_be_chosen() -> None:
    sun = persona("mediator_sun")
    dismiss(sun, Role.MEDIATOR, organisation("committee"))

    with pytest.raises(Refused, match="在任调解员"):
        take(case_at("awaiting_assignment"), "assign", "director_xu", **seats(lead=sun))


@pytest.mark.rule("R07")
def test_an_interest_in_any_hospital_of_the_case_excludes_even_after_it_was_severed() -> None:
    case = case_at("awaiting_assignment")
    persona("mediator_two").affiliations.add(case.respondents.get().hospital)
    case.respondents.update(kept=False)

    with pytest.raises(Refused, match="何示例曾任职于.*不能担任本案调解员") as refused:
        take(case, "assign", "director_xu", **seats(others=[persona("mediator_two")]))
    assert refused.value.field == "others"
    assert not case.assignments.exists()


def test_somebody_answers_for_the_check_of_conflicts() -> None:
    with pytest.raises(Refused, match="没有利害关系"):
        take(case_at("awaiting_assignment"), "assign", "director_xu", **seats(no_conflict=False))


def test_the_event_names_people_by_number_only() -> None:
    done = move(case_at("awaiting_assignment"), "assign", "director_xu", **seats())

    sun = persona("mediator_sun")
    assert done.data == {"lead": sun.pk, "mediators": [sun.pk], "chosen": "appointed"}


def test_the_table_of_load_shows_open_cases_the_nearest_deadline_and_conflicts() -> None:
    persona("mediator_two")
    busy = case_at("investigating")
    case = case_at("awaiting_assignment")
    persona("mediator_two").affiliations.add(case.respondents.get().hospital)

    sun, two = candidates(case, TODAY)

    assert (sun.user, sun.open_cases, sun.leading, sun.nearest_due_on) == (
        persona("mediator_sun"), 1, 1, busy.mediation_due_on)  # fmt: skip
    assert sun.days_left == 30
    assert (two.open_cases, two.nearest_due_on) == (0, None)
    assert "有利害关系" in two.label


def test_the_table_of_load_costs_the_same_however_many_cases(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    case_at("investigating")
    case = case_at("awaiting_assignment")
    candidates(case, TODAY)

    case_at("investigating")
    with django_assert_num_queries(4):
        candidates(case, TODAY)
