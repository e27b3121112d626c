"""Reading clocks and counters: wall time, processor time of this process and of the database's, statements, memory."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from django.db import connection

Figures = dict[str, Any]


def spread(values: Sequence[float], digits: int = 3) -> Figures:
    """Smallest, middle and largest of the rounds."""
    return {
        "min": round(min(values), digits),
        "median": round(median(values), digits),
        "max": round(max(values), digits),
    }


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def backend_cpu() -> float:
    """Processor seconds of the database process that serves this connection; 0 where it is not on this machine."""
    if connection.vendor != "postgresql":
        return 0.0
    connection.ensure_connection()
    accounts = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return int(accounts.read_text().split()[0]) / 1e9 if accounts.exists() else 0.0


@dataclass
class Spent:
    """What a stretch of work took, in seconds."""

    wall: float = 0.0
    client: float = 0.0
    backend: float = 0.0

    @property
    def cpu(self) -> float:
        return self.client + self.backend


@contextmanager
def spent() -> Iterator[Spent]:
    """Wall and processor time of the block."""
    result, backend, client, wall = Spent(), backend_cpu(), time.process_time(), time.perf_counter()
    yield result
    result.wall = time.perf_counter() - wall
    result.client = time.process_time() - client
    result.backend = backend_cpu() - backend


@dataclass
class Statements:
    """What went to the database."""

    sent: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.sent)

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001
        self.sent.append(sql)
        return execute(sql, params, many, context)

    @property
    def round_trips(self) -> int:
        """With BEGIN and COMMIT of one transaction, which only SQLite's backend sends as statements of its own."""
        return len(self.sent) + 2 - sum(sql.startswith("BEGIN") for sql in self.sent)


@contextmanager
def statements() -> Iterator[Statements]:
    """Every statement of the block."""
    seen = Statements()
    with connection.execute_wrapper(seen):
        yield seen


def resident_kib(pid: int | None = None) -> int:
    """Memory that a process holds, in KiB."""
    for line in Path(f"/proc/{pid or os.getpid()}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0


def load() -> float:
    """How many processes wanted a processor during the last minute."""
    return round(os.getloadavg()[0], 2)
