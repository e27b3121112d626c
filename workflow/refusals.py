"""What the door refuses whatever the step: a stale form, a state that does not know the step, a date that cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from workflow.lifecycle import STATES
from workflow.registry import FOUNDATIONS, Case, Move, Refused, Stale
from workflow.rulebook import calendar_of, rules_of


def refuse_stale(case: Case, open_task: Any, task: int | None, version: int | None) -> None:
    """The form was rendered for another task or version: somebody else has been here since."""
    seen_task = open_task.pk if open_task is not None else None
    if (version is not None and version != case.version) or (task is not None and task != seen_task):
        raise Stale(f"案件已有新的办理（现为“{STATES[case.state].label}”），本次提交未生效")


def refuse_state(move: Move) -> None:
    """The table does not know this step from the present state."""
    if move.case.state not in move.step.sources:
        raise Refused(f"案件现为“{STATES[move.case.state].label}”，不能办理“{move.step.label}”")


def _foundations(move: Move) -> Iterator[tuple[str, date]]:
    """What the happening follows: what the table names, or else the entry into the state; in any case the receipt."""
    case, step = move.case, move.step
    yield "案件接收日期", case.received_on
    if not step.stays and not step.after:
        yield "进入本环节的日期", case.entered_on
    for name in step.after:
        what, day_of = FOUNDATIONS[name]
        if (day := day_of(case)) is not None:
            yield what, day


def refuse_date(move: Move, today: date, late_reason: str) -> None:
    """Law counts the day of the happening: never in the future, never before what it follows, and not silently late."""
    on = move.happened_on
    if on > today:
        raise Refused("发生日期不能晚于今天", field="happened_on")
    for what, earliest in _foundations(move):
        if on < earliest:
            raise Refused(f"发生日期不能早于{what} {earliest:%Y-%m-%d}", field="happened_on")
    refuse_silently_late(move, today, late_reason)


def refuse_silently_late(move: Move, today: date, late_reason: str) -> None:
    """What is entered more than the rulebook's days late has a reason, and the director finds it in a list."""
    on, case = move.happened_on, move.case
    late = calendar_of(case.calendar_edition).working_days_between(on, today)
    if move.by is not None and late > rules_of(case.rulebook_id).number("backdating"):
        if not late_reason.strip():
            raise Refused(f"补录已超过 {late} 个工作日，请写明补录原因", field="late_reason")
        move.facts = {**move.facts, "late_reason": late_reason}
        move.data["backdated"] = late
