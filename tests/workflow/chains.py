"""Chains to tamper with, and somebody who can: shared by the tests of the record and of its anchors."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from workflow import records
from workflow.append_only import guard, unguard
from workflow.chain import GENESIS, event_hash
from workflow.records import AnchorLine, Event, build_event, record_system, verify

NOW = datetime(2026, 3, 2, 1, 30, 0, 123456, tzinfo=UTC)
VERIFIER = Path(__file__).resolve().parents[2] / "scripts" / "audit_verifier.py"
KEYS = {"k1": "11" * 32}
ONE, TWO = "case-900001", "case-900002"
Heads = dict[str, tuple[int, str]]


def append(heads: Heads, chain: str, **changes: Any) -> Event:
    seq, head = heads.get(chain, (0, ""))
    fields: dict[str, Any] = {
        "kind": "log_contact", "source": "town_handling", "target": "town_handling", "actor_id": 7,
        "role": "town_official", "organisation_id": 3, "happened_on": date(2026, 3, 2),
        "recorded_at": NOW + timedelta(minutes=seq), "data": {"reason": "phone", "papers": ["a", 2, None, True]},
        "digest": "d" * 64,
    }  # fmt: skip
    event = build_event(chain=chain, seq=seq + 1, previous=head, **{**fields, **changes})
    event.save()
    heads[chain] = (event.seq, event.hash)
    return event


@pytest.fixture(name="heads")
def some_heads(monkeypatch: pytest.MonkeyPatch) -> Iterator[Heads]:
    """Stands for the case rows, which carry the heads of their chains."""
    kept: Heads = {}
    monkeypatch.setattr(records, "_providers", [lambda: [(chain, *head) for chain, head in kept.items()]])
    with override_settings(AUDIT_KEYS=KEYS):
        yield kept


@pytest.fixture(name="story")
def a_story(fresh_database: Any, heads: Heads) -> Heads:
    """Two cases of six and three events, anchored, and one more event in the first since."""
    for chain, length in ((ONE, 6), (TWO, 3)):
        for _ in range(length):
            append(heads, chain)
    record_system("load_rules", actor_id=1, data={"edition": 1}, now=NOW)
    AnchorLine.make(NOW)
    append(heads, ONE)
    assert verify(NOW).ok
    return heads


def force(*statements: str) -> None:
    """What somebody with all rights on the database can do: triggers off, change, triggers on again."""
    with connection.schema_editor() as editor:
        unguard(editor)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    with connection.schema_editor() as editor:
        guard(editor)


def rehash(chain: str, start: int) -> str:
    """Hash a chain anew from one row on, as one does who knows how; the new head is returned."""
    rows = list(Event.objects.filter(chain=chain).order_by("seq").values())
    previous = GENESIS
    statements = []
    for row in rows:
        if row["seq"] >= start:
            row["previous"] = previous
            row["hash"] = event_hash(row)
            statements.append(
                f"UPDATE workflow_event SET previous='{row['previous']}', hash='{row['hash']}' WHERE id={row['id']}"
            )
        previous = row["hash"]
    force(*statements)
    return previous


def run_verifier(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """The stand-alone verifier in another process, which sees neither this project nor any package nor a locale."""
    command = [sys.executable, "-I", "-S", str(VERIFIER), *options]
    return subprocess.run(command, capture_output=True, cwd=folder, env={}, encoding="utf-8", check=False)


def by_the_verifier(folder: Path, *options: str, case: int | None = None) -> tuple[int, dict[str, Any]]:
    """Export, verify elsewhere; exit code and report."""
    export = folder / "record.jsonl"
    call_command("audit_export", output=export, case=case)
    done = run_verifier(folder, str(export), "--json", *options)
    assert done.stderr == "", done.stderr
    return done.returncode, json.loads(done.stdout)
