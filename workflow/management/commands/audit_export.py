"""``manage.py audit_export``: the record as JSON lines, for ``scripts/audit_verifier.py`` on another machine.

One object a line, its sort in "row": one "header", then every "anchor" and "head", then the "event" rows, chain by
chain in the order of ``seq``. An event has every column; times are written as ``workflow.chain`` hashes them.
"""

import json
import os
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from workflow.records import all_heads, anchor_rows, event_rows, record_system
from workflow.snapshot import snapshot

FORMAT = 1


class Command(BaseCommand):
    help = "导出事件链、链首与锚（JSON 行），供 scripts/audit_verifier.py 在别处核验。导出本身记入系统链。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--case", type=int, help="只导出这一案件（库内编号）")
        parser.add_argument("--output", type=Path, help="写入文件（仅本人可读），缺省为标准输出")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        chain = f"case-{options['case']}" if options["case"] is not None else None
        if chain and not any(name == chain for name, _, _ in all_heads()):
            raise CommandError(f"没有案件 {options['case']}")
        rows = 0
        with snapshot(), _opened(options["output"]) if options["output"] else nullcontext(self.stdout) as out:
            for row in export(chain, now):
                out.write(json.dumps(row, ensure_ascii=False, sort_keys=True, default=_plain) + "\n")
                rows += row["row"] == "event"
        record_system("audit_export", actor_id=None, data={"chain": chain or "", "rows": rows}, now=now)


def export(chain: str | None, now: datetime) -> Iterator[dict[str, Any]]:
    """The lines of an export, of one chain or of all; the anchors in it are all of them, their digests need that."""
    yield {"row": "header", "format": FORMAT, "chain": chain, "exported_at": now}
    for anchor in anchor_rows():
        yield {"row": "anchor", **anchor._asdict()}
    for name, seq, head in all_heads():
        if chain in (None, name):
            yield {"row": "head", "chain": name, "seq": seq, "head": head}
    for event in event_rows(chain):
        yield {"row": "event", **event}


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    return repr(value)  # what was forced into a column; the verifier shall see that it is wrong


def _opened(path: Path) -> Any:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8")
