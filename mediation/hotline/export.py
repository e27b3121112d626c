"""The replies as a workbook in the hotline's own columns, so nobody types them twice.

The header is the one of the centre's last mapping; what the hotline leaves empty (state, reply, date of reply) is filled,
callers stay masked, and what the header has no place for is added at the right.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from mediation.cases.export import harmless
from mediation.hotline.batch import ColumnMapping
from mediation.hotline.columns import TARGETS
from mediation.hotline.discretion import discreet
from mediation.hotline.order import HotlineOrder, OrderQuerySet, OrderReply
from mediation.hotline.replies import given_on, local
from mediation.organisations.models import Organisation, User
from mediation.privacy.masking import mask_id_no, mask_name, mask_phone
from workflow.records import record_system
from workflow.vocabulary import Role

_DEFAULTS = ("number", "appeal", "received_at", "due_on", "title", "state", "replied_on", "reply")
_EXTRA: tuple[tuple[str, Callable[[HotlineOrder], str]], ...] = (
    ("转往单位", lambda order: order.receiving_body),
    ("案件编号", lambda order: order.case.title if order.case else ""),
    ("诉求属实", lambda order: _yes(order.is_founded)),
    ("是否解决", lambda order: _yes(order.is_solved)),
)
_SAID: dict[str, Callable[[HotlineOrder], str]] = {
    "number": lambda order: order.number, "appeal": lambda order: order.get_appeal_display(),
    "received_at": lambda order: local(order.message_at or order.received_at),
    "due_on": lambda order: f"{order.due_on:%Y-%m-%d}" if order.due_on else "",
    "title": lambda order: discreet(order.title, order), "content": lambda order: discreet(order.content, order),
    "caller": lambda order: mask_name(order.caller or ""), "phone": lambda order: mask_phone(order.phone or ""),
    "id_no": lambda order: mask_id_no(order.id_no or ""), "hospital": lambda order: discreet(order.hospital_text or ""),
    "confidential": lambda order: "是" if order.is_confidential else "否",
    "category": lambda order: order.source_category or order.get_category_display().split("（")[0],
    "state": lambda order: order.state_label, "reply": lambda order: order.reply or "", "replied_on": given_on,
}  # fmt: skip
_NAMES = {target.key: target.names[0] for target in TARGETS}


def replied_between(orders: OrderQuerySet, first: date, last: date) -> OrderQuerySet:
    """The answered orders of a period, both days included."""
    return orders.filter(replied_on__range=(first, last), state__in=("replied", "closed"))


def export_replies(orders: OrderQuerySet, centre: Organisation, *, by: User, now: datetime) -> tuple[bytes, int]:
    """The workbook and its number of rows; the export is on record, and the replies are marked as handed over."""
    header, keys = _header(centre)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("答复")
    sheet.freeze_panes = "A2"
    names = [*header, *(name for name, _ in _EXTRA)]
    cells = [WriteOnlyCell(sheet, value=_cell(name)) for name in names]
    for cell in cells:
        cell.font = Font(bold=True)
    sheet.append(cells)
    handed: list[int] = []
    for order in orders.select_related("case").order_by("replied_on", "pk").iterator(chunk_size=500):
        said = [_SAID[key](order) if key else "" for key in keys]
        sheet.append([_cell(value) for value in (*said, *(tell(order) for _, tell in _EXTRA))])
        handed.append(order.pk)
    _hand_over(handed, centre, by=by, now=now)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue(), len(handed)


def _hand_over(orders: list[int], centre: Organisation, *, by: User, now: datetime) -> None:
    given = OrderReply.objects.filter(standing=OrderReply.Standing.GIVEN, exported_at__isnull=True)
    with transaction.atomic():
        for start in range(0, len(orders), 500):
            given.filter(order__in=orders[start : start + 500]).update(exported_at=now)
        record_system(
            "export", actor_id=by.pk, role=Role.HOTLINE_OPERATOR.value, organisation_id=centre.pk, now=now,
            data={"what": "replies", "rows": len(orders)},
        )  # fmt: skip


def _cell(text: str) -> str:
    return str(harmless(ILLEGAL_CHARACTERS_RE.sub("", text)))


def _header(centre: Organisation) -> tuple[list[str], list[str]]:
    """The names of the columns and what each says; our own when the centre has never imported a file."""
    mapping = ColumnMapping.objects.filter(centre=centre).order_by("-saved_at").first()
    if mapping is None:
        return [_NAMES[key] for key in _DEFAULTS], list(_DEFAULTS)
    at = {place: key for key, place in mapping.columns.items()}
    header, keys = list(mapping.header), [at.get(place, "") for place in range(len(mapping.header))]
    for key in ("state", "replied_on", "reply"):
        if key not in keys:
            header.append(_NAMES[key])
            keys.append(key)
    return header, keys


def last_days(now: datetime, days: int = 7) -> tuple[date, date]:
    """The period that the export form begins with."""
    today = timezone.localtime(now).date()
    return today - timedelta(days=days - 1), today


def _yes(value: bool | None) -> str:  # noqa: FBT001 — what a column holds
    return {True: "是", False: "否", None: ""}[value]
