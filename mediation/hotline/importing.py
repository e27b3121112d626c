"""A file of orders: staged row by row, judged against what is there, looked at by a person, then taken in.

Nothing becomes an order before :func:`take_in`. A row is judged by centre and order number: unknown is new, another
digest is changed, the same digest is the same; what cannot be an order is rejected with the reason. The judgement of the
preview is made again under lock when the file is taken in, so two clerks with the same file make one set of orders.

A file of up to :data:`AT_ONCE` rows is judged and taken in while the person waits. A larger one is the worker's: the
batch says what is being done (``doing``), since when (``asked_at``) and down to which line (``reached``), and one message
a part does it. A part and the message for the next commit together, so a worker that dies in the middle doubles nothing.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import IO, Any

from django.db import connection, transaction
from django.db.models import F, Max, Min, Q, QuerySet

from mediation.cases.uploads import clean_name
from mediation.hotline import columns
from mediation.hotline.batch import ImportBatch, ImportRow
from mediation.hotline.duplicates import Alike, Probe, find
from mediation.hotline.entries import Entry, RowRefused, entry_of, state_named
from mediation.hotline.intake import change, insert, locked_centre
from mediation.hotline.naming import HospitalNames
from mediation.hotline.order import HotlineOrder, OrderQuerySet
from mediation.hotline.sheets import SheetRefused, read
from mediation.organisations.models import Organisation, User
from mediation.privacy.searchkeys import search_key
from workflow.outbox import OutboxMessage, enqueue, handles, retry
from workflow.records import record_system
from workflow.registry import NotAllowed, Refused
from workflow.vocabulary import Role

CHUNK = 500
AT_ONCE = 500
"""Rows that are judged, or taken in, within the request: a second or so."""
KIND = "hotline_import"
PIECE = 1024 * 1024
JUDGE, TAKE_IN = ImportBatch.Doing.JUDGE, ImportBatch.Doing.TAKE_IN
NEW, CHANGED, SAME, REJECTED = (ImportRow.Standing(key) for key in ("new", "changed", "same", "rejected"))


@dataclass(frozen=True)
class Taken:
    """What a file brought: rows by their standing."""

    new: int = 0
    changed: int = 0
    same: int = 0
    rejected: int = 0


def stage(file: IO[bytes], name: str, *, centre: Organisation, by: User, now: datetime) -> ImportBatch:
    """Read a file into a batch of sealed rows; judged without asking when its header is known.

    Raises :class:`SheetRefused` for a file that is no list, :class:`NotAllowed` for people of another centre.
    """
    if centre.pk not in by.organisations(Role.HOTLINE_OPERATOR):
        raise NotAllowed("您不能在该中心导入工单")
    with transaction.atomic():
        sha256, sheet = _sha256(file), read(file, name)
        batch = ImportBatch(
            centre=centre, by=by, filename=clean_name(name)[:200], sha256=sha256, header=sheet.header, made_at=now
        )
        batch.save(force_insert=True)
        rows = (ImportRow(batch=batch, line=line, raw=cells) for line, cells in sheet.rows)
        for part in _parts(rows):
            batch.size += len(ImportRow.objects.bulk_create(part))
        if not batch.size:
            raise SheetRefused("表头下面没有内容，请核对文件。")
        known = columns.remembered(centre, sheet.header)
        if known is not None:
            batch.columns = known
            _begin(batch, JUDGE, by=by, now=now)
        batch.save()
    return batch


def settle_columns(batch: ImportBatch, chosen: Mapping[str, int], *, by: User, now: datetime) -> None:
    """Keep the mapping that a person confirmed, for this file and every later one with this header, and judge the rows."""
    if problem := columns.problem_of(chosen, len(batch.header)):
        raise Refused(problem)
    with transaction.atomic():
        _lock_undone(batch)
        columns.remember(batch.centre, batch.header, chosen, now)
        batch.columns = dict(chosen)
        _begin(batch, JUDGE, by=by, now=now)
        record_system(
            "order_columns", actor_id=by.pk, role=Role.HOTLINE_OPERATOR.value, organisation_id=batch.centre_id, now=now,
            data={"batch": batch.pk, "header": columns.digest(batch.header)},
        )  # fmt: skip


def _begin(batch: ImportBatch, doing: ImportBatch.Doing, *, by: User, now: datetime) -> None:
    """Have the rows judged or taken in: here and now, or by the worker when they are many."""
    batch.doing, batch.reached, batch.asked_by, batch.asked_at = doing, 0, by, now
    batch.counts, batch.seal = {}, ""
    batch.save()
    if batch.size > AT_ONCE:
        _ask(batch, now)
    elif doing == JUDGE:
        judge(batch)
    else:
        _take_part(batch, now)


def _ask(batch: ImportBatch, now: datetime) -> None:
    enqueue(KIND, _key(batch), {"batch": batch.pk}, now=now)


def _key(batch: ImportBatch) -> str:
    """The message that does the next part: this work, asked for then, from this line on. A judgement is one part."""
    line = batch.reached if batch.doing == TAKE_IN else 0
    return f"{KIND}:{batch.pk}:{batch.doing}:{_asked_at(batch).timestamp()}:{line}"


@handles(KIND)
def go_on(message: OutboxMessage, *, now: datetime) -> None:
    """Do what is next of a large file. A message of what is done, thrown away or begun anew does nothing."""
    batch = ImportBatch.objects.filter(pk=message.payload["batch"]).exclude(doing="").first()
    if batch is None or message.key != _key(batch):
        return
    if batch.doing == JUDGE:
        judge(batch)
        return
    with transaction.atomic():
        _lock(batch)
        if message.key == _key(batch):
            _take_part(batch, now)
            if batch.doing:
                _ask(batch, now)


def stuck(batch: ImportBatch) -> OutboxMessage | None:
    """The message that failed too often, so that the work stands still until a person has it tried again."""
    return OutboxMessage.objects.given_up().filter(key=_key(batch)).first() if batch.doing else None


def try_again(batch: ImportBatch, *, now: datetime) -> bool:
    """Have the work go on where it stopped; False when it does not stand still."""
    message = stuck(batch)
    return message is not None and retry(message, now=now)


def judge(batch: ImportBatch) -> None:
    """Judge every row for the preview, and look for likely duplicates of the new ones. Done twice, it says the same."""
    batch.rows.exclude(alike=[]).update(alike=[])
    names, probes, asking, counts = HospitalNames(), [], [], Counter[str]()
    for judged in _judged(batch):
        for row, entry in judged:
            counts[str(row.standing)] += 1
            if row.standing == NEW and entry is not None:
                found = names.found(entry.hospital_text, entry.title, entry.content)
                probes.append(_probe(entry, found[0].pk if found else None))
                asking.append((row.pk, row.line))
        with _judging(batch):
            _keep_judgement(judged)
            batch.reached = judged[-1][0].line
    alike = find(batch.centre_id, probes, now=_asked_at(batch))
    with _judging(batch):
        _keep_alike(alike, asking)
        batch.counts, batch.doing = dict(counts), ""


class GoneMeanwhile(Exception):
    """The file was thrown away, or its columns chosen anew, while it was being judged."""


@contextmanager
def _judging(batch: ImportBatch) -> Iterator[None]:
    """Write a part of the judgement, if it is still the one that was asked for."""
    with transaction.atomic():
        same = ImportBatch.objects.select_for_update(of=("self",)).filter(
            pk=batch.pk, doing=JUDGE, asked_at=batch.asked_at
        )
        if not same.exists():
            raise GoneMeanwhile
        yield
        batch.save(update_fields=["reached", "counts", "doing"])


def _asked_at(batch: ImportBatch) -> datetime:
    assert batch.asked_at is not None
    return batch.asked_at


def _keep_judgement(judged: Judged) -> None:
    """Write what was found of each row; one prepared statement for all, where ``bulk_update`` builds a page of CASEs."""
    quote = connection.ops.quote_name
    columns = ", ".join(f"{quote(name)} = %s" for name in ("standing", "reason", "stated_state", "order_id"))
    values = [(str(row.standing), row.reason, row.stated_state, row.order_id, row.pk) for row, _ in judged]
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {quote(ImportRow._meta.db_table)} SET {columns} WHERE id = %s", values)  # noqa: S608


def _probe(entry: Entry, hospital_id: int | None) -> Probe:
    return Probe(
        text=f"{entry.title}\n{entry.content}", phone_key=search_key("phone", entry.phone),
        caller_key=search_key("name", entry.caller), id_key=search_key("id_no", entry.id_no), hospital_id=hospital_id,
    )  # fmt: skip


def _keep_alike(found: Sequence[Sequence[Alike]], asking: Sequence[tuple[int, int]]) -> None:
    for (pk, _), alike in zip(asking, found, strict=True):
        if alike:
            ImportRow.objects.filter(pk=pk).update(alike=[_reference(one, asking) for one in alike])


def _reference(one: Alike, asking: Sequence[tuple[int, int]]) -> dict[str, Any]:
    line = None if one.place is None else asking[one.place][1]
    return {"order": one.order_id, "line": line, "score": one.score, "why": list(one.why)}


Judged = list[tuple[ImportRow, Entry | None]]


def _judged(batch: ImportBatch) -> Iterator[Judged]:
    """The rows in parts, each with its standing set; nothing is saved."""
    lines: dict[str, tuple[int, str]] = {}
    reached = 0
    while part := _part(batch, reached):
        reached = part[-1].line
        judged: Judged = [(row, _understood(row, batch, lines)) for row in part]
        _compare(judged, batch)
        yield judged


def _part(batch: ImportBatch, after: int) -> list[ImportRow]:
    return list(batch.rows.filter(line__gt=after).order_by("line")[:CHUNK])


def _compare(judged: Judged, batch: ImportBatch) -> None:
    """Whether each row is new, changed or the same, as the orders stand now."""
    numbers = [entry.number for _, entry in judged if entry is not None]
    orders = HotlineOrder.objects.filter(centre=batch.centre_id, number__in=numbers)
    known = {number: (pk, digest) for number, pk, digest in orders.values_list("number", "pk", "digest")}
    for row, entry in judged:
        if entry is not None:
            row.order_id, digest = known.get(entry.number, (None, ""))
            row.standing = NEW if row.order_id is None else SAME if digest == entry.digest else CHANGED


def _understood(row: ImportRow, batch: ImportBatch, lines: dict[str, tuple[int, str]]) -> Entry | None:
    row.reason, row.stated_state, row.order_id = "", "", None
    try:
        entry = entry_of(row.raw, batch.columns, _asked_at(batch))
        if entry.number in lines:
            line, digest = lines[entry.number]
            raise RowRefused(f"与第 {line} 行" + ("完全相同" if digest == entry.digest else "工单号重复，内容不同"))
    except RowRefused as refused:
        row.standing, row.reason = REJECTED, str(refused)[:200]
        return None
    lines[entry.number] = (row.line, entry.digest)
    row.stated_state = entry.stated_state
    return entry


def take_in(batch: ImportBatch, *, by: User, now: datetime) -> Taken | None:
    """Make orders of the new rows and change those that say something else; a second time changes nothing.

    Nothing is answered while the worker does it. Raises :class:`NotAllowed` for people of another centre,
    :class:`Refused` while the columns are not settled or the rows not judged.
    """
    if batch.centre_id not in by.organisations(Role.HOTLINE_OPERATOR):
        raise NotAllowed("您不能在该中心导入工单")
    with transaction.atomic():
        _lock(batch)
        if not batch.columns:
            raise Refused("请先确认各列的对应关系")
        if batch.doing == JUDGE:
            raise Refused("文件还在核对，请稍后再导入")
        if not batch.doing and batch.done_at is None:
            _begin(batch, TAKE_IN, by=by, now=now)
    return None if batch.doing else Taken(**batch.counts)


def _take_part(batch: ImportBatch, now: datetime) -> None:
    """Take in the next rows; the caller holds the centre's lock. What the preview rejected stays out."""
    assert batch.asked_by is not None
    at, names = _asked_at(batch), HospitalNames()
    judged: Judged = [
        (row, None if row.standing == REJECTED else entry_of(row.raw, batch.columns, at))
        for row in _part(batch, batch.reached)
    ]
    _compare(judged, batch)
    _make_orders(judged, batch, by=batch.asked_by, now=at, names=names)
    batch.counts = dict(Counter(batch.counts) + Counter(str(row.standing) for row, _ in judged))
    said = "".join(f"{row.line}:{row.standing}:{entry.digest if entry else ''}\n" for row, entry in judged)
    batch.seal = hashlib.sha256(f"{batch.seal}\n{said}".encode()).hexdigest()
    batch.reached = judged[-1][0].line
    if not batch.rows.filter(line__gt=batch.reached).exists():
        _finish(batch, now)
    batch.save()


