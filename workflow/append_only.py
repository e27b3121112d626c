"""Tables that only grow: the model says no early, the database says no to everybody.

``guard`` is called by migration 0002, and must be called again by any later migration that alters one of these tables:
SQLite rebuilds a table to alter it and forgets its triggers. ``unguarded`` finds out, and ``audit_verify`` asks it.
"""

from typing import Any, Never, TypeVar

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.utils import NotSupportedError

Row = TypeVar("Row", bound=models.Model)

# table -> the columns besides ``id`` that identify a row there
TABLES: dict[str, tuple[str, ...]] = {
    "workflow_event": ("chain", "seq"),
    "workflow_anchorline": ("seq",),
    "workflow_clockmark": (),
    "workflow_calendaredition": ("number",),
    "workflow_specialday": ("edition_id", "date"),
    "workflow_rulebook": ("number",),
    "workflow_rule": ("rulebook_id", "key"),
}
_FUNCTION = "workflow_append_only"
_BODY = (
    " BEGIN RAISE EXCEPTION 'append-only: % on % refused', TG_OP, TG_TABLE_NAME "
    "USING ERRCODE = 'restrict_violation'; END; "
)


class AppendOnlyError(TypeError):
    """Code tried to change or delete a row of an append-only table."""


def _refuse(*args: Any, **kwargs: Any) -> Never:
    raise AppendOnlyError("rows of this table are never changed or deleted")


class AppendOnlyQuerySet(models.QuerySet[Row]):
    """Reads and inserts only."""

    update = _refuse
    delete = _refuse
    bulk_update = _refuse
    update_or_create = _refuse


class AppendOnly(models.Model):
    """Base of models whose rows are written once."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert; a second ``save`` raises ``AppendOnlyError``."""
        if not self._state.adding:
            _refuse()
        super().save(*args, **{**kwargs, "force_insert": True})

    delete = _refuse


def guard(editor: BaseDatabaseSchemaEditor) -> None:
    """Create the triggers on every table of ``TABLES`` that exists. Errors in other databases than the two we know."""
    if editor.connection.vendor == "postgresql":
        function = f"CREATE OR REPLACE FUNCTION {_FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $${_BODY}$$"
        editor.execute(function, None)
    for table in _present(editor.connection):
        for name, sql in _triggers(editor.connection.vendor, table).items():
            editor.execute(_drop(editor.connection.vendor, name, table))
            editor.execute(sql)
        if editor.connection.vendor == "postgresql":
            # ALWAYS: also in a session that calls itself a replica
            editor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_append_only")


def unguard(editor: BaseDatabaseSchemaEditor) -> None:
    """Take the triggers away: the migration's way back."""
    for table in _present(editor.connection):
        for name in _triggers(editor.connection.vendor, table):
            editor.execute(_drop(editor.connection.vendor, name, table))
    if editor.connection.vendor == "postgresql":
        editor.execute(f"DROP FUNCTION IF EXISTS {_FUNCTION}()")


def unguarded(connection: BaseDatabaseWrapper) -> tuple[str, ...]:
    """The tables whose triggers are missing, switched off or not as ``guard`` wrote them."""
    found = _found_on_postgresql(connection) if connection.vendor == "postgresql" else _found_on_sqlite(connection)
    return tuple(
        table for table in _present(connection) if not _triggers(connection.vendor, table).items() <= found.items()
    )


def _present(connection: BaseDatabaseWrapper) -> list[str]:
    existing = set(connection.introspection.table_names())
    return [table for table in TABLES if table in existing]


def _triggers(vendor: str, table: str) -> dict[str, str]:
    if vendor == "postgresql":
        name = f"{table}_append_only"
        when = f"CREATE TRIGGER {name} BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
        # FOR EACH STATEMENT: TRUNCATE has no rows, and an UPDATE that hits nothing is refused as well
        return {name: f"{when} FOR EACH STATEMENT EXECUTE FUNCTION {_FUNCTION}()"}
    if vendor == "sqlite":
        refusal = f"SELECT RAISE(ABORT, 'append-only: refused on {table}')"
        same = " AND ".join(f'"{column}" = NEW."{column}"' for column in TABLES[table])
        taken = f'"id" = NEW."id"{f" OR ({same})" if same else ""}'
        bodies = {
            "update": f'BEFORE UPDATE ON "{table}" BEGIN {refusal}; END',
            "delete": f'BEFORE DELETE ON "{table}" BEGIN {refusal}; END',
            # INSERT OR REPLACE deletes the row in its way without telling the DELETE trigger
            "replace": f'BEFORE INSERT ON "{table}" BEGIN {refusal} FROM "{table}" WHERE {taken}; END',
        }
        return {f"{table}_no_{what}": f"CREATE TRIGGER {table}_no_{what} {body}" for what, body in bodies.items()}
    raise NotSupportedError(f"append-only tables are not guarded on {vendor}")


def _drop(vendor: str, name: str, table: str) -> str:
    return f"DROP TRIGGER IF EXISTS {name}" + (f" ON {table}" if vendor == "postgresql" else "")


def _found_on_sqlite(connection: BaseDatabaseWrapper) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        return dict(cursor.fetchall())


def _found_on_postgresql(connection: BaseDatabaseWrapper) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname, pg_get_triggerdef(t.oid), prosrc, tgenabled "
            "FROM pg_trigger t JOIN pg_proc p ON p.oid = tgfoid WHERE p.proname = %s AND pg_table_is_visible(tgrelid)",
            [_FUNCTION],
        )
        rows = cursor.fetchall()
    # PostgreSQL prints a trigger in words of its own: compare what matters and give back our text
    return {
        name: _triggers("postgresql", name.removesuffix("_append_only"))[name]
        for name, printed, body, enabled in rows
        if body == _BODY
        and enabled == "A"
        and all(word in printed for word in (" BEFORE ", "UPDATE", "DELETE", "TRUNCATE", "FOR EACH STATEMENT"))
        and name.removesuffix("_append_only") in TABLES
        and " WHEN " not in printed
        and "UPDATE OF" not in printed
    }
