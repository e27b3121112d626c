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
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import IO, Any

from django.db import transaction

from mediation.cases.uploads import clean_name
from mediation.hotline import columns
from mediation.hotline.batch import ImportBatch, ImportRow
from mediation.hotline.entries import entry_of
from mediation.hotline.intake import change, insert, locked_centre
from mediation.hotline.judging import (
    CHANGED,
    CHUNK,
    JUDGE,
    NEW,
    REJECTED,
    Judged,
    began_at,
    compare_orders,
    judge,
    keep_judgement,
    part_of,
)
from mediation.hotline.naming import HospitalNames
from mediation.hotline.order import HotlineOrder
from mediation.hotline.sheets import SheetRefused, read
from mediation.organisations.models import Organisation, User
from workflow.outbox import OutboxMessage, enqueue, handles, retry
from workflow.records import record_system
from workflow.registry import NotAllowed, Refused
from workflow.vocabulary import Role

AT_ONCE = 500
"""Rows that are judged, or taken in, within the request: a second or so."""
KIND = "hotline_import"
PIECE = 1024 * 1024
TAKE_IN = ImportBatch.Doing.TAKE_IN


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
    return f"{KIND}:{batch.pk}:{batch.doing}:{began_at(batch).timestamp()}:{line}"


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
    at, names = began_at(batch), HospitalNames()
    judged: Judged = [
        (row, None if row.standing == REJECTED else entry_of(row.raw, batch.columns, at))
        for row in part_of(batch, batch.reached)
    ]
    compare_orders(judged, batch)
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
    keep_judgement(judged)


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
