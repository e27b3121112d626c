"""Statements whose SQL text is composed once.

A step sends the same few statements again and again; only the values differ. Django composes each text anew, and that
costs more processor time than the database spends on it. Here the text is kept: of a query as Django's compiler made it
(so joins, locks and converters are Django's own), of an insert or an update as the model's fields say. Signals are not
sent; the tables of the workflow have no listeners.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from django.db import OperationalError, connection
from django.db.models import Model, QuerySet

_FIRST_MARK = 2**62  # stands in a composed query where a key will stand; no table has such a key


class Kept:
    """A query that is composed once for every connection: ``compose`` makes it from keys, calling it reads the rows.

    Each key must become exactly one parameter of the query.
    """

    def __init__(self, compose: Callable[..., QuerySet[Any, Any]], keys: int = 1) -> None:
        self._compose, self._keys = compose, keys

    def __call__(self, *keys: int) -> list[Any]:
        """The rows for these keys."""
        kept = connection.__dict__.setdefault("_kept_queries", {})
        if self not in kept:
            kept[self] = self._composed()
        rows, values = kept[self]
        values[:] = keys
        return list(rows._iterable_class(rows))

    def _composed(self) -> tuple[QuerySet[Any, Any], list[int]]:
        marks = [_FIRST_MARK + place for place in range(self._keys)]
        rows = self._compose(*marks)
        compiler = rows.query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        places = [parameters.index(mark) for mark in marks]
        values: list[int] = []

        def text_with_values(*_: Any, **__: Any) -> tuple[str, tuple[Any, ...]]:
            filled = list(parameters)
            for place, value in zip(places, values, strict=True):
                filled[place] = value
            return sql, tuple(filled)

        compiler.as_sql = text_with_values
        rows.query.get_compiler = lambda *_, **__: compiler  # type: ignore[method-assign]
        return rows, values


def insert(*rows: Model) -> None:
    """INSERT unsaved rows of one model in one statement; a single row learns its primary key."""
    if not rows:
        return
    model, alone = type(rows[0]), len(rows) == 1
    sql, fields = _insert_text(model, len(rows))
    with connection.cursor() as cursor:
        cursor.execute(sql, [_written(field, row, add=True) for row in rows for field in fields])
        if alone:
            (rows[0].pk,) = cursor.fetchone()
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def update(row: Model, columns: Sequence[str], **where: Any) -> int:
    """UPDATE these columns of a row from its attributes, if the conditions (equal, or ``None``) hold; rows changed."""
    fields = [row._meta.get_field(name) for name in columns]
    conditions = {"pk": row.pk, **where}
    sql = _update_text(type(row), tuple(columns), tuple((name, value is None) for name, value in conditions.items()))
    values = [_written(field, row, add=False) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(sql, values + [value for value in conditions.values() if value is not None])
        return int(cursor.rowcount)


def waited_too_long(fault: OperationalError) -> bool:
    """Whether a lock did not come free: PostgreSQL's 55P03 (in time) and 40P01 (a deadlock), SQLite's busy database."""
    cause = fault.__cause__
    return getattr(cause, "sqlstate", "") in ("55P03", "40P01") or getattr(cause, "sqlite_errorname", "").startswith(
        "SQLITE_BUSY"
    )


def _written(field: Any, row: Model, *, add: bool) -> Any:
    return field.get_db_prep_save(field.pre_save(row, add), connection)


@lru_cache(maxsize=256)
def _insert_text(model: type[Model], count: int) -> tuple[str, list[Any]]:
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    row = f"({', '.join(['%s'] * len(fields))})"
    columns = ", ".join(_quoted(field.column) for field in fields)
    sql = f"INSERT INTO {_quoted(model._meta.db_table)} ({columns}) VALUES {', '.join([row] * count)}"  # noqa: S608
    return sql + (f" RETURNING {_quoted(_key(model).column)}" if count == 1 else ""), fields


@lru_cache(maxsize=512)
def _update_text(model: type[Model], columns: tuple[str, ...], conditions: tuple[tuple[str, bool], ...]) -> str:
    changed = ", ".join(f"{_column(model, name)} = %s" for name in columns)
    holds = " AND ".join(f"{_column(model, name)} {'IS NULL' if null else '= %s'}" for name, null in conditions)
    return f"UPDATE {_quoted(model._meta.db_table)} SET {changed} WHERE {holds}"  # noqa: S608 — names come from the models


def _column(model: type[Model], name: str) -> str:
    field: Any = _key(model) if name == "pk" else model._meta.get_field(name)
    return _quoted(field.column)


def _key(model: type[Model]) -> Any:
    return model._meta.pk


def _quoted(name: Any) -> str:
    return connection.ops.quote_name(name)
