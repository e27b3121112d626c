"""How a search travels: the words are posted, the address carries them sealed, and only for the session that typed them."""

import io
import json
import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import quote, urlsplit

import pytest
from django.http import HttpResponse, QueryDict
from django.test import Client
from openpyxl import load_workbook

from mediation.cases.case import DisputeCase
from mediation.cases.pages import paging
from mediation.cases.pages.searching import REFUSED
from mediation.cases.registration import register
from mediation.logging import logging_settings
from tests import factories
from tests.hotline.files import order

pytestmark = [pytest.mark.both, pytest.mark.django_db]

NAME, PHONE, ID_NO = "甄示例", "13800000001", "441900198505201248"
LISTS = ("/desk/", "/cases/", "/orders/")
HTMX = {"headers": {"HX-Request": "true"}}


def signed_in(username: str = "hotline_lin") -> Client:
    client = Client()
    client.force_login(factories.persona(username))
    return client


def searched(client: Client, words: str, path: str = "/cases/", **filters: str) -> str:
    """The address that a search leads to."""
    answer = client.post(path, {"q": words, **filters})
    assert answer.status_code == 302
    return answer["Location"]


def addresses_in(html: str) -> list[str]:
    return re.findall(r'(?:href|action|hx-\w+|src)="([^"]*)"', html)


def tells(text: str, words: str) -> bool:
    return words in text or quote(words) in text or words.encode().hex() in text


def box(answer: HttpResponse) -> str:
    """What stands in the search box of the list."""
    return str(answer.context["filters"]["q"].value() or "")


def case_of(name: str) -> DisputeCase:
    people = (replace(factories.PATIENT, name=name, phone="13900000009"),)
    return register(factories.registration(people=people), by=factories.persona("hotline_lin"), now=factories.NOW)


# --- words never in an address ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [NAME, PHONE, ID_NO])
@pytest.mark.parametrize("path", [*LISTS, "/search/"])
def test_no_address_says_what_was_searched_for(path: str, words: str) -> None:
    factories.case_at("registered")
    client = signed_in()
    for options in ({}, HTMX):
        answer = client.post(path, {"q": words, "due": "late"}, follow=True, **options)
        went = [address for address, _ in answer.redirect_chain]
        said = [*went, *answer.headers.values(), *addresses_in(answer.content.decode())]
        assert went
        assert [text for text in said if tells(text, words)] == []


def test_a_search_does_not_look_like_the_one_before_nor_tell_how_long_its_words_are() -> None:
    client = signed_in()
    again = {searched(client, NAME), searched(client, NAME), searched(client, PHONE), searched(client, ID_NO)}
    assert len(again) == 4
    assert len({len(address) for address in again}) == 1


def test_words_that_are_searched_for_are_in_no_log(everything_logged: Callable[[], str]) -> None:
    factories.case_at("registered")
    client = signed_in()
    for words in (NAME, PHONE, ID_NO):
        for path in (*LISTS, "/search/"):
            client.post(path, {"q": words}, follow=True)
        client.get("/cases/", {"q": words}, follow=True)
        Client(enforce_csrf_checks=True).post("/search/", {"q": words})
    text = everything_logged()
    assert '"route": "search/"' in text
    assert [words for words in (NAME, PHONE, ID_NO) if tells(text, words) or json.dumps(words)[1:-1] in text] == []


@pytest.fixture
def everything_logged() -> Iterator[Callable[[], str]]:
    """Everything logged, as production writes it, before long numbers are struck out."""
    line = logging_settings(level="DEBUG", readable=False)["formatters"]["line"]
    factory = line.pop("()")
    line["processors"] = [one for one in line["processors"] if getattr(one, "__name__", "") != "without_numbers"]
    handler, root = logging.StreamHandler(io.StringIO()), logging.getLogger()
    handler.setFormatter(factory(**line))
    level = root.level
    root.addHandler(handler)
    root.setLevel("INFO")
    yield handler.stream.getvalue
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.mark.parametrize("path", LISTS)
def test_words_written_into_an_address_are_not_honoured(path: str) -> None:
    factories.case_at("registered")
    answer = signed_in().get(path, {"q": PHONE, "due": "late", "after": "x"}, follow=True)
    assert answer.redirect_chain == [(f"{path}?due=late", 302)]
    assert REFUSED in answer.content.decode()
    assert not tells(answer.content.decode(), PHONE)


def test_a_search_is_refused_without_the_token_of_the_form() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(factories.persona("hotline_lin"))
    assert [client.post(path, {"q": NAME}).status_code for path in (*LISTS, "/search/")] == [403] * 4


