"""Somebody else's row does not exist: every address with every foreign id answers as for one that never was."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from difflib import ndiff
from io import BytesIO
from itertools import product
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from openpyxl import load_workbook

from mediation.cases.case import DisputeCase
from mediation.cases.record import Notice, Paper
from mediation.documents.models import IssuedDocument
from mediation.hotline.entries import Entry
from mediation.hotline.intake import enter
from mediation.hotline.order import HotlineOrder
from mediation.organisations.models import Kind, Organisation, User, appoint
from tests import factories
from tests.factories import OTHER_HOSPITAL, PATIENT
from tests.prove.test_http_refusals import ABSENT, body, signed_in
from workflow.lifecycle import CLOCKS, STEPS
from workflow.vocabulary import Role

STRANGERS = ("town_zhao", "liaison_other", "mediator_two", "foreign_operator", "auditor", "administrator")
SURNAME = "欧阳示例"
PHONE = "13911112222"


def foreign_operator() -> User:
    centre, _ = Organisation.objects.get_or_create(
        code="elsewhere-hotline", defaults={"kind": Kind.HOTLINE, "name": "示例外地热线", "active": True}
    )
    user = User.objects.create(username="foreign_operator", full_name="外示例")
    appoint(user, Role.HOTLINE_OPERATOR, centre)
    return user


@pytest.fixture
def foreign(db: None) -> dict[str, Any]:
    """A case of other people, with everything that can be on file."""
    foreign_operator()
    case = factories.case_at("under_review", people=(replace(PATIENT, name=SURNAME, phone=PHONE),))
    Paper.objects.filter(case=case).update(stored="a/b")
    order = enter_order()
    return {
        "case": case, "paper": Paper.objects.filter(case=case).first(), "document": IssuedDocument.objects.filter(case=case).first(),
        "notice": Notice.objects.filter(case=case).first(), "order": order,
    }  # fmt: skip


def enter_order(**changes: Any) -> HotlineOrder:
    """An order entered by hand at the city's own hotline."""
    said: dict[str, Any] = {
        "number": "DG20260302001", "appeal": "", "received_at": factories.NOW, "message_at": None, "stated_due_on": None,
        "title": "投诉医院", "content": f"{SURNAME}反映术后感染，电话{PHONE}。", "caller": SURNAME, "phone": PHONE, "id_no": "",
        "hospital_text": "", "source_category": "", "is_confidential": False,
    }  # fmt: skip
    centre, operator = factories.organisation("hotline"), factories.persona("hotline_lin")
    return enter(Entry(**said | changes), centre=centre, by=operator, now=factories.NOW)


