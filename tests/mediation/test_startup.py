"""A machine that cannot make a paper does not start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mediation import startup

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def without_fonts(settings):
    settings.DOCUMENT_FONTS = ("Noto Serif CJK SC", "No Such Font SC")


def test_this_machine_is_complete() -> None:
    assert startup.machine_is_complete(None) == []
    startup.refuse_if_incomplete()


def test_loading_the_site_opens_no_connection_and_starts_no_thread() -> None:
    """So it may be loaded before its processes are forked: a connection shared by two processes would mix up answers."""
    code = (
        "import sys, threading, mediation.wsgi; from django.db import connections;"
        "loaded = 'mediation.hotline.pages.imports' in sys.modules;"
        "print(any(one.connection for one in connections.all()), threading.active_count(), loaded)"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert (done.stdout, done.stderr) == ("False 1 True\n", "")


def test_every_message_has_its_handler_once_django_has_started() -> None:
    """A worker serves no page, and may start without the checks that would load them."""
    code = "import django; django.setup(); from workflow.outbox import HANDLERS; print(sorted(HANDLERS))"
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.stdout == "['hotline_import', 'hotline_reply', 'render_document']\n"


def test_a_missing_font_is_an_error_that_names_font_and_package(without_fonts) -> None:
    found = startup.machine_is_complete(None)
    assert [error.id for error in found] == ["mediation.E002"]
    assert "No Such Font SC" in found[0].msg
    assert "fonts-noto-cjk" in found[0].msg


def test_server_and_worker_refuse_to_start_without_a_font(without_fonts) -> None:
    with pytest.raises(startup.NotReady, match="No Such Font SC"):
        startup.refuse_if_incomplete()


def test_a_missing_library_is_an_error_that_names_its_package(monkeypatch) -> None:
    monkeypatch.setitem(startup.LIBRARIES, "libharfbuzz-nothing.so.0", "libharfbuzz-nothing0")
    startup.missing_libraries.cache_clear()
    try:
        found = startup.machine_is_complete(None)
        assert [error.id for error in found] == ["mediation.E001"]
        assert "libharfbuzz-nothing0" in found[0].msg
    finally:
        startup.missing_libraries.cache_clear()
