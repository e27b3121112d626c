"""Twenty personal values go in through the real forms, and are found nowhere outside: database file, logs, outbox, temp.

The run logs at DEBUG, one request ends in a forced 500 whose exception quotes everybody, one paper cannot be rendered for
a reason that quotes it, and a workbook is imported whose very name is somebody's.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
from io import BytesIO
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import Workbook

from mediation.cases.case import DisputeCase
from mediation.documents.models import IssuedDocument
from mediation.hotline.batch import ImportBatch
from mediation.hotline.order import HotlineOrder
from tests.databases import TestDatabase
from tests.factories import organisation, persona
from tests.prove.breaking import BREAKS
from tests.prove.house import Browser, House, open_house
from tests.prove.test_kills import wait_until
from workflow.outbox import OutboxMessage

pytestmark = [pytest.mark.both, pytest.mark.prove]

NAMES = ("欧阳澹台", "诸葛蓟蘅", "司徒瀚滘", "夏侯瑾埗", "端木骐骥")
PHONES = ("13877770001", "13877770002", "13877770003", "13877770004", "13877770005")
DIAGNOSES = ("卡西尼囊肿术后", "泽塔型胰岛反应", "缪斯综合症待查", "重度欧米茄挛缩")
ADDRESSES = ("东莞市道滘镇蓝鲸巷77号", "东莞市高埗镇白鹳里88号", "东莞市石龙镇紫貂坊99号")


def certificate(serial: int) -> str:
    """A resident identity number with a right check digit; nobody has it."""
    body = f"44190019890{serial % 9 + 1}1{serial:02d}{serial + 100:03d}"[:17]
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True)) % 11]


IDS = tuple(certificate(number) for number in (11, 12, 13))
PLANTED = (*NAMES, *PHONES, *DIAGNOSES, *ADDRESSES, *IDS)


def appearances(value: str) -> dict[str, bytes]:
    """How a value could lie in a file: as text, escaped, in hexadecimal, in base 64."""
    utf8 = value.encode()
    return {
        "text": utf8, "json": json.dumps(value).strip('"').encode(), "percent": quote(value).encode(), "hex": utf8.hex().encode(),
        "utf-16": value.encode("utf-16-le"), "base64": base64.b64encode(utf8)[: len(utf8) * 4 // 3].rstrip(b"="),
    }  # fmt: skip


def found_in(data: bytes) -> list[str]:
    return [f"{value} ({how})" for value in PLANTED for how, form in appearances(value).items() if form in data]


@pytest.fixture
def places(tmp_path: Path, child_environment: dict[str, str]) -> dict[str, Path]:
    (tmp_path / "tmp").mkdir()
    child_environment |= {"TMPDIR": str(tmp_path / "tmp"), "LOG_LEVEL": "DEBUG"}
    return {"logs": tmp_path, "temp": tmp_path / "tmp", "papers": Path(settings.PAPER_ROOT)}


def dump(database: TestDatabase) -> bytes:
    """Everything the database holds, as whoever stole it would read it."""
    if database.vendor == "sqlite":
        path = Path(database.name)
        return b"".join(
            part.read_bytes() for part in path.parent.glob(f"{path.name}*") if not part.name.endswith(".copy")
        )
    return subprocess.run(["pg_dump", "--inserts", database.url], check=True, capture_output=True).stdout


def register_by_hand(clerk: Browser) -> DisputeCase:
    today = timezone.localdate()
    typed = {
        "desk": organisation("hotline").pk, "source": "hotline", "received_on": today, "patient_name": NAMES[0], "phone": PHONES[0],
        "id_kind": "id_card", "id_no": IDS[0], "sex": "unknown", "address": ADDRESSES[0], "relation": "spouse",
        "caller_name": NAMES[1], "caller_phone": PHONES[1], "hospital": organisation("X001").pk, "department": "surgery",
        "category": "medical_dispute", "cause": "complication", "harm": "prolonged", "diagnosis": DIAGNOSES[0],
        "summary": f"{NAMES[0]}在{ADDRESSES[0]}居住，电话{PHONES[0]}，诊断{DIAGNOSES[0]}。", "demands": ["compensation"],
        "token": uuid4(),
    }  # fmt: skip
    assert clerk.post("/cases/new/draft/", typed) == 302
    assert clerk.post("/cases/new/similar/", typed) == 200
    assert clerk.post("/cases/new/", typed | {"patient_name": "", "caller_name": NAMES[1]}) == 422
    assert clerk.post("/cases/new/", typed) == 302, clerk.said
    return DisputeCase.objects.get()


def step(browser: Browser, case: DisputeCase, name: str, answer: int = 302, /, **typed: object) -> None:
    now = DisputeCase.objects.get(pk=case.pk)
    path, sent = f"/cases/{case.number}/{name}/", {"happened_on": timezone.localdate(), "version": now.version, **typed}
    assert browser.post(f"{path}draft/", sent) == 302
    assert browser.post(path, sent) == answer, browser.said


def contact(content: str) -> dict[str, object]:
    return {
        "side": "patient",
        "purpose": "explain",
        "means": "phone",
        "at": "00:00",
        "reached": "yes",
        "content": content,
    }


def workbook() -> SimpleUploadedFile:
    """A file named after somebody who complains."""
    book = Workbook()
    for row in (
        ("工单编号", "标题", "诉求内容", "来电人", "联系电话", "证件号码"),
        ("DG7001", f"{NAMES[3]}投诉", f"{NAMES[3]}电话{PHONES[3]}，{DIAGNOSES[2]}", NAMES[3], PHONES[3], IDS[2]),
        (
            "DG7002",
            f"{NAMES[4]}投诉",
            f"{NAMES[4]}电话{PHONES[4]}，{DIAGNOSES[3]}，住{ADDRESSES[2]}",
            NAMES[4],
            PHONES[4],
            "",
        ),
    ):
        book.active.append(row)
    file = BytesIO()
    book.save(file)
    return SimpleUploadedFile(f"{NAMES[3]}{PHONES[3]}.xlsx", file.getvalue())


def import_orders(operator: Browser) -> None:
    centre = organisation("hotline").pk
    assert operator.send("/orders/import/", {"centre": centre, "file": workbook()}) == 302, operator.said
    batch = ImportBatch.objects.get()
    columns = {"number": 0, "title": 1, "content": 2, "caller": 3, "phone": 4, "id_no": 5}
    assert operator.post(f"/orders/import/{batch.pk}/columns/", columns) == 302, operator.said
    assert operator.get(f"/orders/import/{batch.pk}/") == 200
    assert operator.post(f"/orders/import/{batch.pk}/take-in/", {}) == 302
    order = HotlineOrder.objects.order_by("pk").first()
    typed = {"centre": centre, "appeal": "complain", "received_at": f"{timezone.localdate()}T00:00", "title": f"{NAMES[2]}来电",
             "content": f"{NAMES[2]}{DIAGNOSES[1]}", "caller": NAMES[2], "phone": PHONES[2], "id_no": IDS[1]}  # fmt: skip
    assert operator.post("/orders/new/", typed) == 302, operator.said
    assert operator.post(
        f"/orders/{order.pk}/answer/", {"version": order.version, "answer-reply": f"{NAMES[4]}您好，已答复"}
    ) in (302, 422)
    assert operator.post(f"/orders/{order.pk}/reveal/", {"reveal-reason": f"核对{NAMES[4]}"}) == 200


def go_through_the_house(house: House) -> DisputeCase:
    hotline, clerk = Browser(house, persona("hotline_lin")), Browser(house, persona("clerk_chen"))
    case = register_by_hand(hotline)
    import_orders(hotline)
    party = case.parties.order_by("pk").first()
    step(clerk, case, "apply_directly", by_side="patient", form="written", held=f"{NAMES[0]}的申请书")
    step(clerk, case, "log_contact", **contact(f"{NAMES[1]}（{PHONES[1]}）称{DIAGNOSES[0]}未愈"))
    step(clerk, case, "correct", target="case.diagnosis", value=DIAGNOSES[1], reason=f"{NAMES[1]}更正")
    step(clerk, case, "correct", target=f"party-{party.pk}.address", value=ADDRESSES[1], reason="搬家")
    step(clerk, case, "reveal", 200, target=f"party-{party.pk}.id_no", reason=f"核对{IDS[0]}")
    step(clerk, case, "add_paper", kind="identity", side="patient", copy="copy", title=f"{NAMES[0]}身份证{IDS[0]}")
    step(clerk, case, "request_papers", side="patient", wanted=["records"], note=f"请{NAMES[0]}补交")
    step(clerk, case, "seek_consent", note=f"{NAMES[0]}诉请")
    step(clerk, case, "log_contact", 500, **contact(f"{BREAKS} {NAMES[0]} {PHONES[0]} {DIAGNOSES[0]}"))
    step(clerk, case, "log_contact", 422, **contact(""), late_reason=NAMES[0])
    for words in (NAMES[0], PHONES[0], IDS[0]):
        for path in ("/search/", "/cases/", "/desk/"):
            assert clerk.post(path, {"q": words}) == 302
            assert clerk.get(clerk.went_to) == 200
    assert clerk.get("/cases/export/") == 200
    assert clerk.get(f"/{quote(NAMES[0])}/{PHONES[0]}/") == 404
    Browser(house, persona("hotline_lin")).post("/login/", {"username": NAMES[0], "password": PHONES[0]})
    return case


def test_no_planted_value_is_found_outside(
    fresh_database: TestDatabase, child_environment: dict[str, str], places: dict[str, Path]
) -> None:
    with open_house(
        child_environment, places["logs"], site="tests.prove.breaking", unprintable="consent_request"
    ) as house:
        case = go_through_the_house(house)
        wait_until(lambda: not OutboxMessage.objects.open().exclude(last_error="ValueError").exists())
        failing = OutboxMessage.objects.filter(last_error="ValueError")
        wait_until(failing.exists)
        house.stop()

    assert (
        DisputeCase.objects.get(pk=case.pk).diagnosis == DIAGNOSES[1]
    )  # it did go in, and comes out for those who may
    assert IssuedDocument.objects.exclude(stored="").exists()
    assert found_in(dump(fresh_database)) == []
    logs = b"".join(path.read_bytes() for path in places["logs"].glob("*.log"))
    assert b"ValueError" in logs  # both faults were logged, by their class
    assert found_in(logs) == []
    left = [path for place in ("temp", "papers") for path in places[place].rglob("*") if path.is_file()]
    assert {
        str(path): found_in(path.read_bytes() + os.fsencode(path))
        for path in left
        if found_in(path.read_bytes() + os.fsencode(path))
    } == {}


def test_the_search_would_find_what_it_looks_for() -> None:
    """A search that finds nothing anywhere proves nothing."""
    for value in PLANTED:
        for data in (
            value.encode(),
            json.dumps({"a": value}).encode(),
            quote(value).encode(),
            value.encode().hex().encode(),
        ):
            assert found_in(b"x" * 7 + data), value
