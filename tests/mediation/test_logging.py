"""Logs hold no personal value, whatever goes wrong."""

import io
import json
import logging
from collections.abc import Callable, Iterator

import pytest
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from mediation.logging import logging_settings

CANARY, PHONE = "滘埗陈某某", "13800138000"


def fails(request: HttpRequest, name: str) -> HttpResponse:
    typed = request.GET["q"]  # a local variable that a traceback with locals would print
    raise ValueError(f"{typed} is not a name")


def works(request: HttpRequest, name: str) -> HttpResponse:
    return HttpResponse(name)


def refuses(request: HttpRequest, name: str) -> HttpResponse:
    raise Http404(name)


urlpatterns = [
    path("fails/<str:name>/", fails), path("works/<str:name>/", works), path("refuses/<str:name>/", refuses),
]  # fmt: skip


def handler404(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse(status=404)


handler500 = "django.views.defaults.server_error"
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def lines() -> Iterator[Callable[[], str]]:
    """Everything logged at DEBUG during the test, through the formatter that production uses."""
    formatter_settings = logging_settings(level="DEBUG", readable=False)["formatters"]["line"]
    factory = formatter_settings.pop("()")
    handler = logging.StreamHandler(io.StringIO())
    handler.setFormatter(factory(**formatter_settings))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel("DEBUG")
    yield handler.stream.getvalue
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture
def anonymous(settings) -> Client:
    settings.MIDDLEWARE = ["mediation.logging.RequestLogMiddleware"]
    return Client(raise_request_exception=False)


def test_a_failure_logs_frames_and_class_but_neither_message_nor_locals_nor_address(lines, anonymous) -> None:
    assert anonymous.get(f"/fails/{CANARY}/?q={CANARY}{PHONE}").status_code == 500
    text = lines()
    assert CANARY not in text
    assert PHONE not in text
    failed = next(entry for entry in map(json.loads, text.splitlines()) if entry["event"] == "request failed")
    assert failed["exception"][0]["class"] == "ValueError"
    assert any(" fails" in frame for frame in failed["exception"][0]["frames"])
    assert failed["route"] == "fails/<str:name>/"


def test_a_request_is_one_line_with_its_route_and_a_reference_that_the_answer_carries(lines, anonymous) -> None:
    answer = anonymous.get(f"/works/{CANARY}/?q={PHONE}")
    entries = [entry for entry in map(json.loads, lines().splitlines()) if entry["logger"] == "mediation.request"]
    assert len(entries) == 1
    assert entries[0]["status"] == 200
    assert entries[0]["route"] == "works/<str:name>/"
    assert entries[0]["reference"] == answer["X-Reference"]


def test_a_page_that_is_not_there_for_somebody_is_a_warning_and_no_failure(lines, anonymous) -> None:
    assert anonymous.get(f"/refuses/{CANARY}/").status_code == 404
    entries = [entry for entry in map(json.loads, lines().splitlines()) if entry["logger"] == "mediation.request"]
    assert [(entry["event"], entry["level"]) for entry in entries] == [("request", "warning")]


def test_an_invented_method_is_not_copied_into_the_log(lines, anonymous) -> None:
    anonymous.generic(f"X{PHONE}", "/works/a/")
    assert PHONE not in lines()


def test_numbers_that_could_be_a_phone_or_an_identity_number_are_struck_out_of_foreign_messages(lines) -> None:
    logging.getLogger("some.library").warning("could not read %s of %s", "44190019900101123X", PHONE)
    text = lines()
    assert "[数字]" in text
    assert PHONE not in text
    assert "44190019900101123X" not in text


def test_a_line_that_cannot_be_written_is_not_printed_with_its_arguments(capsys) -> None:
    handler = logging.StreamHandler(io.StringIO())
    handler.stream.close()
    log = logging.getLogger("some.library")
    log.addHandler(handler)
    try:
        log.warning("could not read %s", CANARY)
    finally:
        log.removeHandler(handler)
    assert CANARY not in capsys.readouterr().err


def test_a_foreign_traceback_is_cut_in_the_same_way(lines) -> None:
    try:
        raise KeyError(CANARY)
    except KeyError:
        logging.getLogger("some.library").exception("failed")
    text = lines()
    assert CANARY not in text
    assert json.loads(text)["exception"][0]["class"] == "KeyError"
