"""The one door: every change of a case goes through :func:`perform`, whoever asks.

Forms, import, time, admin, demonstration data and tests all come this way. One transaction holds state, facts, event,
next task, deadline, document requests and notices; a refusal leaves no trace. Now is an argument, and what happened
(``happened_on``) has its own date beside when it was recorded.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db import OperationalError, models, transaction
from django.utils import timezone
from viewflow.workflow.status import STATUS

from workflow import reckoning, refusals, registry, statements
from workflow.lifecycle import FINAL, MEDIATING, REGISTER, STATES, STEPS
from workflow.machine import blocker, forget_verdicts
from workflow.nodes import TaskLost
from workflow.records import Event, build_event
from workflow.registry import Busy, Case, Move, NotAllowed, NotYours, Office, Refused, Right, Stale
from workflow.rulebook import current_edition
from workflow.vocabulary import Role, Step

_plugged: dict[str, Any] = {}


def open_for_business(flow: type, office: Office) -> None:
    """Tell the engine, once at start-up, which flow carries the cases and who answers for people and papers."""
    _plugged.update(flow=flow, office=office)


def office() -> Office:
    """The office the engine works for."""
    plugged: Office = _plugged["office"]
    return plugged


def flow_class() -> Any:
    """The flow whose processes are the cases."""
    return _plugged["flow"]


@dataclass(frozen=True)
class Option:
    """A step somebody may take now, or the reason in Chinese why not yet; ``advice`` is shown and does not block."""

    step: Step
    reason: str | None
    advice: tuple[str, ...] = ()


# --- what is possible, and why not ------------------------------------------------------------------------------------


def right_to(step: Step, case: Case, rights: frozenset[Right]) -> Right | None:
    """The first of the step's roles that these rights cover in the case's present state."""
    only_keeper = step.is_keepers(case.level, by_level=STATES[case.state].by_level)
    for role in (role for role in step.by if not only_keeper or role.level in (None, case.level)):
        for right in sorted(rights, key=lambda held: held.organisation_id or 0):
            if right.role == role:
                return right
    return None


def possible(case: Case, user: Any, *, today: date) -> list[Option]:
    """Every step this person has a right to in the present state, each with the reason that blocks it."""
    rights = office().rights(case, user)
    case.judged_on = today
    steps = [step for step in STEPS.values() if case.state in step.sources and right_to(step, case, rights)]
    return [Option(step, why_not(step, case, today), advice_on(step, case, today)) for step in steps]


def why_not(step: Step, case: Case, today: date) -> str | None:
    """The first reason why a step is not possible now, in Chinese; ``None`` when it is."""
    if case.other_route and not step.despite_route:
        return f"{case.get_other_route_display()}已受理本纠纷，依条例第31条第4款只能终止，不能继续办理"
    for name in step.needs:
        if reason := blocker(case, name, today):
            return reason
    return None


def advice_on(step: Step, case: Case, today: date) -> tuple[str, ...]:
    """What a careful colleague would say before this step; it blocks nothing."""
    said = (registry.ADVICE[name](case, today) for name in step.warns)
    return tuple(sentence for sentence in said if sentence)


# --- the door ---------------------------------------------------------------------------------------------------------


def perform(
    case: Case, name: str, *, by: Any = None, now: datetime, happened_on: date | None = None, late_reason: str = "",
    task: int | None = None, version: int | None = None, **facts: Any,
) -> Move:  # fmt: skip
    """Take one step on a case, completely or not at all.

    ``by`` is the person, or ``None`` for time. ``task`` and ``version`` are those the form was rendered for: if the case
    has moved on, :class:`Stale` is raised and nothing happens. ``happened_on`` is the legal date (today by default);
    more than the rulebook's ``backdating`` working days back needs a ``late_reason``. ``facts`` are the step's own.

    Raises :class:`NotYours` (no role on this case), :class:`NotAllowed` (the wrong role), :class:`Stale`,
    :class:`Busy`, or :class:`Refused` with the reason in Chinese.
    """
    step = STEPS[name]
    try:
        with transaction.atomic():
            case, open_task = _locked(case.pk)
            refusals.refuse_stale(case, open_task, task, version)
            right = _right(step, case, by)
            today = timezone.localtime(now).date()
            move = Move(case, step, by, right, now, happened_on or today, facts)
            case.moved_at, case.judged_on = now, today
            refusals.refuse_state(move)
            refusals.refuse_date(move, today, late_reason)
            if reason := why_not(step, case, today):
                raise Refused(reason)
            return _carry_out(move, open_task, today)
    except TaskLost as lost:
        raise Stale("这一步刚刚已由他人办理，请刷新后查看") from lost
    except OperationalError as fault:
        if statements.waited_too_long(fault):
            raise Busy("案件正由他人办理，本次没有提交，请稍候再次提交") from fault
        raise


def open_case(case: Case, *, by: Any, right: Right, now: datetime, happened_on: date, facts: Mapping[str, Any],
              data: Mapping[str, Any] | None = None, fill: Any = None, late_reason: str = "") -> Move:  # fmt: skip
    """Register an unsaved case: insert it, write event number one, open its first task.

    ``fill(case)`` adds the rows that point at the case (parties, hospitals) before anybody is told; ``data`` are codes
    and references for the event. A registration entered late has its ``late_reason`` as every step has.
    """
    flow = flow_class()
    with transaction.atomic():
        move = Move(case, REGISTER, by, right, now, happened_on, facts, data=dict(data or {}), seq=1)
        case.moved_at, case.judged_on, case.entered_on = now, timezone.localtime(now).date(), happened_on
        case.calendar_edition = current_edition()
        refusals.refuse_silently_late(move, case.judged_on, late_reason)
        case.latest_step, case.latest_at, case.flow_class = REGISTER.label, now, flow
        case.save(force_insert=True)
        inserted = columns_of(case)
        if fill is not None:
            fill(case)
        reckoning.settle_dates(case, reckoning.mark(move, "", []), office())
        start = flow.register
        started = start.activation_class(flow.task_class(flow_task=start, process=case))
        started.complete()
        started.activate_next()
        event = _record(move, source="")
        _save(case, inserted, version=0, head=event.hash)
        _inform(move)
        return move


def _carry_out(move: Move, open_task: Any, today: date) -> Move:
    case, step = move.case, move.step
    source, before, move.seq = case.state, columns_of(case), case.version + 1
    _apply_facts(move)
    getattr(case, step.name)()
    forget_verdicts(case)
    if not step.stays:
        _enter(move)
    marks = reckoning.mark(move, source, reckoning.read_marks(case))
    reckoning.settle_dates(case, marks, office())
    event = _record(move, source)
    case.latest_step, case.latest_at = step.label, move.now
    if step.stays:
        _readdress(open_task, case)
    elif open_task is not None:
        _pass_on(open_task, move.by)
    _save(case, before, version=move.seq - 1, head=event.hash)
    _inform(move)
    return move


def _locked(pk: int) -> tuple[Case, Any]:
    """The case row under lock, and its open task: in one query while the case is open."""
    for task in _open_task_of(pk):
        return task.process, task
    cases = flow_class().process_class._base_manager
    try:
        return cases.select_for_update().get(pk=pk), None
    except cases.model.DoesNotExist as absent:
        raise NotYours("没有这件案件") from absent


def _open_task(pk: int) -> models.QuerySet[Any, Any]:
    tasks: models.QuerySet[Any, Any] = flow_class().task_class._base_manager.select_related("process")
    return tasks.select_for_update(of=("self", "process")).filter(process=pk, finished__isnull=True)


_open_task_of = statements.PreparedQuery(_open_task)


def _right(step: Step, case: Case, by: Any) -> Right:
    if by is None:
        if Role.TIME not in step.by:
            raise NotAllowed(f"“{step.label}”须由有权限的人员办理")
        return Right(Role.TIME)
    rights = office().rights(case, by)
    if not rights:
        raise NotYours("没有这件案件")
    right = right_to(step, case, rights)
    if right is None:
        raise NotAllowed(f"您的角色不能办理“{step.label}”")
    return right


@lru_cache(maxsize=256)
def _parameters(name: str) -> inspect.Signature:
    return inspect.signature(registry.EFFECTS[name])


def _apply_facts(move: Move) -> None:
    """Let the step's effect take the facts; what the law demands of them the effect itself refuses."""
    name = move.step.name
    facts = {key: value for key, value in move.facts.items() if key != "late_reason"}
    if name not in registry.EFFECTS:
        if facts:
            raise Refused(f"“{move.step.label}”不需要填写内容")
        return
    try:
        _parameters(name).bind(move, **facts)
    except TypeError as wrong:
        raise Refused(f"“{move.step.label}”所填内容不完整：{wrong}") from wrong
    registry.EFFECTS[name](move, **facts)


