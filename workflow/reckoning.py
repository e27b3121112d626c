"""From steps to dates: the marks a step leaves on the clocks, and the due dates that follow from all marks.

The marks are append-only facts; ``due_on`` beside the case is derived from them and stored only for lists and for time.
A step reads the marks of its case once and writes its own in one statement.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from workflow import statements
from workflow.clocks import Deadline, Mark, MarkKind, deadline
from workflow.lifecycle import STATES
from workflow.registry import Case, Move, Office
from workflow.rulebook import ClockMark, calendar_of, rules_of


def read_marks(case: Case) -> list[ClockMark]:
    """All marks on the clocks of a case, in the order they were recorded."""
    return _marks_of(case.pk) if case.pk else []


_marks_of = statements.PreparedQuery(lambda pk: ClockMark.objects.filter(case_id=pk).order_by("pk"))


def mark(move: Move, source: str, known: list[ClockMark]) -> list[ClockMark]:
    """Write down what the step does to the clocks, on the day it happened; answer all marks, old and new."""
    made = list(_marks(move, source, known))
    statements.insert(*made)
    return [*known, *made]


def _marks(move: Move, source: str, known: list[ClockMark]) -> list[ClockMark]:
    step, made = move.step, list(move.marks)
    entering = STATES[move.case.state]
    starts = [*step.starts]
    if not step.stays and entering.clock and entering.starts_clock and entering.clock not in starts:
        starts.append(entering.clock)
    for clock in starts:
        if any(row.clock == clock for row in known):  # a new count forgets the old one: what was running ends first
            made.append(new_mark(move, clock, MarkKind.END))
        made.append(new_mark(move, clock, MarkKind.START))
    made += [new_mark(move, clock, MarkKind.STOP) for clock in step.stops]
    made += [new_mark(move, clock, MarkKind.RESUME) for clock in step.resumes]
    if move.extension is not None:
        made += [_extension(move, clock, move.extension) for clock in step.extends]
    if not step.stays and _ends_mediation(source, entering.key):
        made.append(new_mark(move, "mediation", MarkKind.END))
    return made


def _ends_mediation(source: str, target: str) -> bool:
    """The 30 working days end when the case leaves mediation, or when their expiry is confirmed."""
    if not source:
        return False
    was_running = STATES[source].mediating or source == "lapsed"
    return was_running and not STATES[target].mediating and target != "lapsed"


def _extension(move: Move, clock: str, by: int | date) -> ClockMark:
    amount: dict[str, Any] = {"until": by} if isinstance(by, date) else {"days": by}
    return new_mark(move, clock, MarkKind.EXTEND, **amount)


def new_mark(move: Move, clock: str, kind: MarkKind, *, on: date | None = None, **amount: Any) -> ClockMark:
    """An unsaved mark of the step in progress; effects put marks of their own into ``move.marks``."""
    return ClockMark(
        case_id=move.case.pk, clock=clock, kind=kind, on=on or move.happened_on, event_seq=move.seq, **amount
    )  # fmt: skip


def deadline_of(case: Case, clock: str, *, today: date | None = None) -> Deadline:
    """What one clock of a case says, with its day-by-day ledger; under the case's own rules and calendar edition."""
    return reckon(case, clock, read_marks(case), today)


def reckon(case: Case, clock: str, marks: list[ClockMark], today: date | None = None) -> Deadline:
    """The deadline of one clock from marks already read."""
    period = rules_of(case.rulebook_id).period(clock)
    ours: list[Mark] = [row.mark for row in marks if row.clock == clock]
    return deadline(period, ours, calendar_of(case.calendar_edition), today=today)


def settle_dates(case: Case, marks: list[ClockMark], office: Office) -> None:
    """Set the due dates of a case from its marks, for its present state."""
    state = STATES[case.state]
    if case.accepted_on is not None and (state.mediating or state.key == "lapsed"):
        mediation = reckon(case, "mediation", marks)
        case.mediation_due_on, case.mediation_provisional = mediation.due_on, mediation.provisional
        case.stopped = mediation.stopped
    if state.clock == "performance":
        case.due_on, case.due_provisional = office.obligation_due_on(case), False
    elif state.clock:
        says = reckon(case, state.clock, marks)
        case.due_on, case.due_provisional = says.due_on, says.provisional
    else:
        case.due_on, case.due_provisional = None, False
