"""The record: append-only events in hash chains, and the anchor lines that fix their heads.

Each case has its own chain "case-<pk>", whose head (``seq``, ``hash``) stands on the case row itself; the system has
one chain, whose head stands in ``Chain``. One chain for everything would make all writers queue. What a hash covers is
said in ``workflow.chain``, how chains are examined in ``workflow.verification``, what the database refuses in
``workflow.append_only``.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DataError, connection, models, transaction
from django.db.models import Q
from django.utils import timezone

from workflow.append_only import AppendOnly, AppendOnlyQuerySet, unguarded
from workflow.chain import (
    COLUMNS,
    GENESIS,
    SYSTEM,
    AnchorText,
    Data,
    DataRefused,
    Head,
    check_data,
    event_hash,
    heads_digest,
    moved,
    read_line,
)
from workflow.snapshot import snapshot
from workflow.verification import AnchorRow, Finding, Report, examine

__all__ = [
    "GENESIS", "SYSTEM", "AnchorLine", "Chain", "DataRefused", "Event", "Finding", "Report", "all_heads", "anchor_rows",
    "build_event", "check_data", "event_hash", "record_system", "register_heads", "verify",
]  # fmt: skip

HeadsProvider = Callable[[], Iterable[tuple[str, int, str]]]
_providers: list[HeadsProvider] = []
_PAGE = 2000
# SQLite keeps whatever was forced into a column; PostgreSQL knows days that Python does not
UNREADABLE = (ValueError, TypeError, OverflowError, DataError)


class EventQuerySet(AppendOnlyQuerySet["Event"]):
    """Events, to be read."""


class Event(AppendOnly):
    """One thing that happened, as it was recorded. Never a personal value: codes, references and digests only."""

    chain = models.CharField("链", max_length=40)
    seq = models.PositiveIntegerField("行号")
    kind = models.CharField("办理动作", max_length=60)
    source = models.CharField("原状态", max_length=32, blank=True)
    target = models.CharField("新状态", max_length=32, blank=True)
    actor_id = models.BigIntegerField("经办人编号", null=True, blank=True)
    role = models.CharField("角色", max_length=32, blank=True)
    organisation_id = models.BigIntegerField("单位编号", null=True, blank=True)
    happened_on = models.DateField("发生日期")
    recorded_at = models.DateTimeField("记录时间")
    data = models.JSONField("代码与引用", default=dict, blank=True)
    digest = models.CharField("密封事实摘要", max_length=64, blank=True)
    previous = models.CharField("上一行散列", max_length=64)
    hash = models.CharField("散列", max_length=64)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "事件"
        constraints = [models.UniqueConstraint(fields=["chain", "seq"], name="one_event_per_place_in_chain")]
        indexes = [  # two lists of the few among the many
            models.Index(
                fields=["-recorded_at", "-id"], condition=Q(chain="system") | Q(kind="reveal"), name="event_watched"
            ),
            models.Index(
                fields=["-recorded_at", "-id"], condition=Q(data__has_key="backdated"), name="event_backdated"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.chain} {self.seq} {self.kind}"


class Chain(models.Model):
    """The head of a chain that no case carries: the system's own."""

    name = models.CharField("链", max_length=40, unique=True)
    seq = models.PositiveIntegerField("末行行号", default=0)
    head = models.CharField("末行散列", max_length=64, default=GENESIS)

    class Meta:
        verbose_name = verbose_name_plural = "链首"

    def __str__(self) -> str:
        return f"{self.name} {self.seq}"

    @classmethod
    def locked(cls, name: str) -> "Chain":
        """The row under a lock that lasts to the end of the caller's transaction; made on first use."""
        rows = Chain.objects.select_for_update().filter(name=name)
        row = rows.first()
        if row is None:
            Chain.objects.bulk_create([Chain(name=name)], ignore_conflicts=True)
            row = rows.get()
        return row


class AnchorLineQuerySet(AppendOnlyQuerySet["AnchorLine"]):
    """Anchor lines, to be read."""


class AnchorLine(AppendOnly):
    """A signed line to print: whoever holds the paper can tell later whether anything before it was changed."""

    seq = models.PositiveIntegerField("锚号", unique=True)
    made_at = models.DateTimeField("签发时间")
    line = models.CharField("锚行", max_length=400)
    signature = models.CharField("签名", max_length=64)
    heads = models.JSONField("变动的链首", default=dict, help_text="链 → [行号, 散列]，仅自上一锚以来有变动的链")

    objects = AnchorLineQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "锚"
        ordering = ["seq"]

    def __str__(self) -> str:
        return self.line

    @classmethod
    def make(cls, now: datetime) -> "AnchorLine":
        """Sign the heads as they stand and store the line. Of two at once one fails with ``IntegrityError``."""
        key_id, key = next(iter(audit_keys().items()))
        known: dict[str, Head] = {}
        last = None
        for last in anchor_rows():
            known.update({chain: (seq, head) for chain, (seq, head) in last.heads.items()})
        changed = moved(all_heads(), known)
        text = AnchorText(
            seq=last.seq + 1 if last else 1,
            made_at=now.replace(microsecond=0),
            chains=len(known.keys() | changed.keys()),
            last_row=Event.objects.aggregate(last=models.Max("id"))["last"] or 0,
            digest=heads_digest(changed, read_line(last.line).digest if last else GENESIS),
        )
        line = text.signed(key_id, key)
        anchor = cls(seq=text.seq, made_at=text.made_at, line=line, signature=read_line(line).signature, heads=changed)
        anchor.save()
        return anchor

    @classmethod
    def make_if_due(cls, now: datetime) -> "AnchorLine | None":
        """Make the day's line (``settings.AUDIT_ANCHOR_HOURS``, 24) if there is something to anchor."""
        every = timedelta(hours=getattr(settings, "AUDIT_ANCHOR_HOURS", 24))
        last = cls.objects.order_by("-seq").values_list("made_at", flat=True).first()
        is_due = Event.objects.exists() if last is None else last + every <= now
        return cls.make(now) if is_due else None


