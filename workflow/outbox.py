"""What must leave a transaction: rows written inside it, done by workers afterwards, at least once.

``enqueue`` writes the row with the caller's change, so both happen or neither. A worker claims a row with a lease (a
conditional UPDATE), runs its handler outside every transaction, and marks it done only if the lease is still its own. A
worker that dies leaves a lease that runs out; the next one does the message again, under the same key: handlers must
bear that. The wait grows fourfold with each failure (30 s, 2 min, 8 min … at most 1 h); after eight attempts the
message is given up and shown.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import Exists, F, OuterRef, Q

from workflow.chain import Data, check_data

Value = TypeVar("Value")
OPEN = Q(done_at=None, gave_up_at=None)


class OutboxQuerySet(models.QuerySet["OutboxMessage"]):
    """The messages by what is to become of them."""

    def open(self) -> "OutboxQuerySet":
        """Neither done nor given up."""
        return self.filter(OPEN)

    def due(self, now: datetime) -> "OutboxQuerySet":
        """Those a worker may take now: waited long enough, held by nobody, none of the same case and family before."""
        earlier = OutboxMessage.objects.open().filter(
            case_id=OuterRef("case_id"), family=OuterRef("family"), pk__lt=OuterRef("pk")
        )
        free = Q(leased_until=None) | Q(leased_until__lt=now)
        return self.open().filter(free, ~Exists(earlier), available_at__lte=now)

    def given_up(self) -> "OutboxQuerySet":
        """Those that failed too often and wait for a person."""
        return self.filter(gave_up_at__isnull=False)


class OutboxMessage(models.Model):
    """One thing to do outside.

    ``family`` is the kind up to its first dot: within it the messages of a case keep their order. A message that was
    given up no longer holds back those behind it; revived, it comes late.
    """

    kind = models.CharField("种类", max_length=60)
    family = models.CharField("类别", max_length=60)
    key = models.CharField("幂等键", max_length=160, unique=True)
    payload = models.JSONField("引用", default=dict)
    case_id = models.BigIntegerField("案件编号", null=True, blank=True)
    created_at = models.DateTimeField("写入时间")
    available_at = models.DateTimeField("可办时间")
    attempts = models.PositiveSmallIntegerField("已试次数", default=0)
    leased_until = models.DateTimeField("租约到期", null=True, blank=True)
    leased_by = models.CharField("租约持有者", max_length=80, blank=True)
    done_at = models.DateTimeField("办妥时间", null=True, blank=True)
    gave_up_at = models.DateTimeField("放弃时间", null=True, blank=True)
    last_error = models.CharField("最近错误类别", max_length=80, blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "待发事项"
        indexes = [
            models.Index(fields=["available_at", "id"], condition=OPEN, name="outbox_open"),
            models.Index(fields=["case_id", "family", "id"], condition=OPEN, name="outbox_order"),
            models.Index(fields=["gave_up_at"], condition=Q(gave_up_at__isnull=False), name="outbox_given_up"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(gave_up_at=None),
                name="outbox_done_or_given_up",
                violation_error_message="已办妥的事项不能又被放弃",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class WorkerLease(models.Model):
    """A named turn that one worker at a time may take."""

    name = models.CharField("名称", max_length=40, unique=True)
    held_by = models.CharField("持有者", max_length=80, blank=True)
    held_until = models.DateTimeField("到期")

    class Meta:
        verbose_name = verbose_name_plural = "轮值"

    def __str__(self) -> str:
        return self.name

    @classmethod
    def take(cls, name: str, worker: str, now: datetime, lasts: timedelta) -> bool:
        """Take the turn if it is free: one of several askers gets True, and nobody again until ``lasts`` is over."""
        free = WorkerLease.objects.filter(name=name, held_until__lte=now)
        if free.update(held_by=worker, held_until=now + lasts):
            return True
        if WorkerLease.objects.filter(name=name).exists():
            return False
        WorkerLease.objects.bulk_create([WorkerLease(name=name, held_until=now)], ignore_conflicts=True)
        return bool(free.update(held_by=worker, held_until=now + lasts))


class Handler(Protocol):
    """Does what a message asks, outside every transaction, perhaps twice; raises to have it tried again."""

    def __call__(self, message: OutboxMessage, *, now: datetime) -> None: ...


class NoHandler(LookupError):
    """Nothing in this process handles the message's kind."""


