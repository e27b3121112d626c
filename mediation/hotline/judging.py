"""What each row of a file is: new, changed, the same or rejected, and which new ones were probably told before.

Judged by centre and order number: unknown is new, another digest is changed, the same digest is the same; what cannot be
an order is rejected with the reason. Judging twice says the same, unless the orders have changed meanwhile.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from mediation.hotline.batch import ImportBatch, ImportRow
from mediation.hotline.duplicates import Alike, Probe, find
from mediation.hotline.entries import Entry, RowRefused, entry_of
from mediation.hotline.naming import HospitalNames
from mediation.hotline.order import HotlineOrder
from mediation.privacy.searchkeys import search_key

CHUNK = 500
JUDGE = ImportBatch.Doing.JUDGE
NEW, CHANGED, SAME, REJECTED = (ImportRow.Standing(key) for key in ("new", "changed", "same", "rejected"))
Judged = list[tuple[ImportRow, Entry | None]]


def judge(batch: ImportBatch) -> None:
    """Judge every row for the preview, and look for likely duplicates of the new ones. Done twice, it says the same."""
    names, probes, asking, counts = HospitalNames(), [], [], Counter[str]()
    for judged in _judged(batch):
        for row, entry in judged:
            counts[str(row.standing)] += 1
            if row.standing == NEW and entry is not None:
                found = names.found(entry.hospital_text, entry.title, entry.content)
                probes.append(_probe(entry, found[0].pk if found else None))
                asking.append((row.pk, row.line))
        with _judging(batch):
            keep_judgement(judged)
            batch.reached = judged[-1][0].line
    alike = find(batch.centre_id, probes, now=began_at(batch))
    with _judging(batch):
        batch.rows.exclude(alike=[]).update(alike=[])
        _keep_alike(alike, asking)
        batch.counts, batch.doing = dict(counts), ""


class GoneMeanwhile(Exception):
    """The file was thrown away, or its columns chosen anew, while it was being judged."""


@contextmanager
def _judging(batch: ImportBatch) -> Iterator[None]:
    """Write a part of the judgement, if it is still the one that was asked for."""
    with transaction.atomic():
        held = ImportBatch.objects.select_for_update(of=("self",)).filter(pk=batch.pk, doing=JUDGE)
        if held.filter(asked_at=batch.asked_at).first() is None:
            raise GoneMeanwhile
        yield
        batch.save(update_fields=["reached", "counts", "doing"])


def began_at(batch: ImportBatch) -> datetime:
    """When a person asked for it: the time at which the file is read, however long it takes."""
    assert batch.asked_at is not None
    return batch.asked_at


def keep_judgement(judged: Judged) -> None:
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


def _judged(batch: ImportBatch) -> Iterator[Judged]:
    """The rows in parts, each with its standing set; nothing is saved."""
    lines: dict[str, tuple[int, str]] = {}
    reached = 0
    while part := part_of(batch, reached):
        reached = part[-1].line
        judged: Judged = [(row, _understood(row, batch, lines)) for row in part]
        compare_orders(judged, batch)
        yield judged


def part_of(batch: ImportBatch, after: int) -> list[ImportRow]:
    """The next rows after a line."""
    return list(batch.rows.filter(line__gt=after).order_by("line")[:CHUNK])


def compare_orders(judged: Judged, batch: ImportBatch) -> None:
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
        entry = entry_of(row.raw, batch.columns, began_at(batch))
        if entry.number in lines:
            line, digest = lines[entry.number]
            raise RowRefused(f"与第 {line} 行" + ("完全相同" if digest == entry.digest else "工单号重复，内容不同"))
    except RowRefused as refused:
        row.standing, row.reason = REJECTED, str(refused)[:200]
        return None
    lines[entry.number] = (row.line, entry.digest)
    row.stated_state = entry.stated_state
    return entry
