"""Databases of the test run, reset by copying.

The triggers that keep the record append-only rightly refuse Django's ``flush``, so a test that commits gets a copy of
a finished database (migrated, reference data loaded) put in the place of the one it changed: on PostgreSQL through
``CREATE DATABASE … TEMPLATE``, on SQLite by copying the file. Each xdist worker has its own.
"""

import contextlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest


@dataclass(frozen=True)
class TestDatabase:
    """The database that tests of this process use."""

    __test__ = False
    name: str
    url: str
    vendor: str


class _Postgres:
    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.name = connection.settings_dict["NAME"]
        self.copy = f"{self.name}_copy"

    def keep(self) -> None:
        self._replace(self.copy, self.name)

    def restore(self) -> None:
        self._replace(self.name, self.copy)

    def forget(self) -> None:
        with self._patient_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{self.copy}" WITH (FORCE)')

    @contextlib.contextmanager
    def _patient_cursor(self) -> Iterator[Any]:
        """To copy a database may take longer than any statement of the product is allowed to."""
        with self.connection._nodb_cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("SET lock_timeout = 0")
            yield cursor

    def _replace(self, name: str, template: str) -> None:
        self.connection.close()
        with self._patient_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            # Left-over connections of threads would make the copy wait or fail.
            cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [template])
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


class _Sqlite:
    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.name = str(connection.settings_dict["NAME"])
        self.file = Path(self.name)
        self.copy = self.file.with_name(f"{self.file.name}.copy")

    def keep(self) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.connection.close()
        shutil.copyfile(self.file, self.copy)

    def restore(self) -> None:
        self.connection.close()
        # A new file under the old name: whoever still has the old one open writes into nothing.
        fresh = self.file.with_name(f"{self.file.name}.fresh")
        shutil.copyfile(self.copy, fresh)
        for suffix in ("-wal", "-shm"):
            self.file.with_name(self.file.name + suffix).unlink(missing_ok=True)
        fresh.replace(self.file)

    def forget(self) -> None:
        self.copy.unlink(missing_ok=True)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """After pytest-django made the database: reference data, a copy, and ``flush`` replaced by that copy."""
    from django.core.management import call_command
    from django.db import connection
    from django.test import TransactionTestCase

    kept = _Postgres(connection) if connection.vendor == "postgresql" else _Sqlite(connection)
    with django_db_blocker.unblock():
        call_command("load_reference", verbosity=0)
        kept.keep()

    def restore_instead_of_flush(case: TransactionTestCase) -> None:
        kept.restore()

    patch = pytest.MonkeyPatch()
    patch.setattr(TransactionTestCase, "_fixture_teardown", restore_instead_of_flush)
    yield
    patch.undo()
    with django_db_blocker.unblock(), contextlib.suppress(OSError):
        kept.forget()


@pytest.fixture
def fresh_database(transactional_db: None) -> TestDatabase:
    """A database whose commits are real: for threads, child processes and the live server; reset by copying."""
    from django.db import connection

    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return TestDatabase(settings["NAME"], f"sqlite:///{settings['NAME']}", "sqlite")
    account = quote(settings["USER"] or "") + (f":{quote(settings['PASSWORD'])}" if settings["PASSWORD"] else "")
    place = f"{settings['HOST'] or '127.0.0.1'}:{settings['PORT'] or 5432}"
    return TestDatabase(settings["NAME"], f"postgres://{account}@{place}/{settings['NAME']}", "postgresql")


@pytest.fixture
def child_environment(fresh_database: TestDatabase, settings: Any) -> dict[str, str]:
    """Variables for a process that a test starts, so that it uses this test's database, keys and papers."""
    return {
        **os.environ,
        "DATABASE_URL": fresh_database.url,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PAPER_ROOT": str(settings.PAPER_ROOT),
    }
