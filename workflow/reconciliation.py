"""What should never be, as far as the engine's own rows can tell: case, task, record and dates disagree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q

from workflow import engine, reckoning
from workflow.lifecycle import FINAL, STATES


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: the kind, the case (its number, or empty) and a sentence."""

    kind: str
    case: str
    sentence: str


def reconcile(*, dates: bool = True) -> Iterator[Fault]:
    """Compare cases with their tasks, and stored dates with what the marks say. Reads only."""
    flow = engine.flow_class()
    cases, tasks = flow.process_class._base_manager, flow.task_class._base_manager
    counted = cases.annotate(open_tasks=Count("tasks", filter=Q(tasks__finished__isnull=True)))
    for case in counted.exclude(state=FINAL).exclude(open_tasks=1).iterator():
        kind = "no_open_task" if case.open_tasks == 0 else "two_open_tasks"
        yield Fault(kind, case.number, f"案件未结，却有 {case.open_tasks} 个待办")
    for case in counted.filter(state=FINAL, open_tasks__gt=0).iterator():
        yield Fault("task_after_end", case.number, "案件已结，却还有待办")
    for task in (
        tasks.filter(finished__isnull=True).exclude(state=F("process__state")).select_related("process").iterator()
    ):
        yield Fault("task_elsewhere", task.process.number, f"待办停在“{task.state}”，案件在“{task.process.state}”")
    yield from _unresolved(tasks)
    if dates:
        yield from _wrong_dates(cases)


def _unresolved(tasks: Any) -> Iterator[Fault]:
    """A stored node that no longer exists would leave its task in nobody's hands."""
    known = {f"cases/flow.{engine.flow_class().__name__}.{name}" for name in (*STATES, "register")}
    for stored in tasks.order_by().values_list("flow_task", flat=True).distinct():
        if str(stored) not in known and getattr(stored, "name", str(stored)) not in (*STATES, "register"):
            yield Fault("unknown_node", "", f"待办指向不存在的节点 {stored}")


def _dates(case: Any) -> tuple[Any, ...]:
    return case.due_on, case.mediation_due_on, case.stopped, case.due_provisional, case.mediation_provisional


def _wrong_dates(cases: Any) -> Iterator[Fault]:
    for case in cases.exclude(state=FINAL).iterator(chunk_size=500):
        stored = _dates(case)
        reckoning.settle_dates(case, reckoning.read_marks(case), engine.office())
        if stored != _dates(case):
            yield Fault("wrong_date", case.number, f"存储的期限 {stored[0]} 与期限账不符（应为 {case.due_on}）")
        if STATES[case.state].clock and case.due_on is None and not case.stopped and STATES[case.state].starts_clock:
            yield Fault("no_deadline", case.number, "本环节应有期限，却没有")
