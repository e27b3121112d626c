"""Files of orders and orders themselves, for the tests of the hotline: invented people, 示例 hospitals."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from mediation.hotline.entries import Entry
from mediation.hotline.importing import settle_columns, stage
from mediation.hotline.intake import insert
from mediation.hotline.models import HotlineOrder, ImportBatch
from mediation.hotline.naming import HospitalNames
from mediation.organisations.models import Kind, Organisation, User, appoint
from tests.factories import NOW, organisation, persona
from workflow.vocabulary import Role

HEADER = ("工单编号", "诉求类型", "受理时间", "标题", "诉求内容", "来电人", "联系电话")
COLUMNS = {"number": 0, "appeal": 1, "received_at": 2, "title": 3, "content": 4, "caller": 5, "phone": 6}


def line(number: Any = "2603010001", **changes: Any) -> tuple[Any, ...]:
    """One row of a file under :data:`HEADER`."""
    said = {
        "number": number, "appeal": "投诉", "received_at": "2026-02-27 10:15:00", "title": "术后感染要求赔偿",
        "content": "患者在示例人民医院手术后切口感染，家属认为处置不及时，要求解释和赔偿。", "caller": "贾示例", "phone": "13800000002",
    }  # fmt: skip
    return tuple((said | changes)[key] for key in COLUMNS)


def xlsx(rows: Iterable[Iterable[Any]]) -> io.BytesIO:
    """A workbook with these rows."""
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    held = io.BytesIO()
    book.save(held)
    held.seek(0)
    return held


def upload(rows: Iterable[Iterable[Any]], name: str = "工单.xlsx") -> SimpleUploadedFile:
    """The same as a browser sends it."""
    return SimpleUploadedFile(name, xlsx(rows).read())


def operator() -> User:
    """The operator of the city's hotline."""
    return persona("hotline_lin")


def other_operator() -> User:
    """An operator of another centre, to whom our orders do not exist."""
    centre, _ = Organisation.objects.get_or_create(
        kind=Kind.HOTLINE, code="hotline-2", defaults={"name": "示例热线中心"}
    )
    user, made = User.objects.get_or_create(username="hotline_other", defaults={"full_name": "莫示例"})
    if made:
        appoint(user, Role.HOTLINE_OPERATOR, centre)
    return user


def staged(*rows: Iterable[Any], now: datetime = NOW) -> ImportBatch:
    """A batch of these rows with its columns settled."""
    batch = stage(xlsx([HEADER, *rows]), "工单.xlsx", centre=organisation("hotline"), by=operator(), now=now)
    if not batch.columns:
        settle_columns(batch, COLUMNS, by=operator(), now=now)
    return batch


def entry(number: str = "2603010001", **changes: Any) -> Entry:
    """What a row says."""
    said: dict[str, Any] = {
        "number": number, "appeal": "complain", "received_at": NOW, "message_at": NOW, "stated_due_on": None,
        "title": "术后感染要求赔偿", "content": "患者在示例人民医院手术后切口感染，家属认为处置不及时，要求解释和赔偿。", "caller": "贾示例",
        "phone": "13800000002", "id_no": "", "hospital_text": "示例人民医院", "source_category": "", "is_confidential": False,
    }  # fmt: skip
    return Entry(**(said | changes))


def order(number: str = "2603010001", *, now: datetime = NOW, **changes: Any) -> HotlineOrder:
    """An order that is there."""
    organisation("X001")
    changes.setdefault("received_at", now)
    changes.setdefault("message_at", changes["received_at"])
    (made,) = insert([entry(number, **changes)], centre_id=organisation("hotline").pk, now=now, names=HospitalNames())
    return HotlineOrder.objects.get(pk=made.pk)
