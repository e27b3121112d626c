"""Everything that the table does not allow is refused: every role × state × step, own and foreign organisation, by call.

The allowed cells are read from the hand-written book of ``tests/workflow/test_lifecycle.py``, never from the table itself.
A refused call leaves no trace: version, head of the record and open task stay what they were.
"""

from __future__ import annotations

import pytest

from mediation.cases.case import CaseTask, DisputeCase
from mediation.organisations.models import Kind, Organisation, User, appoint
from tests import factories
from tests.workflow.test_lifecycle import BOOK, BY_KEEPER, EVERY
from workflow import engine
from workflow.lifecycle import STATES
from workflow.records import Event
from workflow.registry import NotAllowed, NotYours, Refused
from workflow.vocabulary import Level, Role

OWN = {
    "hotline_operator": "hotline_lin", "town_official": "town_wang", "dispatcher": "clerk_chen", "mediator": "mediator_sun",
    "director": "director_xu", "hospital_liaison": "liaison_he", "supervisor": "supervisor_zhou", "auditor": "auditor",
    "administrator": "administrator",
}  # fmt: skip
KINDS = {
    "hotline_operator": Kind.HOTLINE, "town_official": Kind.TOWN, "dispatcher": Kind.COMMITTEE, "mediator": Kind.COMMITTEE,
    "director": Kind.COMMITTEE, "hospital_liaison": Kind.HOSPITAL, "supervisor": Kind.BUREAU,
}  # fmt: skip
LEVEL_OF = {
    "hotline_operator": Level.DESK,
    "town_official": Level.TOWN,
    "dispatcher": Level.CITY,
    "mediator": Level.CITY,
    "director": Level.CITY,
}
KEPT_BY_LEVEL = ("performing", "follow_up", "closing")


def foreigner(role: str) -> User:
    """Somebody with the same role on an organisation that has nothing to do with the case."""
    elsewhere, _ = Organisation.objects.get_or_create(
        code=f"elsewhere-{KINDS[role]}",
        defaults={"kind": KINDS[role], "name": f"示例外地{KINDS[role]}", "active": True},
    )
    user = User.objects.create(username=f"foreign_{role}", full_name="外示例")
    appoint(user, Role(role), elsewhere)
    return user


def allowed(case: DisputeCase, step: str, role: str) -> bool:
    """Whether the book gives this role the right to take this step in the case's state."""
    _, sources, target, roles = next(row for row in BOOK if row[0] == step)
    if role not in roles or case.state not in sources or not concerned(case, role):
        return False
    if (case.state in KEPT_BY_LEVEL and target) or (step in BY_KEEPER and case.level == Level.CITY):
        return LEVEL_OF.get(role) in (None, case.level)
    return True


def concerned(case: DisputeCase, role: str) -> bool:
    """A town once it is responsible, a mediator once assigned; the others from the beginning."""
    if role == "town_official":
        return case.town_id is not None
    return role != "mediator" or case.assignments.filter(user__username=OWN["mediator"], until=None).exists()


def trace(case: DisputeCase) -> tuple[object, ...]:
    """What a refusal must leave as it was."""
    now = DisputeCase.objects.get(pk=case.pk)
    open_task = CaseTask.objects.filter(process=case, finished__isnull=True).values_list("pk", flat=True)
    return now.version, now.head, now.state, list(open_task), Event.objects.filter(chain=case.chain).count()


@pytest.mark.parametrize("state", EVERY)
def test_whoever_may_not_is_refused_and_leaves_no_trace(db, state):
    case = factories.case_at(state)
    people = {role: factories.persona(name) for role, name in OWN.items()}
    strangers = {role: foreigner(role) for role in KINDS}
    before, tried = trace(case), 0

    for step, *_ in BOOK:
        for role, user in people.items():
            if not allowed(case, step, role):
                with pytest.raises(Refused):
                    engine.perform(case, step, by=user, now=case.latest_at)
                tried += 1
        for user in strangers.values():
            with pytest.raises(NotYours, match="没有这件案件"):
                engine.perform(case, step, by=user, now=case.latest_at)
            tried += 1

    assert trace(case) == before
    assert tried > 500


@pytest.mark.parametrize("state", EVERY)
def test_a_person_cannot_do_what_only_time_does(db, state):
    case = factories.case_at(state)

    for step in ("escalate_overdue", "lapse", "recount", "absorb"):
        with pytest.raises(NotAllowed):
            engine.perform(case, step, by=factories.persona("director_xu"), now=case.latest_at)


@pytest.mark.parametrize("state", EVERY)
def test_nobody_deactivated_does_anything(db, state):
    case = factories.case_at(state)
    director = factories.persona("director_xu")
    director.is_active = False
    director.save()

    with pytest.raises(NotYours):
        engine.perform(case, "log_contact", by=User.objects.get(pk=director.pk), now=case.latest_at)


@pytest.mark.parametrize("state", EVERY)
def test_what_is_shown_as_possible_is_what_the_book_allows(db, state):
    case = factories.case_at(state)

    for role, name in OWN.items():
        shown = {
            option.step.name for option in engine.possible(case, factories.persona(name), today=case.latest_at.date())
        }
        assert shown == {step for step, *_ in BOOK if allowed(case, step, role)}, role


def test_every_state_is_tried():
    assert set(EVERY) == set(STATES)
