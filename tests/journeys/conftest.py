"""A house for the journeys: the site on a live server at a moment the story chooses, with its worker and its visitors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.factories import at
from tests.journeys.album import Album
from tests.journeys.house import Clock, House


@pytest.fixture(scope="session")
def examined() -> set[str]:
    """The kinds of page that this run has looked at already."""
    return set()


@pytest.fixture
def house(
    live_server: Any, fresh_database: Any, browser: Any, browser_context_args: dict[str, Any], monkeypatch: Any,
    screenshot: Callable[..., Any], serious_findings: Callable[..., list[str]], examined: set[str],
) -> Iterator[House]:  # fmt: skip
    """The house on Wednesday, 25 February 2026. The journey fails for anything that a visitor should not have met."""
    clock = Clock(at("2026-02-25"))
    monkeypatch.setattr("django.utils.timezone.now", clock.now)
    album = Album(screenshot, serious_findings, examined)
    house = House(
        live_server.url, clock, album, lambda **options: browser.new_context(**browser_context_args | options)
    )
    with house.listening():
        yield house
    house.shut()
    assert not house.complaints, "\n".join(house.complaints)