def build_event(
    *,
    chain: str,
    seq: int,
    previous: str,
    kind: str,
    happened_on: date,
    recorded_at: datetime,
    source: str = "",
    target: str = "",
    actor_id: int | None = None,
    role: str = "",
    organisation_id: int | None = None,
    data: Data | None = None,
    digest: str = "",
) -> Event:
    """The next event of a chain, hashed and not yet saved; the caller saves it and moves the head, in one transaction.

    ``previous`` is the head so far, empty or ``GENESIS`` before the first event, whose ``seq`` is 1. ``digest`` is the
    keyed digest of the facts that are sealed elsewhere. Raises ``DataRefused`` for data that is not codes, references
    and digests, ``ValueError`` for a moment without time zone.
    """
    fields: dict[str, Any] = {
        "chain": chain,
        "seq": seq,
        "kind": str(kind),
        "source": str(source),
        "target": str(target),
        "actor_id": actor_id,
        "role": str(role),
        "organisation_id": organisation_id,
        "happened_on": happened_on,
        "recorded_at": recorded_at,
        "data": data or {},
        "digest": digest,
        "previous": previous or GENESIS,
    }
    check_data(fields["data"])
    return Event(**fields, hash=event_hash(fields))


def record_system(
    kind: str,
    *,
    actor_id: int | None,
    role: str = "",
    organisation_id: int | None = None,
    data: Data | None = None,
    now: datetime,
) -> Event:
    """Append to the system's chain, in the caller's transaction if there is one.

    The chain stays locked until that transaction ends: call it last. Raises as ``build_event`` does.
    """
    with transaction.atomic():
        chain = Chain.locked(SYSTEM)
        event = build_event(
            chain=SYSTEM,
            seq=chain.seq + 1,
            previous=chain.head,
            kind=kind,
            actor_id=actor_id,
            role=role,
            organisation_id=organisation_id,
            happened_on=timezone.localtime(now).date(),
            recorded_at=now,
            data=data,
        )
        event.save()
        Chain.objects.filter(pk=chain.pk).update(seq=event.seq, head=event.hash)
    return event


def register_heads(provider: HeadsProvider) -> None:
    """Tell the record who else carries heads: ``provider()`` yields (chain, seq, head), seq 0 if it has no event."""
    if provider not in _providers:
        _providers.append(provider)


def all_heads() -> Iterator[tuple[str, int, str]]:
    """The head of every chain, as its owner has it."""
    yield from Chain.objects.values_list("name", "seq", "head").iterator(_PAGE)
    for provider in _providers:
        yield from provider()


def anchor_rows() -> Iterator[AnchorRow]:
    """Every stored anchor in its order."""
    for row in AnchorLine.objects.order_by("seq", "id").values_list(*AnchorRow._fields).iterator(_PAGE):
        yield AnchorRow(*row)


def event_rows(chain: str | None = None) -> Iterator[Mapping[str, Any]]:
    """Every event, chain by chain in the order of ``seq``; a row that cannot be read comes with its place only."""
    rows = Event.objects.order_by("chain", "seq", "id").values(*COLUMNS, "id", "hash")
    if chain is not None:
        rows = rows.filter(chain=chain)
    done = 0
    try:
        for row in rows.iterator(_PAGE):
            yield row
            done += 1
    except UNREADABLE:
        yield from _one_by_one(rows, done)


def _one_by_one(rows: models.QuerySet[Event, dict[str, Any]], start: int) -> Iterator[Mapping[str, Any]]:
    for place in list(rows.values("id", "chain", "seq"))[start:]:
        try:
            yield rows.get(pk=place["id"])
        except UNREADABLE:
            yield {**place, "hash": ""}


def audit_keys() -> dict[str, bytes]:
    """The keys that sign anchors, by id, the active one first: ``settings.AUDIT_KEYS``, hex or bytes.

    Old keys stay in it for as long as their lines are to be verified.
    """
    keys: Mapping[str, str | bytes] = getattr(settings, "AUDIT_KEYS", None) or {}
    if not keys:
        raise ImproperlyConfigured("AUDIT_KEYS is missing: a dict of key id -> hex key; the first signs anchor lines")
    try:
        return {key_id: key if isinstance(key, bytes) else bytes.fromhex(key) for key_id, key in keys.items()}
    except ValueError:
        raise ImproperlyConfigured("AUDIT_KEYS: every key is written in hexadecimal digits") from None


def verify(now: datetime | None = None, *, printed: Iterable[str] = ()) -> Report:
    """Examine the whole record in one snapshot; ``printed``: anchor lines kept on paper; ``now`` dates the report."""
    with snapshot():
        heads = {chain: (seq, head) for chain, seq, head in all_heads()}
        report = examine(event_rows(), heads, anchor_rows(), audit_keys(), printed)
        missing = unguarded(connection)
    return replace(report, ok=report.ok and not missing, unguarded=missing, verified_at=now)
