"""Bugs planted on purpose, one at a time: what the walks are worth is what they find of these."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mediation.cases.office import OFFICE, CaseOffice
from mediation.documents import issuing
from workflow import engine, machine, nodes, reckoning, refusals, registry, statements
from workflow.clocks import MarkKind
from workflow.records import Event
from workflow.vocabulary import Role

Plant = Callable[[pytest.MonkeyPatch], None]
MUTANTS: dict[str, Plant] = {}


def mutant(function: Plant) -> Plant:
    MUTANTS[function.__name__] = function
    return function


@mutant
def the_scope_of_roles_is_gone(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(CaseOffice, "_concerns", lambda self, case, user, right: True)


@mutant
def any_town_may_act_after_two_escalations(patch: pytest.MonkeyPatch) -> None:
    real = CaseOffice._concerns

    def concerns(self: CaseOffice, case: Any, user: Any, right: Any) -> bool:
        climbed = Event.objects.filter(chain=case.chain, kind__startswith="escalate").count()
        return real(self, case, user, right) or (right.role == Role.TOWN_OFFICIAL and climbed >= 2)

    patch.setattr(CaseOffice, "_concerns", concerns)


@mutant
def any_hospital_may_act(patch: pytest.MonkeyPatch) -> None:
    real = CaseOffice._concerns
    patch.setattr(
        CaseOffice, "_concerns",
        lambda self, case, user, right: right.role == Role.HOSPITAL_LIAISON or real(self, case, user, right),
    )  # fmt: skip


@mutant
def any_mediator_of_the_committee_may_act(patch: pytest.MonkeyPatch) -> None:
    real = CaseOffice._concerns
    patch.setattr(
        CaseOffice, "_concerns",
        lambda self, case, user, right: right.role == Role.MEDIATOR or real(self, case, user, right),
    )  # fmt: skip


@mutant
def the_version_is_not_looked_at(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(refusals, "refuse_stale", lambda *args: None)


@mutant
def the_state_is_not_looked_at(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(refusals, "refuse_state", lambda move: None)


@mutant
def roles_are_not_looked_at(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(engine, "right_to", lambda step, case, rights: next(iter(rights), None) if not step.by_time else None)


@mutant
def conditions_always_hold(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(engine, "why_not", lambda step, case, today: None)
    patch.setattr(machine, "blocker", lambda case, name, on: None)


@mutant
def nobody_asks_for_the_other_sides_consent(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(registry.CONDITIONS, "consent_of_all", lambda case, on: None)


@mutant
def three_marks_are_enough(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(registry.CONDITIONS, "four_marks", lambda case, on: None)


@mutant
def an_appraisal_does_not_stop_the_clock(patch: pytest.MonkeyPatch) -> None:
    real = reckoning.new_mark

    def new_mark(move: Any, clock: str, kind: MarkKind, **more: Any) -> Any:
        return real(move, clock, MarkKind.EXTEND if kind in (MarkKind.STOP, MarkKind.RESUME) else kind, **more, **(
            {"days": 0} if kind in (MarkKind.STOP, MarkKind.RESUME) else {}))  # fmt: skip

    patch.setattr(reckoning, "new_mark", new_mark)


@mutant
def dates_are_not_settled(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(reckoning, "settle_dates", lambda case, marks, office: None)


@mutant
def contacts_write_no_event(patch: pytest.MonkeyPatch) -> None:
    real = statements.insert

    def insert(*rows: Any) -> None:
        if not (rows and isinstance(rows[0], Event) and rows[0].kind == "log_contact"):
            real(*rows)

    patch.setattr(statements, "insert", insert)


@mutant
def the_next_task_is_not_opened(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(nodes.StateActivation, "activate_next", lambda self: None)


@mutant
def the_old_task_stays_open(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(engine, "_pass_on", lambda open_task, by: None)


@mutant
def nobody_is_told(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(OFFICE, "tell", lambda move, whom: None)


@mutant
def papers_are_not_sent_to_the_worker(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(issuing, "enqueue", lambda *args, **more: None)


@mutant
def papers_are_forgotten(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(OFFICE, "issue_with", lambda move, paper: None)


@mutant
def what_was_typed_lands_in_the_record(patch: pytest.MonkeyPatch) -> None:
    real = engine._apply_facts

    def apply_facts(move: Any) -> None:
        real(move)
        if "content" in move.facts or "summary" in move.facts or "value" in move.facts:
            move.data["said"] = "甄示例说"

    patch.setattr(engine, "_apply_facts", apply_facts)


@mutant
def a_case_goes_back_again_and_again(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(registry.CONDITIONS, "not_sent_back_before", lambda case, on: None)
    patch.setitem(registry.CONDITIONS, "not_declined_before", lambda case, on: None)