# --- whose search it is -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", LISTS)
def test_the_search_of_somebody_else_opens_for_nobody(path: str) -> None:
    address = searched(signed_in("clerk_chen"), NAME, "/cases/", due="late").replace("/cases/", path)
    answer = signed_in().get(address, follow=True)
    assert answer.redirect_chain == [(f"{path}?due=late", 302)]
    assert REFUSED in answer.content.decode()
    assert NAME not in answer.content.decode()
    assert box(answer) == ""


def test_a_search_ends_with_the_session_in_which_it_was_typed() -> None:
    client = signed_in()
    address = searched(client, NAME)
    assert box(client.get(address)) == NAME
    client.post("/logout/")
    client.force_login(factories.persona("hotline_lin"))
    answer = client.get(address, follow=True)
    assert (box(answer), answer.redirect_chain) == ("", [("/cases/", 302)])
    assert REFUSED in answer.content.decode()


def test_a_forged_search_is_refused_like_a_foreign_one() -> None:
    client = signed_in()
    token = QueryDict(urlsplit(searched(client, NAME)).query)["search"]
    forged = (
        token[:-2],
        token[2:],
        token[::-1],
        f"{token[:-1]}{'A' if token[-1] != 'A' else 'B'}",
        "AQ",
        "x",
        "滘",
        "%00",
    )
    for path in (*LISTS, "/cases/export/"):
        for one in forged:
            answer = client.get(path, {"search": one}, follow=True)
            assert answer.status_code == 200, one
            assert REFUSED in answer.content.decode(), (path, one)


def test_a_refused_search_loads_the_whole_page_where_only_its_rows_were_asked_for() -> None:
    """Else all the cases would stand below a box that still shows the words."""
    answer = signed_in().get(searched(signed_in("clerk_chen"), NAME), **HTMX)
    assert (answer.status_code, answer["HX-Redirect"]) == (200, "/cases/")
    assert answer.content == b""


# --- what follows a search --------------------------------------------------------------------------------------------


def test_the_box_shows_again_what_was_searched_and_a_reload_finds_the_same() -> None:
    mine, other = factories.case_at("registered"), case_of("贾示例")
    client = signed_in()
    address = searched(client, f"  {NAME}\x00 ")
    for _ in range(2):
        answer = client.get(address)
        assert box(answer) == NAME
        assert mine.number in answer.content.decode()
        assert other.number not in answer.content.decode()


def test_filters_stay_readable_beside_the_search() -> None:
    address = searched(signed_in(), NAME, due="late", state="registered", town="")
    asked = QueryDict(urlsplit(address).query).dict()
    assert asked.pop("search")
    assert asked == {"due": "late", "state": "registered"}
    assert searched(signed_in(), "", due="late") == "/cases/?due=late"


def test_the_pages_of_a_search_are_pages_of_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "PAGE_SIZE", 2)
    cases = [case_of("贾示例") for _ in range(3)]
    factories.case_at("registered")
    client, seen, address = signed_in(), [], ""
    address = searched(client, "贾示例")
    while address:
        answer = client.get(address, **HTMX)
        seen += [row["number"] for row in answer.context["rows"]]
        following = answer.context["page"]["next_url"]
        address = f"/cases/{following}" if following else ""
        assert not tells(address, "贾示例")
    assert len(seen) == len(cases)


def test_the_export_holds_what_was_found() -> None:
    mine, other = factories.case_at("registered"), case_of("贾示例")
    client = signed_in()
    answer = client.get(searched(client, NAME, due=""))
    sheet = load_workbook(io.BytesIO(client.get(answer.context["export_url"]).content)).active
    cells = {str(cell.value) for row in sheet.iter_rows() for cell in row}
    assert mine.title in cells
    assert other.title not in cells


def test_an_export_whose_search_is_refused_is_no_export_of_everything() -> None:
    factories.case_at("registered")
    address = searched(signed_in("clerk_chen"), NAME).replace("/cases/", "/cases/export/")
    answer = signed_in().get(address)
    assert (answer.status_code, answer["Location"]) == (302, "/cases/")


def test_one_hit_of_the_box_in_the_top_bar_goes_straight_to_the_case() -> None:
    case = factories.case_at("registered")
    client = signed_in()
    for words in (case.number, case.title, NAME, PHONE):
        assert searched(client, words, "/search/") == case.get_absolute_url()
    assert client.get("/search/", {"q": NAME})["Location"] == "/cases/"


def test_the_orders_are_searched_alike() -> None:
    mine, other = (
        order("2603010001", now=factories.NOW),
        order("2603010002", now=factories.NOW, phone="13900000009", caller="卜示例"),
    )
    client = signed_in()
    answer = client.get(searched(client, "卜示例", "/orders/", state="received"))
    assert box(answer) == "卜示例"
    assert other.number in answer.content.decode()
    assert mine.number not in answer.content.decode()
