"""Orders coming in, one by one or a file of them: new, changed or the same, by centre and number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import OperationalError, connection, transaction
from django.utils import timezone

from mediation.cases.record import Notice
from mediation.hotline.batch import ImportBatch
from mediation.hotline.entries import Entry
from mediation.hotline.likeness import print_of
from mediation.hotline.naming import HospitalNames
from mediation.hotline.order import HotlineOrder, OrderPrint, OrderRevision
from mediation.hotline.triage import suggest
from mediation.hotline.turns import count
from mediation.organisations.models import Organisation, User
from workflow import engine
from workflow.records import record_system
from workflow.registry import NotAllowed, Refused
from workflow.rulebook import current_edition, current_rulebook
from workflow.vocabulary import Role

PRINTS_AT_ONCE = 1_000
SAID = ("title", "content", "caller", "phone", "id_no", "hospital_text")
"""What a file says of an order in sealed columns; blank ones are kept as nothing."""


def locked_centre(centre_id: int) -> Organisation:
    """The centre under lock: orders come in one file after another, so a number is judged once.

    Raises :class:`Refused` when a large file keeps the lock for longer than anybody should wait.
    """
    try:
        return Organisation.objects.select_for_update(of=("self",)).get(pk=centre_id)
    except OperationalError as busy:
        raise Refused("本中心正在导入另一个文件，请稍后再试") from busy


def enter(entry: Entry, *, centre: Organisation, by: User, now: datetime) -> HotlineOrder:
    """Take in one order by hand. Raises :class:`NotAllowed` for people of another centre, :class:`Refused` for a number
    that is there already."""
    if centre.pk not in by.organisations(Role.HOTLINE_OPERATOR):
        raise NotAllowed("您不能在该中心录入工单")
    with transaction.atomic():
        locked_centre(centre.pk)
        if HotlineOrder.objects.filter(centre=centre, number=entry.number).exists():
            raise Refused("这个工单号已经录入，请查找原工单", field="number")
        (order,) = insert([entry], centre_id=centre.pk, now=now, names=HospitalNames())
        record_system(
            "order_enter", actor_id=by.pk, role=Role.HOTLINE_OPERATOR.value, organisation_id=centre.pk, now=now,
            data={"order": order.pk, "digest": order.digest},
        )  # fmt: skip
    return order


def insert(entries: Sequence[Entry], *, centre_id: int, now: datetime, names: HospitalNames) -> list[HotlineOrder]:
    """New orders with their dates, suggestions and prints, in two statements; the caller holds the centre's lock."""
    rulebook, edition = current_rulebook(timezone.localtime(now).date()), current_edition()
    orders = []
    for entry in entries:
        order = HotlineOrder(
            centre_id=centre_id, number=entry.number, imported_at=now, rulebook_id=rulebook, calendar_edition=edition,
            received_at=entry.received_at,
        )  # fmt: skip
        _write(order, entry, names)
        orders.append(order)
    HotlineOrder.objects.bulk_create(orders, batch_size=500)
    _keep_prints(orders)
    return orders


def change(
    order: HotlineOrder, entry: Entry, *, batch: ImportBatch | None, by: User, now: datetime, names: HospitalNames
) -> None:
    """What a later file says replaces what an earlier one said; the old words are kept, and whoever has the case is told.

    The receipt moves only when the file itself dates it; a person's category, replies and extension stay.
    """
    OrderRevision(order=order, before=before(order), batch=batch, changed_at=now).save(force_insert=True)
    old = order.digest
    if entry.message_at == entry.received_at:
        order.received_at = entry.received_at
    _write(order, entry, names)
    order.version += 1
    order.save()
    order.prints.all().delete()
    _keep_prints([order])
    _tell_holder(order, now)
    record_system(
        "order_change", actor_id=by.pk, role=Role.HOTLINE_OPERATOR.value, organisation_id=order.centre_id, now=now,
        data={"order": order.pk, "version": order.version, "batch": batch.pk if batch else None, "before": old, "digest": order.digest},
    )  # fmt: skip


def before(order: HotlineOrder) -> dict[str, Any]:
    """What an order says now, for the revision."""
    said = {name: getattr(order, name) for name in SAID}
    dates = {
        name: value.isoformat() if (value := getattr(order, name)) else None
        for name in ("received_at", "message_at", "stated_due_on", "due_on")
    }
    return {**said, **dates, "appeal": order.appeal, "is_confidential": order.is_confidential, "digest": order.digest}


def _write(order: HotlineOrder, entry: Entry, names: HospitalNames) -> None:
    for name in SAID:
        value = getattr(entry, name)
        setattr(order, name, value if name in ("title", "content") else value or None)
    order.appeal = entry.appeal or order.appeal
    order.message_at, order.stated_due_on = entry.message_at, entry.stated_due_on
    order.source_category, order.is_confidential, order.digest = (
        entry.source_category,
        entry.is_confidential,
        entry.digest,
    )
    order.suggested = suggest(entry.title, entry.content).category
    found = names.found(entry.hospital_text, entry.title, entry.content)
    order.hospital_id = found[0].pk if found else None
    if not order.extended_to:
        count(order)


def _keep_prints(orders: Sequence[HotlineOrder]) -> None:
    """Two dozen small rows an order: written as plain values, because objects for them would cost more than all else."""
    pairs = [(order.pk, value) for order in orders for value in print_of(f"{order.title}\n{order.content}")]
    table = connection.ops.quote_name(OrderPrint._meta.db_table)
    columns = ", ".join(connection.ops.quote_name(name) for name in ("order_id", "value"))
    with connection.cursor() as cursor:
        for start in range(0, len(pairs), PRINTS_AT_ONCE):
            part = pairs[start : start + PRINTS_AT_ONCE]
            places = ", ".join(["(%s, %s)"] * len(part))
            cursor.execute(f"INSERT INTO {table} ({columns}) VALUES {places}", [v for pair in part for v in pair])  # noqa: S608


def _tell_holder(order: HotlineOrder, now: datetime) -> None:
    case = order.case
    if case is None or case.is_closed:
        return
    holder = engine.office().holder(case)
    if holder is not None:
        role, organisation, person = holder
        Notice(
            case=case,
            organisation_id=organisation,
            role=role.value,
            person_id=person,
            step="order_changed",
            made_at=now,
        ).save(force_insert=True)
