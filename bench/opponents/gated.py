"""django-viewflow as its makers mean it: a View for every state, a Switch behind it, permissions by django-guardian.

The graph is that of the product's table, so nobody has more or fewer ways to go. The lock is the one that keeps double
submits out (`SelectForUpdateLock(nowait=False)`); with viewflow's default, two of them succeed on PostgreSQL. A person
claims the task, starts and executes it in one transaction. viewflow addresses a task by permission and object, so its
rows leave the product's own columns for that empty, and carry its link to the task before instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.views.generic import View
from viewflow import this
from viewflow.workflow import flow
from viewflow.workflow.flow import Flow
from viewflow.workflow.lock import SelectForUpdateLock

from bench.opponents.rows import write
from mediation.cases.case import CaseTask, DisputeCase
from mediation.cases.office import OFFICE
from mediation.organisations.models import Organisation, User
from workflow.lifecycle import FINAL, INITIAL, STATES, STEPS
from workflow.nodes import edges
from workflow.registry import Right


def _permission(activation: Any) -> str:
    return f"organisations.act_as_{OFFICE.holder(activation.process)[0].value}"


def _place(process: DisputeCase) -> Organisation | None:
    organisation: Organisation | None = {
        "hotline_operator": process.hotline, "town_official": process.town,
    }.get(OFFICE.holder(process)[0].value, process.committee)  # fmt: skip
    return organisation


def _is_in(state: str) -> Callable[[Any], bool]:
    return lambda activation: activation.process.state == state


def _graph() -> dict[str, Any]:
    nodes: dict[str, Any] = {FINAL: flow.End(), "register": flow.StartHandle().Next(getattr(this, INITIAL))}
    for key in STATES:
        if key == FINAL:
            continue
        view = flow.View(View.as_view()).Permission(_permission, obj=_place)
        nodes[key] = view.Next(getattr(this, f"after_{key}"))
        gate = flow.Switch()
        for target in edges(key):
            gate = gate.Case(getattr(this, target), _is_in(target))
        nodes[f"after_{key}"] = gate
    return nodes


class GatedFlow(type("Nodes", (), _graph()), Flow):  # type: ignore[misc]  # the nodes are built from the table
    """The opponent's flow over the product's tables."""

    process_class = DisputeCase
    task_class = CaseTask
    lock_impl = SelectForUpdateLock(nowait=False)


def adopt(pk: int) -> None:
    """Hand a registered case over to the opponent: its open task becomes one of this flow. Not timed."""
    node = GatedFlow.instance.node(INITIAL)
    case = DisputeCase.objects.get(pk=pk)
    DisputeCase.objects.filter(pk=pk).update(flow_class=GatedFlow)
    task = CaseTask.objects.get(process=pk, finished=None)
    task.flow_task, task.owner_permission = node, f"organisations.act_as_{OFFICE.holder(case)[0].value}"
    task.owner_permission_obj = _place(case)
    task.save()


def take(pk: int, name: str, by: User, now: datetime, facts: Mapping[str, Any]) -> None:
    """Lock, load the task, check the right through guardian, claim, write, and let viewflow go on through its gate."""
    step = STEPS[name]
    with GatedFlow.lock(pk):
        task = CaseTask.objects.select_related("process").get(process=pk, finished=None)
        activation = task.flow_task.activation_class(task)
        if not activation.assign.has_perm(by):
            raise PermissionDenied
        role, organisation, _ = OFFICE.holder(activation.process)
        if step.target:
            activation.assign(by)
            activation.start(None)
        write(activation.process, step, by, Right(role, organisation), now, facts)
        if step.target:
            activation.execute()
