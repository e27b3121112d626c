"""The house: the moment it lives in, its worker, and the people who come to it, each with a browser of their own."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.signals import got_request_exception
from django.test import Client

from tests.browsers import keep_local
from tests.factories import PASSWORD, at, persona
from tests.journeys.album import Album
from tests.journeys.visitor import Visitor
from workflow import outbox
from workflow.timekeeping import tick

NOT_A_FAULT = (400, 403, 404, 409, 422, 429)
"""Answers a page may give; the console calls each of them an error."""


class Clock:
    """A clock that runs on from whatever moment it was set to."""

    def __init__(self, moment: datetime) -> None:
        self.set(moment)

    def set(self, moment: datetime) -> None:
        self.moment, self.since = moment, time.monotonic()

    def now(self) -> datetime:
        return self.moment + timedelta(seconds=time.monotonic() - self.since)


class House:
    """The site, open for visitors. Whatever no visitor should meet is kept in ``complaints``."""

    def __init__(self, url: str, clock: Clock, album: Album, browse: Callable[..., Any]) -> None:
        self.url, self.clock, self.album, self.browse = url, clock, album, browse
        self.contexts: dict[str, Any] = {}
        self.faults: list[str] = []
        self.strangers: list[str] = []

    def on(self, day: str, hour: int = 9, minute: int = 30) -> None:
        """Go on with the story on another day."""
        self.clock.set(at(day, hour, minute))

    def visitor(self, username: str = "", **options: Any) -> Visitor:
        """A person at a browser, signed in when there is a name; whoever comes again finds the same browser."""
        key = f"{username}{options}" if username else f"stranger {len(self.contexts)}"
        if key not in self.contexts:
            self.contexts[key] = self._context(**options)
        context = self.contexts[key]
        if username:
            context.add_cookies([self._session_of(username)])
        page = context.pages[0] if context.pages else context.new_page()
        return Visitor(page, self.url, self.album)

    def sign_in(self, username: str, *, picture: str = "") -> Visitor:
        """Through the front door: name, password, and in."""
        persona(username)
        visitor = self.visitor()
        visitor.go("/")
        if picture:
            visitor.look(picture)
        visitor.fill({"账号": username, "密码": PASSWORD})
        visitor.press("登录")
        visitor.page.wait_for_url(lambda address: "/login/" not in address)
        return visitor

    def work(self) -> list[str]:
        """Let a worker do everything that is due; what it did, one word a message."""
        done: list[str] = []
        while outcomes := outbox.run_once("journey", self.clock.now(), limit=20):
            done += [f"{one.kind} {one.result} {one.error}".strip() for one in outcomes]
        return done

    def tick(self) -> int:
        """Let time act; how many steps it took."""
        return tick(self.clock.now())

    @property
    def complaints(self) -> list[str]:
        """Everything that went wrong in a browser or on the server, and what axe objected to."""
        foreign = [f"asked another machine: {url}" for url in self.strangers]
        return [*self.faults, *foreign, *self.album.objections]

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Hear of every exception that a page of the server raised."""

        def heard(sender: Any, **named: Any) -> None:
            self.faults.append(f"server: {traceback.format_exc()}")

        got_request_exception.connect(heard)
        try:
            yield
        finally:
            got_request_exception.disconnect(heard)

    def shut(self) -> None:
        """Send everybody home, before the database goes."""
        for context in self.contexts.values():
            context.close()

    def _context(self, **options: Any) -> Any:
        context = self.browse(**options)
        keep_local(context, self.strangers)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.faults.append(f"script: {error.error}"))
        context.on("response", self._answered)
        context.set_default_timeout(10_000)
        return context

    def _said(self, message: Any) -> None:
        if message.type == "error" and not any(f"status of {code} " in message.text for code in NOT_A_FAULT):
            self.faults.append(f"console: {message.text} {message.location.get('url', '')}")

    def _answered(self, response: Any) -> None:
        if response.status >= 500 or (
            response.status >= 400 and response.request.resource_type not in ("document", "fetch", "xhr")
        ):
            self.faults.append(f"answer: {response.status} {response.url}")

    def _session_of(self, username: str) -> dict[str, str]:
        client = Client()
        client.force_login(persona(username), backend="django.contrib.auth.backends.ModelBackend")
        return {
            "name": settings.SESSION_COOKIE_NAME,
            "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
            "url": self.url,
        }
