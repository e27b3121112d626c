"""Work in a forked child, within limits of time and memory; the answer comes back through a pipe.

The child touches nothing that it inherits: descriptors are closed at once (the kernel's copy only, so that no server
is told goodbye), the garbage collector is off (no inherited connection object is finalised), and it leaves by
`os._exit`. It writes one line of JSON, then the bytes. An exception comes back as its class name only: messages may
hold a person's text.
"""

import gc
import json
import logging
import os
import resource
import select
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

Answer = tuple[dict[str, Any], bytes]


@dataclass(frozen=True)
class Limits:
    """Seconds of processor and of wall clock, and bytes of address space beyond what is inherited."""

    cpu_seconds: int
    wall_seconds: float
    memory_bytes: int


def run(work: Callable[[], Answer], limits: Limits) -> Answer:
    """What `work` returns in the child, or `{"error": name}`: an exception class, a signal, WallClock or NoAnswer."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _live(writing, work, limits)
    os.close(writing)
    content = None
    try:
        content = _read(reading, time.monotonic() + limits.wall_seconds)
    finally:
        os.close(reading)
        if content is None:
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
    if content is None:
        return {"error": "WallClock"}, b""
    if os.WIFSIGNALED(status):
        return {"error": signal.Signals(os.WTERMSIG(status)).name}, b""
    head, _, body = content.partition(b"\n")
    return (json.loads(head) if head else {"error": "NoAnswer"}), body


def _read(descriptor: int, until: float) -> bytes | None:
    """Everything up to the end of the pipe; None when the time is over first."""
    poll = select.poll()
    parts: list[bytes] = []
    poll.register(descriptor, select.POLLIN | select.POLLHUP)
    while (left := until - time.monotonic()) > 0:
        if poll.poll(left * 1000):
            part = os.read(descriptor, 1 << 16)
            if not part:
                return b"".join(parts)
            parts.append(part)
    return None


def _live(writing: int, work: Callable[[], Answer], limits: Limits) -> NoReturn:
    """The whole life of the child."""
    try:
        _seclude(writing, limits)
        try:
            head, body = work()
        except BaseException as error:  # noqa: BLE001  # even a fatal fetch must come back as an answer
            head, body = {"error": type(error).__name__}, b""
        _write(writing, json.dumps(head).encode() + b"\n" + body)
    finally:
        os._exit(0)


def _seclude(writing: int, limits: Limits) -> None:
    gc.disable()
    logging.disable(logging.CRITICAL)
    signal.set_wakeup_fd(-1)
    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM, signal.SIGXCPU, signal.SIGCHLD):
        signal.signal(name, signal.SIG_DFL)
    os.closerange(3, writing)
    os.closerange(writing + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    signal.setitimer(signal.ITIMER_REAL, limits.wall_seconds)  # also when the parent is gone
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CPU, limits.cpu_seconds)
    _limit(resource.RLIMIT_AS, _address_space() + limits.memory_bytes)


def _limit(what: int, value: int) -> None:
    _, hard = resource.getrlimit(what)
    soft = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(what, (soft, hard))


def _address_space() -> int:
    """Bytes of address space in use now."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * resource.getpagesize()


def _write(descriptor: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]
