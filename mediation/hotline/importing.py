"""A file of orders: staged row by row, judged against what is there, looked at by a person, then taken in at once.

Nothing becomes an order before :func:`take_in`. A row is judged by centre and order number: unknown is new, another
digest is changed, the same digest is the same; what cannot be an order is rejected with the reason. The judgement of the
preview is made again under lock when the file is taken in, so two clerks with the same file make one set of orders.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import IO, Any

from django.db import connection, transaction
from django.db.models import F, Max, Min

from mediation.cases.uploads import clean_name
from mediation.hotline import columns
from mediation.hotline.batch import ImportBatch, ImportRow
from mediation.hotline.duplicates import Alike, Probe, find
from mediation.hotline.entries import Entry, RowRefused, entry_of
from mediation.hotline.intake import change, insert, locked_centre
from mediation.hotline.naming import HospitalNames
from mediation.hotline.order import HotlineOrder, OrderQuerySet
from mediation.hotline.sheets import SheetRefused, read
from mediation.organisations.models import Organisation, User
from mediation.privacy.searchkeys import search_key
from workflow.records import record_system
from workflow.registry import NotAllowed, Refused
from workflow.vocabulary import Role

CHUNK = 500
PIECE = 1024 * 1024
NEW, CHANGED, SAME, REJECTED = (ImportRow.Standing(key) for key in ("new", "changed", "same", "rejected"))


@dataclass(frozen=True)
class Taken:
    """What a file brought: rows by their standing."""

    new: int = 0
    changed: int = 0
    same: int = 0
    rejected: int = 0


def stage(file: IO[bytes], name: str, *, centre: Organisation, by: User, now: datetime) -> ImportBatch:
    """Read a file into a batch of sealed rows; judged at once when its header is known.

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
        count = 0
        for part in _parts(rows):
            count += len(ImportRow.objects.bulk_create(part))
        if not count:
            raise SheetRefused("表头下面没有内容，请核对文件。")
        known = columns.remembered(centre, sheet.header)
        if known is not None:
            batch.columns = known
            judge(batch, now=now)
    return batch


def settle_columns(batch: ImportBatch, chosen: Mapping[str, int], *, by: User, now: datetime) -> None:
    """Keep the mapping that a person confirmed, for this file and every later one with this header, and judge the rows."""
    if problem := columns.problem_of(chosen, len(batch.header)):
        raise Refused(problem)
    with transaction.atomic():
        _lock_undone(batch)
        columns.remember(batch.centre, batch.header, chosen, now)
        batch.columns = dict(chosen)
        judge(batch, now=now)
        record_system(
            "order_columns", actor_id=by.pk, role=Role.HOTLINE_OPERATOR.value, organisation_id=batch.centre_id, now=now,
            data={"batch": batch.pk, "header": columns.digest(batch.header)},
        )  # fmt: skip


def judge(batch: ImportBatch, *, now: datetime) -> None:
    """Judge every row for the preview, and look for likely duplicates of the new ones."""
    batch.rows.exclude(alike=[]).update(alike=[])
    names, probes, asking, counts = HospitalNames(), [], [], Counter[str]()
    for judged in _judged(batch, now):
        for row, entry in judged:
            counts[str(row.standing)] += 1
            if row.standing == NEW and entry is not None:
                found = names.found(entry.hospital_text, entry.title, entry.content)
                probes.append(_probe(entry, found[0].pk if found else None))
                asking.append((row.pk, row.line))
        _keep_judgement(judged)
    _keep_alike(batch, probes, asking, now)
    batch.counts = dict(counts)
    batch.save(update_fields=["columns", "counts"])


def _keep_judgement(judged: Judged) -> None:
    """Write what was found of each row; one prepared statement for all, where ``bulk_update`` builds a page of CASEs."""
    quote = connection.ops.quote_name
    columns = ", ".join(f"{quote(name)} = %s" for name in ("standing", "reason", "order_id"))
    values = [(str(row.standing), row.reason, row.order_id, row.pk) for row, _ in judged]
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {quote(ImportRow._meta.db_table)} SET {columns} WHERE id = %s", values)  # noqa: S608