def _finish(batch: ImportBatch, now: datetime) -> None:
    batch.doing, batch.done_at = "", now
    record_system(
        "order_import", actor_id=batch.asked_by_id, role=Role.HOTLINE_OPERATOR.value, organisation_id=batch.centre_id,
        now=now, data={"batch": batch.pk, "file": batch.sha256, "rows": batch.seal, **batch.counts},
    )  # fmt: skip


def _make_orders(judged: Judged, batch: ImportBatch, *, by: User, now: datetime, names: HospitalNames) -> None:
    fresh = [(row, entry) for row, entry in judged if row.standing == NEW and entry is not None]
    orders = insert([entry for _, entry in fresh], centre_id=batch.centre_id, now=now, names=names)
    for (row, _), order in zip(fresh, orders, strict=True):
        row.order_id = order.pk
    for row, entry in judged:
        if row.standing == CHANGED and entry is not None and row.order_id is not None:
            order = HotlineOrder.objects.select_for_update(of=("self",)).get(pk=row.order_id)
            change(order, entry, batch=batch, by=by, now=now, names=names)
    _keep_judgement(judged)


def missing_from(batch: ImportBatch) -> OrderQuerySet:
    """Orders that are here, unanswered, dated within the days of this file, and not in it (in ours, not in theirs)."""
    here = HotlineOrder.objects.filter(pk__in=batch.rows.filter(order__isnull=False).values("order"))
    span = here.aggregate(first=Min("message_at"), last=Max("message_at"))
    if batch.done_at is None or span["first"] is None:
        return HotlineOrder.objects.none()
    ours = HotlineOrder.objects.filter(centre=batch.centre_id, message_at__range=(span["first"], span["last"]))
    return ours.unanswered().exclude(pk__in=here.values("pk"))


