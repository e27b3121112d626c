"""Time is an actor like any other: what it does goes through the same door and leaves the same record.

It acts on stored due dates that are not provisional and were counted by the present calendar; the condition is judged
again under the lock.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db import DatabaseError, connection
from django.utils import timezone

from workflow import engine
from workflow.lifecycle import FINAL, STATES, STEPS, TRANSITIONS
from workflow.registry import Refused
from workflow.rulebook import current_edition

log = logging.getLogger(__name__)

RECOUNTED_A_ROUND = 500  # a round comes every minute, and the worker has papers to print as well


def due_steps(today: date) -> Iterator[tuple[Any, str, date]]:
    """What time has to do today: the case, the step, and the day from which the period was over."""
    cases = engine.flow_class().process_class._base_manager.filter(calendar_edition=current_edition())
    for state in STATES.values():
        if state.overdue:
            for case in cases.filter(state=state.key, due_on__lt=today, due_provisional=False).iterator():
                yield case, state.overdue, case.due_on + timedelta(days=1)
    lapsing = TRANSITIONS["lapse"].sources
    expired = cases.filter(state__in=lapsing, mediation_due_on__lt=today, mediation_provisional=False)
    for case in expired.iterator():
        yield case, "lapse", case.mediation_due_on + timedelta(days=1)


def tick(now: datetime) -> int:
    """Count anew what rests on an older calendar, perform everything that is due; answer how many steps were taken.

    What the law does not allow now (another route has the case, both sides have signed) is left to people. A case that is refused, or that cannot be moved at all, is logged and stops no other; a lost database ends the round.
    """
    taken, today = 0, timezone.localtime(now).date()
    recount(now, most=RECOUNTED_A_ROUND)
    for case, name, since in list(due_steps(today)):
        if engine.why_not(STEPS[name], case, today):
            continue
        try:
            engine.perform(case, name, now=now, happened_on=max(since, case.entered_on))
            taken += 1
        except Refused as refusal:
            log.info("time.refused", extra={"step": name, "case": case.number, "why": type(refusal).__name__})
        except Exception as failure:  # whatever is wrong with one case, the dates of all others run on
            if isinstance(failure, DatabaseError) and not connection.is_usable():
                raise
            log.error("time.failed", extra={"step": name, "case": case.number, "why": type(failure).__name__})
    return taken


def uncounted() -> Any:
    """Open cases whose dates rest on an older edition of the calendar."""
    cases = engine.flow_class().process_class._base_manager
    return cases.exclude(state=FINAL).exclude(calendar_edition=current_edition())


def recount(now: datetime, most: int | None = None) -> int:
    """Recompute open deadlines under the current calendar edition, each with a record; answer how many moved.

    Every case in a transaction of its own, ``most`` of them. A case that somebody moves in between is left for the next
    round.
    """
    edition, moved = current_edition(), 0
    for case in list(uncounted().order_by("pk")[:most]):
        before = (case.due_on, case.mediation_due_on, case.due_provisional, case.mediation_provisional)
        try:
            after = engine.perform(case, "recount", now=now, version=case.version, edition=edition).case
        except Refused as refusal:
            log.info("time.refused", extra={"step": "recount", "case": case.number, "why": type(refusal).__name__})
            continue
        moved += before != (after.due_on, after.mediation_due_on, after.due_provisional, after.mediation_provisional)
    return moved
