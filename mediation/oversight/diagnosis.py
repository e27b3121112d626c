"""``doctor``: everything that should never be, found before a person trips over it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from mediation.cases.case import CaseTask, DisputeCase
from mediation.cases.record import Paper
from mediation.documents.models import IssuedDocument
from mediation.organisations.models import OrganisationGrant, User
from mediation.privacy import vault
from mediation.settlement.dossier import manifest_digest
from workflow import timekeeping
from workflow.outbox import OutboxMessage, WorkerLease
from workflow.reconciliation import Fault, reconcile
from workflow.records import Event, verify
from workflow.rulebook import CalendarEdition

OUTBOX_LATE = timedelta(minutes=10)
TIME_LATE = timedelta(hours=1)
WRONG = {vault.FileState.MISSING: "不见了", vault.FileState.ALTERED: "与登记的摘要不符"}


def diagnose(now: datetime, *, files: bool = True) -> Iterator[Fault]:
    """Every fault: tasks and dates, a case nobody can act on, the outbox, the record, files missing or altered."""
    yield from reconcile()
    yield from orphans()
    yield from left_behind(now)
    yield from asleep(now)
    yield from outbox(now)
    report = verify(now)
    if not report.ok:
        yield Fault("broken_chain", "", f"办理记录有断裂：{report.first_broken}")
    if files:
        yield from altered_dossiers()
        yield from altered_files()


def orphans() -> Iterator[Fault]:
    """Open tasks for which no active person holds the role (B6)."""
    held = OrganisationGrant.objects.filter(group__user__is_active=True, content_object__active=True)
    pairs = {
        (codename.removeprefix("act_as_"), org)
        for codename, org in held.values_list("permission__codename", "content_object_id")
    }
    waiting = (
        CaseTask.objects.filter(finished__isnull=True).order_by().values_list("role", "organisation", "process__number")
    )
    for role, organisation, number in waiting.iterator():
        if (role, organisation) not in pairs:
            yield Fault("nobody_can_act", number, f"没有在岗人员持有“{role}”角色，案件无人能办")
    for task in CaseTask.objects.filter(finished__isnull=True, person__isnull=False).select_related(
        "person", "process"
    ):
        if not task.person.is_active or (task.role, task.organisation_id) not in _held(task.person):
            yield Fault("nobody_can_act", task.process.number, "等待办理的人员已离岗，请改派")


def _held(person: User) -> set[tuple[str, int | None]]:
    return {(right.role.value, right.organisation_id) for right in person.roles()}


def left_behind(now: datetime) -> Iterator[Fault]:
    """Open cases whose dates rest on an older calendar long after the present one was loaded (R34)."""
    edition = CalendarEdition.objects.latest("number")
    if edition.loaded_at > now - TIME_LATE:
        return
    for number in timekeeping.uncounted().values_list("number", flat=True):
        yield Fault("old_calendar", number, f"期限未按日历第 {edition.number} 版重新计算")


def asleep(now: datetime) -> Iterator[Fault]:
    """Time has not acted for a while: no worker runs, and nobody calls ``tick``."""
    for lease in WorkerLease.objects.filter(name="tick", held_until__lt=now - TIME_LATE):
        yield Fault(
            "time_stands_still", "", f"到期事项自 {timezone.localtime(lease.held_until):%Y-%m-%d %H:%M} 起无人触发"
        )


def outbox(now: datetime) -> Iterator[Fault]:
    """Messages that wait too long, or that were given up."""
    for message in OutboxMessage.objects.given_up():
        yield Fault("outbox_given_up", "", f"{message.kind} 已放弃（{message.last_error}）")
    for message in OutboxMessage.objects.open().filter(available_at__lt=now - OUTBOX_LATE):
        yield Fault("outbox_late", "", f"{message.kind} 超过 10 分钟未完成")


def altered_dossiers() -> Iterator[Fault]:
    """Closed cases whose dossier is no longer what it was when it was closed (R32)."""
    for closing in Event.objects.filter(kind="close").iterator():
        case = DisputeCase.objects.get(pk=int(closing.chain.removeprefix("case-")))
        if closing.data["manifest"] != manifest_digest(case, closing):
            yield Fault("altered_dossier", case.number, "卷宗与结案时的清单摘要不符")


def altered_files() -> Iterator[Fault]:
    """Files whose bytes are gone, cannot be opened, or no longer have the digest on record."""
    with_file = Q(stored__gt="")
    papers = Paper.objects.filter(with_file).values_list("case__number", "pk", "stored", "uid", "sha256")
    documents = IssuedDocument.objects.filter(with_file).values_list(
        "case__number", "pk", "stored", "file_uid", "sha256"
    )
    for what, rows in (("材料", papers), ("文书", documents)):
        for number, pk, stored, uid, sha256 in rows.iterator():
            state = vault.examine(stored, uid, sha256) if uid else vault.FileState.MISSING
            if state is not vault.FileState.WHOLE:
                yield Fault(f"{state.name.lower()}_file", number, f"{what} {pk} 的文件{WRONG[state]}")
