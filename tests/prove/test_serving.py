"""What `make run` does after the set-up, as a newcomer does it: from nothing to a site with its worker and accounts."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 280
OURS = (
    "DATABASE_URL",
    "DJANGO_SETTINGS_MODULE",
    "SECRET_KEY",
    "PRIVACY_KEYS",
    "SEARCH_KEY",
    "AUDIT_KEYS",
    "PAPER_ROOT",
    "LOG_LEVEL",
)


def answer(port: int, path: str) -> int:
    line = HTTPConnection("127.0.0.1", port, timeout=10)
    line.request("GET", path)
    status = line.getresponse().status
    line.close()
    return status


@pytest.mark.prove
def test_from_nothing_to_a_site_with_worker_and_accounts(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if name not in OURS}
    environment |= {"VAR_ROOT": str(tmp_path), "STATIC_ROOT": str(tmp_path / "static"), "PORT": str(port)}
    said = tmp_path / "said.txt"
    with said.open("wb") as log:
        served = subprocess.Popen(
            [sys.executable, "scripts/serve.py"], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
    try:
        end = time.monotonic() + SECONDS
        while "打开 / open" not in said.read_text(encoding="utf-8"):
            assert served.poll() is None, said.read_text(encoding="utf-8")[-3000:]
            assert time.monotonic() < end, said.read_text(encoding="utf-8")[-3000:]
            time.sleep(0.5)

        accounts = json.loads((tmp_path / "demo-accounts.json").read_text(encoding="utf-8"))["accounts"]
        assert {"lin", "wang", "chen", "xu", "sun"} <= {account["username"] for account in accounts}
        assert f"http://127.0.0.1:{port}" in said.read_text(encoding="utf-8")
        assert [answer(port, path) for path in ("/healthz", "/readyz", "/login/", "/desk/")] == [200, 200, 200, 302]
    finally:
        served.send_signal(signal.SIGTERM)
        assert served.wait(60) == 0
