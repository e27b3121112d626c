"""``make run`` after the set-up: database, reference data, demonstration cases, then server and worker together.

Each step looks whether it has been done. Ctrl-C, or the end of either process, ends both.
"""

import contextlib
import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("VAR_ROOT") or ROOT / "var")
sys.path.insert(0, str(ROOT))
os.chdir(ROOT)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mediation.settings")

HOST = "127.0.0.1"
START_SECONDS = 60
STOP_SECONDS = 15


def prepare(accounts: Path) -> None:
    """Migrations, reference data, static files and, in a database without any case, a demonstration town."""
    import django
    from django.core.management import call_command

    django.setup()
    from mediation.cases.models import DisputeCase
    from mediation.startup import refuse_if_incomplete

    refuse_if_incomplete()
    step("数据库迁移 migrate", lambda: call_command("migrate", verbosity=0, interactive=False))
    step("基础数据 load_reference", lambda: call_command("load_reference", verbosity=0))
    collect_static()
    if not DisputeCase.objects.exists():
        step("演示案件 seed_demo", lambda: call_command("seed_demo", seed=1, json=accounts, verbosity=0))


def collect_static() -> None:
    """Hashing and compressing takes seconds, so it is done only when a file was added, removed or changed."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    found = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            state = Path(storage.path(name)).stat()
            found.update(f"{name} {state.st_size} {state.st_mtime_ns}\n".encode())
    stamp = Path(settings.STATIC_ROOT) / ".made-of"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != found.hexdigest():
        step(
            "静态文件 collectstatic", lambda: call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        )
        stamp.write_text(found.hexdigest(), encoding="utf-8")


def step(title: str, work: Callable[[], object]) -> None:
    began = time.monotonic()
    print(f"  {title} …", end="", flush=True)
    work()
    print(f" {time.monotonic() - began:.1f} s", flush=True)


def log_of(name: str) -> Path:
    return VAR / f"{name}.log"


def processes(port: int) -> list[subprocess.Popen[bytes]]:
    """Server and worker, each in a group of its own so that the terminal's Ctrl-C reaches only this script."""
    server = [
        sys.executable, "-m", "gunicorn", "mediation.wsgi:application", "--bind", f"{HOST}:{port}", "--workers", "2",
        "--worker-class", "gthread", "--threads", "4", "--graceful-timeout", "10", "--log-level", "warning",
        "--worker-tmp-dir", str(VAR),
    ]  # fmt: skip
    worker = [sys.executable, "manage.py", "worker"]
    started = []
    for name, command in (("server", server), ("worker", worker)):
        with log_of(name).open("ab") as log:
            started.append(subprocess.Popen(command, cwd=ROOT, start_new_session=True, stdout=log, stderr=log))
    return started


def wait_until_ready(port: int, started: list[subprocess.Popen[bytes]]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and all(process.poll() is None for process in started):
        with contextlib.suppress(OSError), urlopen(f"http://{HOST}:{port}/healthz", timeout=2) as answer:
            if answer.status == 200:
                return
        time.sleep(0.2)
    stop(started)
    tell_why()
    sys.exit("服务未能启动，原因见上。 The server did not start; see above.")


def tell_why() -> None:
    for name in ("server", "worker"):
        lines = log_of(name).read_text(encoding="utf-8", errors="replace").splitlines()
        print(f"\n--- {log_of(name)}", *lines[-20:], sep="\n", file=sys.stderr)


def announce(port: int, accounts: Path) -> None:
    print(f"\n  打开 / open   http://{HOST}:{port}\n")
    if accounts.exists():
        listed = json.loads(accounts.read_text(encoding="utf-8"))
        for account in listed["accounts"] if isinstance(listed, dict) else listed:
            fields = ("username", "password", "role", "organisation", "name")
            print("  " + "  ".join(str(account[field]) for field in fields if account.get(field)))
    print(f"\n  日志 / logs  {log_of('server')}  {log_of('worker')}")
    print("  Ctrl-C 停止 / stops\n", flush=True)


def stop(started: list[subprocess.Popen[bytes]]) -> None:
    for process in started:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
    for process in started:
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            # Nothing is lost: what was acknowledged is committed, what was begun is leased and will be done again.
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def end(signum: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main() -> int:
    port = int(os.environ.get("PORT", "8000"))
    if not free(port):
        sys.exit(f"端口 {port} 已被占用，可用 PORT=8001 make run。 Port {port} is in use; try PORT=8001 make run.")
    accounts = VAR / "demo-accounts.json"
    prepare(accounts)
    signal.signal(signal.SIGTERM, end)
    started = processes(port)
    try:
        wait_until_ready(port, started)
        announce(port, accounts)
        while all(process.poll() is None for process in started):
            time.sleep(0.5)
        tell_why()
        return 1
    except KeyboardInterrupt:
        print("\n  正在停止 / stopping …", flush=True)
        return 0
    finally:
        stop(started)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
