"""Table → django-viewflow: one node a state, edges straight from the table, no gates.

viewflow keeps who must act now: the task rows, their claiming and the BPMN picture. What is legal is the state machine's
business; after a step the next node is simply the one of the case's state. viewflow's cancel, undo and revive are never
offered: they would move the task and leave the case behind.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from viewflow import this
from viewflow.workflow import flow
from viewflow.workflow.activation import Activation
from viewflow.workflow.base import Edge, Node
from viewflow.workflow.lock import SelectForUpdateLock
from viewflow.workflow.nodes.end import EndActivation
from viewflow.workflow.nodes.start import StartActivation
from viewflow.workflow.nodes.view import ViewActivation
from viewflow.workflow.signals import task_finished
from viewflow.workflow.status import PROCESS, STATUS

from workflow import statements
from workflow.lifecycle import FINAL, INITIAL, MEDIATING, STATES, TRANSITIONS


class TaskLost(Exception):
    """The open task was completed by someone else between reading and writing it."""


def _open_task(node: Node, previous: Activation, token: Any, **columns: Any) -> Any:
    task = node.flow_class.task_class(
        process=previous.process, flow_task=node, token=token, flow_task_type=node.task_type, **columns
    )
    statements.insert(task)
    return task


class StateActivation(ViewActivation):
    """Carries one task through viewflow with the fewest statements: no gates, no re-reading, one UPDATE to finish."""

    def __init__(self, task: Any) -> None:
        self.task, self.process = task, task.process

    def __hash__(self) -> int:
        return id(self.task)

    @Activation.status.super()
    def assign(self, user: Any) -> None:
        """Claim the task; written once, together with its completion."""
        self.task.owner = user

    @Activation.status.super()
    def complete(self) -> None:
        """Finish the task exactly once: whoever finds it finished already has lost the race."""
        when: datetime = self.process.moved_at
        self.task.status, self.task.started, self.task.finished = STATUS.DONE, when, when
        if statements.update(self.task, ("status", "owner", "started", "finished"), finished=None) != 1:
            raise TaskLost(self.task.pk)
        task_finished.send(sender=self.flow_class, process=self.process, task=self.task)

    @Activation.status.super()
    def create_next(self) -> Iterator[Activation]:
        """Open the task of the state the case is in now."""
        yield self.flow_class.instance.node(self.process.state)._create(self, self.task.token)

    @classmethod
    def create(cls, flow_task: Node, prev_activation: Activation, token: Any, **_: Any) -> StateActivation:
        """Insert the open task, addressed to whoever is awaited in this state."""
        case = prev_activation.process
        return cls(_open_task(flow_task, prev_activation, token, created=case.moved_at, **case.addressee()))


class ClosedActivation(EndActivation):
    """The end: the case row itself is written by the engine, together with the rest of the step."""

    @classmethod
    def create(cls, flow_task: Node, prev_activation: Activation, token: Any, **_: Any) -> ClosedActivation:
        """Insert the end task, finished from the start, and mark the process as done."""
        case = prev_activation.process
        case.status, case.finished = PROCESS.DONE, case.moved_at
        moment = {"created": case.moved_at, "started": case.moved_at, "finished": case.moved_at}
        activation = cls.__new__(cls)
        activation.process = case
        activation.task = _open_task(flow_task, prev_activation, token, status=STATUS.DONE, **moment)
        return activation

    @Activation.status.super()
    def activate(self) -> None:
        """Nothing: the row was inserted finished."""

    def __hash__(self) -> int:
        return id(self.task)


class OpeningActivation(StartActivation):
    """The start of a case: the engine has filled the case row, viewflow inserts it and opens the first task."""

    def __init__(self, task: Any) -> None:
        self.task, self.process = task, task.process

    def __hash__(self) -> int:
        return id(self.task)

    @Activation.status.super()
    def complete(self) -> None:
        """Insert the start task, finished from the start."""
        when = self.process.moved_at
        self.task.created = self.task.started = self.task.finished = when
        self.task.process_id = self.process.pk
        statements.insert(self.task)


class StateNode(flow.View):
    """The human task of one state."""

    activation_class = StateActivation
    cancel_view_class = undo_view_class = revive_view_class = None

    def __init__(self, key: str) -> None:
        super().__init__(None)
        self.key = key
        self.task_title = STATES[key].label

    def _outgoing(self) -> Iterator[Edge]:
        nodes = self.flow_class.instance
        for target, labels in edges(self.key).items():
            yield Edge(src=self, dst=nodes.node(target), edge_class="next", label="、".join(labels))


class ClosedNode(flow.End):
    """The end event."""

    activation_class = ClosedActivation


def edges(source: str) -> dict[str, list[str]]:
    """Where a case can go from a state: target → the labels of the steps that lead there."""
    found: dict[str, list[str]] = {}
    for step in TRANSITIONS.values():
        if source in step.sources:
            for target in step.targets(MEDIATING):
                found.setdefault(target, []).append(step.label)
    return found


def build() -> type:
    """The attributes of a flow: a start, one node a state, an end. Called once for every flow class."""
    start = flow.StartHandle()
    start.activation_class = OpeningActivation
    nodes: dict[str, Any] = {key: StateNode(key) for key in STATES if key != FINAL}
    nodes[FINAL] = ClosedNode()
    nodes["register"] = start.Next(getattr(this, INITIAL))
    return type("Nodes", (), nodes | {"lock_impl": SelectForUpdateLock(nowait=False)})
