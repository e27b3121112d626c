"""Proof, at every start, that the table, the state machine and the flow describe the same walk and miss no name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, register
from viewflow.workflow.lock import SelectForUpdateLock

from workflow import engine, registry
from workflow.lifecycle import ACTIONS, FINAL, INITIAL, MEDIATING, STATES, STEPS, TRANSITIONS

Walk = set[tuple[str, str]]


def walk_of_the_table() -> Walk:
    """Every (from, to) the table allows."""
    steps = TRANSITIONS.values()
    return {(source, target) for step in steps for source in step.sources for target in step.targets(MEDIATING)}


def walk_of_the_machine(model: type) -> Walk:
    """Every (from, to) that django-fsm allows; steps that stay are no walk."""
    field = model._meta.get_field("state")  # type: ignore[attr-defined]
    walk: Walk = set()
    for transition in field.get_all_transitions(model):
        if transition.target is None:
            continue
        allowed = getattr(transition.target, "allowed_states", None) or [transition.target]
        walk |= {(transition.source, target) for target in allowed}
    return walk


def walk_of_the_flow(flow: Any) -> Walk:
    """Every (from, to) along the edges of the flow's nodes."""
    return {
        (node.name, edge.dst.name)
        for node in flow.instance.nodes()
        if node.name in STATES
        for edge in node._outgoing()
    }  # fmt: skip


@register("workflow")
def check_walks(**_: Any) -> list[CheckMessage]:
    """E001–E003: the three walks agree. E004: the flow has the one lock that is safe on PostgreSQL."""
    flow = engine.flow_class()
    law, machine, nodes = walk_of_the_table(), walk_of_the_machine(flow.process_class), walk_of_the_flow(flow)
    found: list[CheckMessage] = []
    found += [
        Error(f"the table allows {s} → {t}, the state machine does not", id="workflow.E001") for s, t in law - machine
    ]
    found += [
        Error(f"the state machine allows {s} → {t}, the table does not", id="workflow.E002") for s, t in machine - law
    ]
    found += [Error(f"table and flow differ on {s} → {t}", id="workflow.E003") for s, t in law ^ nodes]
    lock = flow.lock_impl
    if not isinstance(lock, SelectForUpdateLock) or lock.nowait:
        found.append(Error("the flow needs SelectForUpdateLock(nowait=False)", id="workflow.E004"))
    return found


@register("workflow")
def check_names(**_: Any) -> list[CheckMessage]:
    """E005: every name of the table means something. E006: and nothing is registered that the table does not use."""
    used = {name for step in STEPS.values() for name in step.needs}
    advised = {name for step in STEPS.values() for name in step.warns}
    follows = {name for step in STEPS.values() for name in step.after}
    missing = (
        (used - set(registry.CONDITIONS)) | (advised - set(registry.ADVICE)) | (follows - set(registry.FOUNDATIONS))
    )
    unused = (set(registry.CONDITIONS) - used) | (set(registry.ADVICE) - advised) | (set(registry.EFFECTS) - set(STEPS))
    unused |= set(registry.FOUNDATIONS) - follows
    found: list[CheckMessage] = [
        Error(f"nobody says what “{name}” means", id="workflow.E005") for name in sorted(missing)
    ]
    return found + [Error(f"“{name}” is registered and unused", id="workflow.E006") for name in sorted(unused)]


@register("workflow")
def check_shape(**_: Any) -> list[CheckMessage]:
    """E007: every state can be reached, and every state but the last can be left."""
    law = walk_of_the_table()
    reached, grown = {INITIAL}, True
    while grown:
        more = {target for source, target in law if source in reached} - reached
        reached, grown = reached | more, bool(more)
    stuck = [key for key in STATES if key != FINAL and not any(source == key for source, _ in law)]
    problems = [f"{key} cannot be reached" for key in STATES if key not in reached]
    problems += [f"{key} has no way out" for key in stuck] + list(_misnamed())
    return [Error(problem, id="workflow.E007") for problem in problems]


def _misnamed() -> Iterator[str]:
    for step in STEPS.values():
        for key in (*step.sources, *filter(None, [step.target])):
            if key not in STATES:
                yield f"{step.name} names the unknown state {key}"
    for name in set(TRANSITIONS) & set(ACTIONS):
        yield f"{name} is both a transition and an action"
