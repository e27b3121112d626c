"""make bench: what is promised about speed and size, measured in one run, printed and written to var/bench.json.

    scripts/bench.py                everything: about half an hour, most of it to make a million cases
    scripts/bench.py door papers    only these parts: door, doubles, lists, pages, papers

PostgreSQL is the server that DATABASE_URL names, or one on this machine; databases of the run's own (bench_…) are made
there and dropped at the end. Without a server only what SQLite can show is measured.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PARTS = ("door", "doubles", "lists", "pages", "papers")
SIZES = {"10^4": 10_000, "10^5": 100_000, "10^6": 1_000_000}
sys.path.insert(0, str(ROOT))


def main() -> None:
    """Measure the parts asked for, in this process for PostgreSQL and in one of its own for SQLite."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("parts", nargs="*", choices=[*PARTS, []], help="nothing: all of them")
    arguments.add_argument("--rounds", type=int, default=9, help="measured rounds of every comparison")
    arguments.add_argument(
        "--largest", choices=list(SIZES), default="10^6", help="how many cases the lists get at most"
    )
    arguments.add_argument("--sqlite", action="store_true", help=argparse.SUPPRESS)
    asked = arguments.parse_args()
    parts = tuple(asked.parts) or PARTS
    if asked.sqlite:
        print(json.dumps(on_sqlite(asked.rounds), ensure_ascii=False))
        return
    figures = on_postgres(parts, asked.rounds, asked.largest) if answers() else {}
    if "door" in parts:
        figures["door on SQLite"] = child("door", "--sqlite", "--rounds", str(asked.rounds))
    report(figures)


def server() -> str:
    """Where databases can be made: the address without a database's name."""
    return os.environ.get("DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres").rpartition("/")[0]


def answers() -> bool:
    """Whether a PostgreSQL server answers there."""
    if not server().startswith(("postgres:", "postgresql:")):
        return False
    environment = {**os.environ, "DATABASE_URL": f"{server()}/postgres"}
    return (
        subprocess.run([sys.executable, ROOT / "scripts" / "answers.py"], env=environment, check=False).returncode == 0
    )


def child(*arguments: str) -> dict[str, Any]:
    """The same script in a process of its own."""
    done = subprocess.run([sys.executable, __file__, *arguments], check=True, capture_output=True, text=True)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def start(database_url: str) -> None:
    """Django with the opponents installed, a migrated database and its reference data."""
    os.environ |= {
        "DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "STATEMENT_TIMEOUT_MS": "0",
    }
    import warnings

    warnings.simplefilter("ignore")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("load_reference", verbosity=0)


def on_sqlite(rounds: int) -> dict[str, Any]:
    """The door once more, where a file is the database."""
    with tempfile.TemporaryDirectory() as folder:
        start(f"sqlite:///{folder}/bench.sqlite3")
        from bench import door

        return door.compare(many=rounds)


def on_postgres(parts: tuple[str, ...], rounds: int, largest: str) -> dict[str, Any]:
    """All parts, each list size in a database of its own."""
    import psycopg

    base = f"bench_{os.getpid()}"
    sizes = list(SIZES)[: list(SIZES).index(largest) + 1] if "lists" in parts else ["10^5"] * ("pages" in parts)
    names = {size: f"{base}_{SIZES[size]}" for size in sizes}
    with psycopg.connect(f"{server()}/postgres", autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{base}"')
        try:
            start(f"{server()}/{base}")
            return measured(parts, rounds, names, lambda name: copied(admin, base, name))
        finally:
            from django.db import connection

            connection.close()
            for name in (*names.values(), base):
                admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def copied(admin: Any, base: str, name: str) -> None:
    """One more database like the first, before anything was done in it."""
    from django.db import connection

    connection.close()
    admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{base}"')


def measured(parts: tuple[str, ...], rounds: int, names: dict[str, str], copy: Callable[[str], None]) -> dict[str, Any]:
    """The figures by part."""
    from django.db import connection

    from bench import bulk, door, doubles, papers, scale
    from bench.measure import load

    base, figures = connection.settings_dict["NAME"], {"load before": load()}
    for name in names.values():
        copy(name)
    if "door" in parts:
        figures["door on PostgreSQL"] = door.compare(many=rounds)
    if "doubles" in parts:
        figures["double submits"] = doubles.double_submits()
    for size, name in names.items():
        with told(f"{size} cases"):
            scale.use(name)
            bulk.fill(SIZES[size])
    if "lists" in parts:
        figures["lists"] = scale.lists(names, rounds=rounds)
        figures["queries of the lists"] = scale.queries()
        figures["indexes of the worklist"] = scale.worklist_plan(scale.people()["town_wang"])
    if "10^5" in names:
        scale.use(names["10^5"])
        figures["pages at 10^5"] = scale.pages(rounds=rounds)
    scale.use(base)
    if "papers" in parts:
        figures["memory"] = papers.memory()  # first: the largest child must be one of ours
        figures["paper"] = papers.compare(rounds=rounds)
    figures["load after"] = load()
    return figures


@contextmanager
def told(what: str) -> Iterator[None]:
    """Say what takes long."""
    print(f"… {what}", file=sys.stderr, flush=True)
    yield


def report(figures: dict[str, Any]) -> None:
    """Print the figures and keep them."""
    folder = Path(os.environ.get("VAR_ROOT") or ROOT / "var")
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(figures, indent=1, ensure_ascii=False)
    (folder / "bench.json").write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
