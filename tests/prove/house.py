"""The house as it runs for real: gunicorn with its workers, and the outbox worker, in processes that a test may kill."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from mediation.organisations.models import User

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 90
CSRF = "k" * 32
WORKER = """
import sys, django
django.setup()
from datetime import timedelta
from django.conf import settings
from django.core.management import call_command
settings.OUTBOX_LEASE = timedelta(seconds=5)
settings.OUTBOX_BACKOFF = timedelta(seconds=1)
if len(sys.argv) > 2:
    from mediation.documents import issuing
    real = issuing.put_to_paper
    def put_to_paper(document, now):
        if document.kind == sys.argv[2]:
            raise ValueError(str(document.says))
        return real(document, now)
    issuing.put_to_paper = put_to_paper
call_command("worker", "--name", sys.argv[1])
"""


class House:
    """Server and worker, each a group of processes of its own."""

    def __init__(
        self, environment: dict[str, str], folder: Path, site: str = "mediation.wsgi", unprintable: str = "",
        servers: int = 3, threads: int = 4,
    ) -> None:  # fmt: skip
        """``site`` is the module that is served, by so many processes with so many threads each; papers of the kind
        ``unprintable`` fail in the worker."""
        self.site, self.unprintable = site, [unprintable] if unprintable else []
        self.processes = ("--workers", str(servers), "--worker-class", "gthread", "--threads", str(threads))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.environment, self.folder = {"LOG_LEVEL": "INFO"} | environment, folder
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.kills = 0

    def start(self, *names: str) -> None:
        commands = {
            "server": [sys.executable, "-m", "gunicorn", f"{self.site}:application", "--bind", f"127.0.0.1:{self.port}",
                       *self.processes, "--log-level", "warning"],
            "worker": [sys.executable, "-c", WORKER, f"worker-{self.kills}", *self.unprintable],
        }  # fmt: skip
        for name in names:
            with (self.folder / f"{name}.log").open("ab") as log:
                self.running[name] = subprocess.Popen(
                    commands[name], cwd=ROOT, env=self.environment, start_new_session=True, stdout=log, stderr=log
                )

    def kill(self, *names: str) -> None:
        """kill -9 of the whole group: no handler runs, nothing is flushed."""
        for name in names:
            process = self.running.pop(name)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(30)
            self.kills += 1

    def wait_until_up(self) -> None:
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            assert self.running["server"].poll() is None, self.log("server")
            if self.ask("/healthz") == 200:
                return
            time.sleep(0.1)
        raise AssertionError(self.log("server"))

    def ask(self, path: str) -> int | None:
        with contextlib.suppress(OSError, http.client.HTTPException), self.connection(5) as line:
            line.request("GET", path)
            answer = line.getresponse()
            answer.read()
            return answer.status
        return None

    @contextlib.contextmanager
    def connection(self, seconds: float) -> Iterator[http.client.HTTPConnection]:
        """One connection for one request."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        try:
            yield line
        finally:
            line.close()

    def log(self, name: str) -> str:
        path = self.folder / f"{name}.log"
        return path.read_text(encoding="utf-8", errors="replace")[-4000:] if path.exists() else ""

    def stop(self) -> None:
        for name, process in list(self.running.items()):
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill(name)
        self.running.clear()


@contextlib.contextmanager
def open_house(environment: dict[str, str], folder: Path, **how: Any) -> Iterator[House]:
    """Server and worker, running; ended in any case. ``how`` is what :class:`House` takes."""
    house = House(environment, folder, **how)
    try:
        house.start("server", "worker")
        house.wait_until_up()
        yield house
    finally:
        for name in list(house.running):
            house.kill(name)


class Browser:
    """A person's browser: one session, one connection a request, an answer or none."""

    def __init__(self, house: House, user: User) -> None:
        client = Client()
        client.force_login(user)
        self.house, self.session = house, client.cookies["sessionid"].value

    def post(self, path: str, fields: dict[str, object]) -> int | None:
        """The status of the answer; ``None`` when there was none and nobody knows what became of it."""
        body = urlencode(fields, doseq=True).encode()
        return self._ask("POST", path, body, "application/x-www-form-urlencoded")

    def send(self, path: str, fields: dict[str, object]) -> int | None:
        """The same with files among the fields."""
        return self._ask("POST", path, encode_multipart(BOUNDARY, fields), MULTIPART_CONTENT)

    def get(self, path: str) -> int | None:
        return self._ask("GET", path, b"", "")

    def _ask(self, method: str, path: str, body: bytes, kind: str) -> int | None:
        headers = {"Content-Type": kind, "Cookie": f"sessionid={self.session}; csrftoken={CSRF}", "X-CSRFToken": CSRF}
        with contextlib.suppress(OSError, http.client.HTTPException), self.house.connection(30) as line:
            line.request(method, path, body, headers)
            answer = line.getresponse()
            self.said, self.went_to = answer.read().decode(errors="replace"), answer.getheader("Location", "")
            return answer.status
        return None
