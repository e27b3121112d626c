"""The rows of a step, written for both opponents: the same tables, the same columns, by Django's ORM.

What belongs to the subjects (a step's effect, sealing, numbering and freezing a paper, telling people) and the arithmetic
of deadlines is the product's own code for everybody: what is compared is the way a case is carried, not what it says.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from mediation.cases.case import DisputeCase
from mediation.cases.office import OFFICE
from mediation.organisations.models import User
from workflow import reckoning, registry
from workflow.records import build_event
from workflow.registry import Move, Right
from workflow.rulebook import ClockMark
from workflow.vocabulary import Step

ALWAYS = ("version", "head", "latest_step", "latest_at", "due_on", "due_provisional")
WHEN_MOVING = ("state", "entered_on", "level", "outcome")
# What the effects of the nine steps change on the case itself: an application would know its own columns.
BY_EFFECT: dict[str, tuple[str, ...]] = {
    "dispatch": ("town", "residence_town", "handling_extensions", "designated"),
    "extend_handling": ("handling_extensions",),
    "send_back": ("send_backs", "hops", "handling_extensions"),
}


def write(case: DisputeCase, step: Step, by: User, right: Right, now: datetime, facts: Mapping[str, Any]) -> Move:
    """Effect, state, marks, dates, event, case row, papers and notices of one step; tasks are the caller's."""
    today = timezone.localtime(now).date()
    move = Move(case, step, by, right, now, today, facts, seq=case.version + 1)
    case.moved_at, case.judged_on, source = now, today, case.state
    if step.name in registry.EFFECTS:
        registry.EFFECTS[step.name](move, **facts)
    if step.target:
        case.__dict__["state"] = step.target
        case.entered_on, case.level = today, step.level or case.level
        case.outcome = step.outcome or case.outcome
    known = list(ClockMark.objects.filter(case_id=case.pk).order_by("pk"))
    reckoning.settle_dates(case, reckoning.mark(move, source, known), OFFICE)
    event = build_event(
        chain=case.chain, seq=move.seq, previous=case.head, kind=step.name, source=source, target=case.state,
        actor_id=by.pk, role=right.role.value, organisation_id=right.organisation_id, happened_on=today,
        recorded_at=now, data=move.data, digest=OFFICE.keep(move),
    )  # fmt: skip
    event.save()
    case.version, case.head, case.latest_step, case.latest_at = move.seq, event.hash, step.label, now
    moving = WHEN_MOVING if step.target else ()
    case.save(update_fields=[*ALWAYS, *moving, *BY_EFFECT.get(step.name, ())])
    for paper in (*step.papers, *move.papers):
        OFFICE.issue(move, paper)
    OFFICE.tell(move, step.tells)
    return move
