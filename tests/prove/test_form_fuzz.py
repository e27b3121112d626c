"""Whatever is typed or forged into a step's form, the answer is a page: never a crash, never a wait without end.

What a form lets through is stored and shown as it was typed, and no spreadsheet takes it for a formula.
"""

from __future__ import annotations

import html
import time
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import pytest
from django import forms
from django.db import transaction
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from mediation.cases.case import DisputeCase
from mediation.cases.export import workbook
from mediation.cases.record import Contact
from mediation.cases.stepform import form_of
from mediation.hotline.order import HotlineOrder
from tests import factories
from tests.prove.scenes import scene
from workflow.lifecycle import STEPS

FORMULA = "=cmd|' /C calc'!A0"
HOSTILE = {
    "NUL": "a\x00b", "mebibyte": "长" * (2**20 // 3), "right to left": "\u202eabc\u2066", "emoji": "👨‍👩‍👧‍👦", "surrogate": "\udcff",
    "rare han": "𠮷𪚥滘埗", "formula": FORMULA, "markup": "<script>alert(1)</script>&amp;\"'", "template": "{{ 7 }}{% debug %}",
    "sql": "' OR 1=1 --", "header": "a\r\nX-Bad: 1", "superscript": "²", "not a number": "NaN", "infinite": "Infinity",
    "exponent": "1e9999", "negative": "-1", "wide digits": "９９９", "first day": "0001-01-01", "last day": "9999-12-31",
    "long number": "9" * 25, "big number": "2147483648", "big integer": "9223372036854775808", "json": '{"a": [1]}',
    "blank": " \u3000\t", "list": "[]", "path": "../../etc/passwd",
}  # fmt: skip
STEP_NAMES = [name for name, step in STEPS.items() if not step.by_time]
SAMPLE = ("log_contact", "escalate", "draft_agreement", "correct")
SECONDS = 20
ANSWERS = {302, 200, 400, 403, 409, 413, 422}


def plain_value(field: forms.Field, today: Any) -> Any:
    """Something that the field takes."""
    if isinstance(field, forms.ModelMultipleChoiceField | forms.ModelChoiceField):
        first = field.queryset.first()
        return first.pk if first else ""
    if isinstance(field, forms.ChoiceField):
        values = [value for value, _ in field.choices if value != ""]
        return values[0] if values else ""
    for kind, value in ((forms.DateField, today), (forms.TimeField, "00:00"), (forms.DateTimeField, f"{today}T23:59"),
                        (forms.BooleanField, "on"), (forms.IntegerField, 1), (forms.FileField, "")):  # fmt: skip
        if isinstance(field, kind) and not isinstance(field, forms.DecimalField):
            return value
    return "1.00" if isinstance(field, forms.DecimalField) else "示例"


def sent(client: Client, path: str, typed: dict[str, Any]) -> tuple[int, float]:
    """Post and take everything back, so that the next value meets the same case."""
    began = time.monotonic()
    with transaction.atomic():
        status = client.post(path, {name: _bytes(value) for name, value in typed.items()}).status_code
        transaction.set_rollback(True)
    return status, time.monotonic() - began


def _bytes(value: Any) -> Any:
    return value.encode("utf-8", "surrogateescape") if isinstance(value, str) and "\udcff" in value else value


def fuzz(step: str) -> None:
    set_up = scene(step)
    user = factories.persona(set_up.by)
    client, today = Client(), timezone.localdate()
    client.force_login(user)
    fields = form_of(STEPS[step])(case=set_up.case, user=user, today=today).fields
    path = f"/cases/{set_up.case.number}/{step}/"
    plain = {name: plain_value(field, today) for name, field in fields.items()} | {"version": set_up.version}
    texts = [name for name, field in fields.items() if type(field) is forms.CharField]
    bad = []
    for how, value in HOSTILE.items():
        everywhere = dict.fromkeys(fields, value)
        tries = [plain | dict.fromkeys(texts, value), plain | everywhere]
        if how in ("last day", "first day", "big number", "long number", "surrogate", "not a number", "exponent"):
            tries += [plain | {name: value} for name in fields]
        for typed in tries:
            status, seconds = sent(client, path, typed)
            if status not in ANSWERS or seconds > SECONDS:
                bad.append((how, status, round(seconds, 1)))
    assert bad == []


@pytest.mark.parametrize("step", SAMPLE)
def test_hostile_input_gets_a_page(db: None, step: str) -> None:
    fuzz(step)


@pytest.mark.prove
@pytest.mark.parametrize("step", [name for name in STEP_NAMES if name not in SAMPLE])
def test_hostile_input_gets_a_page_at_every_step(db: None, step: str) -> None:
    fuzz(step)


@pytest.mark.prove
@pytest.mark.parametrize("path", ["/cases/new/", "/orders/new/"])
def test_hostile_input_gets_a_page_where_things_begin(db: None, path: str) -> None:
    operator = factories.persona("hotline_lin")
    factories.organisation("X001")
    client, today = Client(), timezone.localdate()
    client.force_login(operator)
    page = client.get(path).context
    fields = page["form"].fields
    plain = {name: plain_value(field, today) for name, field in fields.items()} | {"token": page.get("token", "")}
    bad = []
    for how, value in HOSTILE.items():
        texts = [name for name, field in fields.items() if type(field) is forms.CharField]
        tries = [plain | dict.fromkeys(texts, value), dict.fromkeys(fields, value)]
        tries += [plain | {name: value} for name in (*fields, "token")]
        bad += [(how, status) for typed in tries if (status := sent(client, path, typed)[0]) not in ANSWERS]
    assert bad == []


@pytest.mark.parametrize("query", ["q", "search", "state", "due", "town", "source", "after", "before", "standing"])
def test_hostile_questions_get_a_page(db: None, query: str) -> None:
    client = Client()
    client.force_login(factories.persona("hotline_lin"))
    for path in ("/desk/", "/cases/", "/cases/export/", "/orders/", "/notices/", "/search/"):
        for value in HOSTILE.values():
            if len(value) < 5000 and "\udcff" not in value:
                assert client.get(path, {query: value}).status_code in {200, 302, 400, 403}, (path, value)


def test_whatever_is_searched_for_gets_a_page(db: None) -> None:
    client = Client()
    client.force_login(factories.persona("hotline_lin"))
    for path in ("/search/", "/desk/", "/cases/", "/orders/"):
        for value in HOSTILE.values():
            typed = urlencode({"q": value}, errors="surrogatepass")
            answer = client.post(path, typed, "application/x-www-form-urlencoded", follow=True)
            assert answer.status_code == 200, (path, value)


@pytest.mark.both
@pytest.mark.parametrize("how", ["emoji", "rare han", "right to left", "formula", "markup", "template", "sql", "json"])
def test_what_is_stored_is_what_was_typed_and_what_is_shown(db: None, how: str) -> None:
    case, client, words = factories.case_at("under_review"), Client(), HOSTILE[how]
    client.force_login(factories.persona("clerk_chen"))
    typed = {"happened_on": timezone.localdate(), "side": "patient", "purpose": "explain", "means": "phone", "at": "00:00",
             "reached": "yes", "content": words, "version": case.version}  # fmt: skip
    assert client.post(f"/cases/{case.number}/log_contact/", typed).status_code == 302
    assert Contact.objects.get(case=case).content == words
    correction = {
        "happened_on": timezone.localdate(),
        "target": "case.summary",
        "value": f"概要{words}",
        "reason": "笔误",
        "version": case.version + 1,
    }

    assert client.post(f"/cases/{case.number}/correct/", correction).status_code == 302

    assert DisputeCase.objects.get(pk=case.pk).summary == f"概要{words}"
    page = client.get(f"/cases/{case.number}/").content.decode()
    assert f"概要{words}" in html.unescape(page)
    assert "<script>alert(1)" not in page


def test_no_cell_of_an_export_is_a_formula(db: None) -> None:
    hospital = factories.organisation("X001")
    hospital.name = FORMULA
    hospital.save()
    for start in "=+-@\t\r":
        factories.case_at("registered", people=(factories.replace(factories.PATIENT, name=f"{start}cmd"),))

    data, rows = workbook(DisputeCase.objects.all(), timezone.localdate())

    cells = [cell for row in load_workbook(BytesIO(data)).active.iter_rows() for cell in row]
    assert rows == 6
    assert not [
        cell
        for cell in cells
        if cell.data_type == "f" or str(cell.value or "").startswith(("=", "+", "-", "@", "\t", "\r"))
    ]


def test_no_cell_of_the_replies_is_a_formula(db: None) -> None:
    from mediation.hotline.export import export_replies
    from tests.prove.test_foreign_ids import enter_order

    order = enter_order(title=FORMULA, content=f"{FORMULA} 术后感染。", caller="+cmd")
    operator = factories.persona("hotline_lin")

    data, _ = export_replies(HotlineOrder.objects.filter(pk=order.pk), order.centre, by=operator, now=factories.NOW)

    cells = [cell for row in load_workbook(BytesIO(data)).active.iter_rows() for cell in row]
    assert cells
    assert not [cell for cell in cells if cell.data_type == "f" or str(cell.value or "").startswith(("=", "+", "@"))]