def dated_differently(batch: ImportBatch) -> OrderQuerySet:
    """Orders of this file whose date of answer, as the hotline writes it, is not the one counted here."""
    orders = HotlineOrder.objects.filter(pk__in=batch.rows.filter(order__isnull=False).values("order"))
    return orders.filter(stated_due_on__isnull=False).exclude(stated_due_on=F("due_on"))


def stated_differently(batch: ImportBatch) -> QuerySet[ImportRow]:
    """Rows whose order stands elsewhere here than the hotline says, as it stands now; words we do not know are not
    compared."""
    stated = batch.rows.exclude(stated_state="").filter(order__isnull=False)
    differs = Q()
    for words in set(stated.values_list("stated_state", flat=True)):
        if state := state_named(words):
            differs |= Q(stated_state=words) & ~Q(order__state=state)
    return stated.filter(differs) if differs else stated.none()


def unknown_states(batch: ImportBatch) -> list[str]:
    """The hotline's words for a state that we cannot match with one of ours."""
    words = batch.rows.exclude(stated_state="").values_list("stated_state", flat=True)
    return sorted(one for one in set(words) if not state_named(one))


def discard(batch: ImportBatch, *, by: User, now: datetime) -> None:
    """Throw a staged file away that was not taken in."""
    with transaction.atomic():
        _lock_undone(batch)
        pk = batch.pk
        batch.rows.all().delete()
        batch.delete()
        record_system(
            "order_discard", actor_id=by.pk, role=Role.HOTLINE_OPERATOR.value, organisation_id=batch.centre_id, now=now,
            data={"batch": pk},
        )  # fmt: skip


def _lock(batch: ImportBatch) -> None:
    """Nobody else maps, takes in or throws away files of this centre meanwhile; the batch is as it now stands."""
    locked_centre(batch.centre_id)
    try:
        batch.refresh_from_db()
    except ImportBatch.DoesNotExist:
        raise Refused("这个文件已被丢弃") from None


def _lock_undone(batch: ImportBatch) -> None:
    _lock(batch)
    if batch.done_at is not None or batch.doing == TAKE_IN:
        raise Refused("这个文件已经导入，不能再改")


def _sha256(file: IO[bytes]) -> str:
    file.seek(0)
    seal = hashlib.sha256()
    while piece := file.read(PIECE):
        seal.update(piece)
    return seal.hexdigest()


def _parts(items: Iterable[Any]) -> Iterator[list[Any]]:
    held = iter(items)
    while part := list(islice(held, CHUNK)):
        yield part