def _enter(move: Move) -> None:
    case, step = move.case, move.step
    case.entered_on = move.happened_on
    case.level = step.level or case.level
    if outcome := move.outcome or step.outcome:
        case.outcome = outcome
    if case.state == FINAL:
        case.closed_on = move.happened_on
    elif case.state in MEDIATING:
        case.state_before_lapse = case.state


def _record(move: Move, source: str) -> Event:
    case = move.case
    event = build_event(
        chain=case.chain, seq=move.seq, previous=case.head, kind=move.step.name, source=source, target=case.state,
        actor_id=getattr(move.by, "pk", None), role=move.role.value, organisation_id=move.right.organisation_id,
        happened_on=move.happened_on, recorded_at=move.now, data=move.data, digest=office().keep(move),
    )  # fmt: skip
    statements.insert(event)
    return event


def _pass_on(open_task: Any, by: Any) -> None:
    """viewflow completes the task and opens the one of the case's new state."""
    activation = open_task.flow_task.activation_class(open_task)
    activation.assign(by)
    activation.start(None)
    activation.execute()


def _readdress(open_task: Any, case: Case) -> None:
    """An action may change by when, or by whom, the open task is to be done."""
    if open_task is None:
        return
    columns = case.addressee()
    if any(getattr(open_task, name) != value for name, value in columns.items()):
        type(open_task)._base_manager.filter(pk=open_task.pk).exclude(status=STATUS.DONE).update(**columns)


def columns_of(case: Case) -> dict[str, Any]:
    """The row as it stands in memory, sealed columns still sealed: to write only what a step has changed."""
    return {
        field.attname: list(value) if isinstance(value, list) else value
        for field in case._meta.concrete_fields
        for value in [case.__dict__.get(field.attname)]
    }


def _save(case: Case, columns_before: Mapping[str, Any], *, version: int, head: str) -> None:
    """Write what has changed, only if nobody else has moved the case: the version is compared and swapped."""
    case.version, case.head = version + 1, head
    changed = [
        field.name for field in case._meta.concrete_fields
        if not field.primary_key and case.__dict__.get(field.attname) != columns_before.get(field.attname, field)
    ]  # fmt: skip
    if statements.update(case, changed, version=version) != 1:
        raise TaskLost(case.pk)


def _inform(move: Move) -> None:
    for paper in (*move.step.papers, *move.papers):
        office().issue(move, paper)
    office().tell(move, move.step.tells)