HANDLERS: dict[str, Handler] = {}


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Make the decorated function the handler of ``kind``; a kind has one."""

    def register(handler: Handler) -> Handler:
        if HANDLERS.setdefault(kind, handler) is not handler:
            raise ValueError(f"two handlers for {kind}")
        return handler

    return register


def enqueue(kind: str, key: str, payload: Data, *, now: datetime, case_id: int | None = None) -> None:
    """Write a message in the caller's transaction. A key that is there already stays as it was: twice is once.

    ``payload`` holds references only; raises ``DataRefused`` as the record does. Messages of one case are written under
    the lock on that case, so their ids are in the order of their commits.
    """
    check_data(payload)
    family = kind.partition(".")[0]
    message = OutboxMessage(
        kind=kind, family=family, key=key, payload=payload, case_id=case_id, created_at=now, available_at=now
    )
    OutboxMessage.objects.bulk_create([message], ignore_conflicts=True)


def claim(worker: str, now: datetime, limit: int = 1) -> list[OutboxMessage]:
    """Lease up to ``limit`` due messages for ``settings.OUTBOX_LEASE`` (one minute), oldest first; counts the attempt.

    Each message goes to one worker only. Raises ``RuntimeError`` inside a transaction: the lease must be seen at once.
    """
    due = OutboxMessage.objects.due(now).order_by("available_at", "pk")
    skips = connection.features.has_select_for_update_skip_locked
    if not skips and not due.exists():
        return []  # SQLite: to open a transaction is to take the write lock, every idle second
    with transaction.atomic(durable=True):
        return [message for message in due.select_for_update(skip_locked=skips)[:limit] if _lease(message, worker, now)]


def _lease(message: OutboxMessage, worker: str, now: datetime) -> bool:
    until = now + _setting("OUTBOX_LEASE", timedelta(seconds=60))
    won = OutboxMessage.objects.due(now).filter(pk=message.pk, attempts=message.attempts)
    if not won.update(leased_by=worker, leased_until=until, attempts=F("attempts") + 1):
        return False
    message.leased_by, message.leased_until, message.attempts = worker, until, message.attempts + 1
    return True


@dataclass(frozen=True)
class Outcome:
    """What became of one attempt: "done", "again" (tried later), "gave_up", "lost" (another worker has it by now)."""

    message_id: int
    kind: str
    attempt: int
    result: str
    error: str = ""


def run_once(
    worker: str, now: datetime, *, limit: int = 1, clock: Callable[[], datetime] | None = None
) -> list[Outcome]:
    """Claim up to ``limit`` due messages and run them one after another; an empty list says that nothing was due.

    All of them are leased from ``now``: a limit above one suits handlers that are quick. ``clock`` gives the time at
    which a handler ended (``now`` itself when absent).
    """
    return [_attempt(message, now, clock or (lambda: now)) for message in claim(worker, now, limit)]


def _attempt(message: OutboxMessage, now: datetime, clock: Callable[[], datetime]) -> Outcome:
    error = ""
    most = _setting("OUTBOX_MAX_ATTEMPTS", 8)
    if message.attempts > most:
        error = "WorkerLost"  # the last attempt took its worker down: do not lose another
    else:
        try:
            _handler(message)(message, now=now)
        except Exception as failure:  # noqa: BLE001 - whatever it is, the message is tried again and the class is kept
            error = type(failure).__name__
    ended = clock()
    if not error:
        result, changes = "done", {"done_at": ended}
    elif message.attempts >= most:
        result, changes = "gave_up", {"gave_up_at": ended}
    else:
        result, changes = "again", {"available_at": ended + wait_after(message.attempts)}
    # attempts: a worker of the same name may hold it by now
    mine = OutboxMessage.objects.open().filter(pk=message.pk, leased_by=message.leased_by, attempts=message.attempts)
    if not mine.update(**changes, leased_until=None, leased_by="", last_error=error[:80]):
        result = "lost"
    return Outcome(message.pk, message.kind, message.attempts, result, error)


def _setting(name: str, default: Value) -> Value:
    value: Value = getattr(settings, name, default)
    return value


def _handler(message: OutboxMessage) -> Handler:
    if message.kind not in HANDLERS:
        raise NoHandler(message.kind)
    return HANDLERS[message.kind]


def wait_after(attempts: int) -> timedelta:
    """How long to wait after so many failed attempts: 30 s, 2 min, 8 min, 32 min, then an hour each."""
    factor: int = _setting("OUTBOX_BACKOFF_FACTOR", 4) ** (attempts - 1)
    wait: timedelta = _setting("OUTBOX_BACKOFF", timedelta(seconds=30)) * factor
    return min(wait, _setting("OUTBOX_BACKOFF_CAP", timedelta(hours=1)))


def retry(message: OutboxMessage, *, now: datetime) -> bool:
    """Give a message that was given up eight more attempts; False if somebody did so before."""
    given_up = OutboxMessage.objects.given_up().filter(pk=message.pk)
    return bool(given_up.update(gave_up_at=None, attempts=0, available_at=now, leased_until=None, leased_by=""))