def _probe(entry: Entry, hospital_id: int | None) -> Probe:
    return Probe(
        text=f"{entry.title}\n{entry.content}", phone_key=search_key("phone", entry.phone),
        caller_key=search_key("name", entry.caller), id_key=search_key("id_no", entry.id_no), hospital_id=hospital_id,
    )  # fmt: skip


def _keep_alike(batch: ImportBatch, probes: Sequence[Probe], asking: Sequence[tuple[int, int]], now: datetime) -> None:
    changed = []
    for (pk, _), alike in zip(asking, find(batch.centre_id, probes, now=now), strict=True):
        if alike:
            changed.append(ImportRow(pk=pk, alike=[_reference(one, asking) for one in alike]))
    for part in _parts(changed):
        ImportRow.objects.bulk_update(part, ["alike"])


def _reference(one: Alike, asking: Sequence[tuple[int, int]]) -> dict[str, Any]:
    line = None if one.place is None else asking[one.place][1]
    return {"order": one.order_id, "line": line, "score": one.score, "why": list(one.why)}


Judged = list[tuple[ImportRow, Entry | None]]


def _judged(batch: ImportBatch, now: datetime) -> Iterator[Judged]:
    """The rows in parts, each with its standing set; nothing is saved."""
    lines: dict[str, tuple[int, str]] = {}
    for part in _parts(batch.rows.order_by("line").iterator(chunk_size=CHUNK)):
        understood: Judged = [(row, _understood(row, batch, lines, now)) for row in part]
        numbers = [entry.number for _, entry in understood if entry is not None]
        known = {
            number: (pk, digest)
            for number, pk, digest in HotlineOrder.objects.filter(centre=batch.centre_id, number__in=numbers)
            .values_list("number", "pk", "digest")
        }  # fmt: skip
        for row, entry in understood:
            if entry is not None:
                pk, digest = known.get(entry.number, (None, ""))
                row.order_id = pk
                row.standing = NEW if pk is None else SAME if digest == entry.digest else CHANGED
        yield understood


def _understood(row: ImportRow, batch: ImportBatch, lines: dict[str, tuple[int, str]], now: datetime) -> Entry | None:
    row.reason, row.order_id = "", None
    try:
        entry = entry_of(row.raw, batch.columns, now)
        if entry.number in lines:
            line, digest = lines[entry.number]
            raise RowRefused(f"与第 {line} 行" + ("完全相同" if digest == entry.digest else "工单号重复，内容不同"))
    except RowRefused as refused:
        row.standing, row.reason = REJECTED, str(refused)[:200]
        return None
    lines[entry.number] = (row.line, entry.digest)
    return entry


def take_in(batch: ImportBatch, *, by: User, now: datetime) -> Taken:
    """Make orders of the new rows and change those that say something else; a second time changes nothing.

    Raises :class:`NotAllowed` for people of another centre, :class:`Refused` while the columns are not settled.
    """
    if batch.centre_id not in by.organisations(Role.HOTLINE_OPERATOR):
        raise NotAllowed("您不能在该中心导入工单")
    with transaction.atomic():
        _lock(batch)
        if batch.done_at is not None:
            return Taken(**batch.counts)
        if not batch.columns:
            raise Refused("请先确认各列的对应关系")
        names, counts, seal = HospitalNames(), Counter[str](), hashlib.sha256()
        for judged in _judged(batch, now):
            _take_part(judged, batch, by=by, now=now, names=names)
            counts.update(str(row.standing) for row, _ in judged)
            for row, entry in judged:
                seal.update(f"{row.line}:{row.standing}:{entry.digest if entry else ''}\n".encode())
        batch.counts, batch.done_at = dict(counts), now
        batch.save(update_fields=["counts", "done_at"])
        record_system(
            "order_import", actor_id=by.pk, role=Role.HOTLINE_OPERATOR.value, organisation_id=batch.centre_id, now=now,
            data={"batch": batch.pk, "file": batch.sha256, "rows": seal.hexdigest(), **counts},
        )  # fmt: skip
    return Taken(**counts)


def _take_part(judged: Judged, batch: ImportBatch, *, by: User, now: datetime, names: HospitalNames) -> None:
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
    if batch.done_at is not None:
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