def paths(number: str, things: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Every address about one case, one order and one notice: method and path."""
    root = f"/cases/{number}/"
    yield from (
        ("get", root),
        ("get", f"{root}print/"),
        ("get", f"{root}tab/parties/"),
        ("get", f"{root}tab/documents/"),
    )
    yield from (("get", f"{root}ledger/{clock}/") for clock in CLOCKS)
    yield from (("get", f"{root}papers/{things['paper']}/"), ("get", f"{root}documents/{things['document']}/"))
    for name in STEPS:
        yield from (("get", f"{root}{name}/"), ("post", f"{root}{name}/"), ("post", f"{root}{name}/draft/"))
    yield "get", f"/notices/{things['notice']}/"
    yield from _order_paths(f"/orders/{things['order']}/", things["order"])


def _order_paths(root: str, pk: str) -> Iterator[tuple[str, str]]:
    yield "get", root
    yield from (
        ("post", f"{root}{name}/") for name in ("sign", "sort_out", "answer", "send_return", "extend", "redo", "finish")
    )
    yield from (("post", f"{root}{name}/") for name in ("wording", "case", "case/leave", "reveal", f"same/{pk}"))


def difference(one: HttpResponse, other: HttpResponse) -> str:
    """Where a row of somebody else can be told from one that does not exist."""
    return "\n".join(line for line in ndiff(body(one).splitlines(), body(other).splitlines()) if line[0] in "+-")


@pytest.mark.rule("R22")
@pytest.mark.parametrize("username", STRANGERS)
def test_a_foreign_row_is_the_same_404_as_none(foreign: dict[str, Any], username: str) -> None:
    client = signed_in(username) if username != "foreign_operator" else _client(User.objects.get(username=username))
    there = {"paper": str(foreign["paper"].uid), "document": str(foreign["document"].uid),
             "notice": str(foreign["notice"].pk), "order": str(foreign["order"].pk)}  # fmt: skip
    never = {"paper": str(uuid.uuid4()), "document": str(uuid.uuid4()), "notice": "99999999", "order": "99999999"}
    wrong = []

    pairs = zip(paths(foreign["case"].number, there), paths(ABSENT, never), strict=True)
    for (method, path), (_, absent) in pairs:
        one, other = getattr(client, method)(path), getattr(client, method)(absent)
        if one.status_code != 404 or other.status_code != 404:
            wrong.append((method, path, one.status_code, other.status_code))
        elif body(one) != body(other):
            wrong.append((method, path, difference(one, other)))

    assert wrong == []


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("username", STRANGERS)
def test_lists_search_export_and_counts_hold_no_foreign_row(foreign: dict[str, Any], username: str) -> None:
    client, case = (
        _client(factories.persona(username) if username in factories.PERSONAS else User.objects.get(username=username)),
        foreign["case"],
    )
    told = {case.patient_label, SURNAME, PHONE}
    if username != "auditor":  # whose log says by their numbers which cases and orders were looked at
        told |= {case.number, case.title, str(foreign["order"].number)}

    for path in ("/desk/", "/desk/sheet/", "/cases/", f"/cases/?state={case.state}", "/notices/", "/orders/"):
        said = client.get(path, follow=True).content.decode()
        assert not [word for word in told if word in said], (path, username)
    for path, words in product(("/search/", "/cases/", "/desk/", "/orders/"), (PHONE, case.number)):
        said = client.post(path, {"q": words}, follow=True).content.decode()
        said = said.replace(words, "")  # the page may say what was looked for
        assert not [word for word in told if word in said], (path, username)
    export = client.get("/cases/export/")
    cells = {str(cell.value) for row in load_workbook(BytesIO(export.content)).active.iter_rows() for cell in row}
    assert not any(word in text for word in told for text in cells)
    typed = {
        "phone": PHONE,
        "patient_name": SURNAME,
        "caller_phone": PHONE,
        "caller_name": SURNAME,
        "hospital": _hospital(case),
    }
    similar = client.post("/cases/new/similar/", typed)
    assert not [word for word in told if word in similar.content.decode()]


def _hospital(case: DisputeCase) -> str:
    return str(case.respondents.get().hospital_id)


def test_a_foreign_paper_is_not_reached_through_ones_own_case(foreign: dict[str, Any]) -> None:
    own = factories.case_at("registered", hospitals=(OTHER_HOSPITAL,))
    client = signed_in("liaison_other")
    assert client.get(f"/cases/{own.number}/").status_code == 200

    nothing = body(client.get(f"/cases/{own.number}/papers/{uuid.uuid4()}/"))
    for kind in ("paper", "document"):
        answer = client.get(f"/cases/{own.number}/{kind}s/{foreign[kind].uid}/")
        assert answer.status_code == 404
        assert body(answer) == nothing


def test_drafts_are_their_authors_own(foreign: dict[str, Any]) -> None:
    case = foreign["case"]
    factories.persona("director_xu")
    path = f"/cases/{case.number}/log_contact/"
    signed_in("clerk_chen").post(f"{path}draft/", {"content": "只给自己看的草稿"})

    assert "只给自己看的草稿" in signed_in("clerk_chen").get(path).content.decode()
    assert "只给自己看的草稿" not in signed_in("director_xu").get(path).content.decode()


def test_a_mediator_who_was_replaced_loses_the_case_with_the_next_request(foreign: dict[str, Any]) -> None:
    case = factories.take(
        factories.case_at("awaiting_assignment"),
        "assign",
        "director_xu",
        lead=factories.persona("mediator_sun"),
        no_conflict=True,
    )
    client = signed_in("mediator_sun")
    assert client.get(f"/cases/{case.number}/").status_code == 200

    factories.take(case, "reassign", "director_xu", leaving=factories.persona("mediator_sun"), joining=factories.persona("mediator_two"),
                   reason="absence", note="请假", no_conflict=True)  # fmt: skip

    assert client.get(f"/cases/{case.number}/").status_code == 404
