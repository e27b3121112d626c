"""Statements whose SQL text is composed once.

A step sends the same few statements again and again; only the values differ. Django composes each text anew, and that
costs more processor time than the database spends on it. Here the text is kept: of a query as Django's compiler made it
(so joins, locks and converters are Django's own), of an insert or an update as the model's fields say. Signals are not
sent; the tables of the workflow have no listeners.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import OperationalError, connection
from django.db.models import Model, QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError

_FIRST_MARK = 2**62  # stands in a composed query where a key will stand; no table has such a key


class PreparedQuery:
    """A query that Django composes once for the process: ``compose`` makes it from keys, calling it reads their rows.

    What is composed is never changed again, so that any number of threads may read at once; the values of a call, and
    everything that carries them, belong to that call alone (ADR 21). Each key must become exactly one parameter, or the
    first call raises ValueError. A query that locks raises TransactionManagementError outside a transaction, as Django's.
    """

    def __init__(self, compose: Callable[..., QuerySet[Any, Any]], keys: int = 1) -> None:
        self._compose = compose
        self._keys = keys
        self._composed: _Composed | None = None

    def __call__(self, *keys: int) -> list[Any]:
        """The rows for these keys."""
        if self._composed is None:  # two threads may both compose it: either result will do
            self._composed = _composed(self._compose, self._keys)
        return self._composed.read(keys)


@dataclass(frozen=True)
class _Composed:
    """What Django made of a query: its text, the parameters with a mark at every place of a key, how rows are read."""

    rows: QuerySet[Any, Any]
    compiler: SQLCompiler
    sql: str
    parameters: tuple[Any, ...]
    places: tuple[int, ...]
    locks: bool

    def read(self, keys: Sequence[int]) -> list[Any]:
        """The rows for these keys, by a compiler, a query and a set of rows of this call's own."""
        if self.locks and connection.get_autocommit():
            raise TransactionManagementError("a row is locked within a transaction, or not at all")
        text = self.sql, self._with(keys)
        rows = _twin(self.rows)
        query = _twin(self.rows.query)
        compiler = _twin(self.compiler)
        compiler.as_sql = lambda *_, **__: text
        query.get_compiler = lambda *_, **__: compiler
        rows._query = query
        return list(rows._iterable_class(rows))

    def _with(self, keys: Sequence[int]) -> tuple[Any, ...]:
        filled = list(self.parameters)
        for place, key in zip(self.places, keys, strict=True):
            filled[place] = key
        return tuple(filled)


def _twin(one: Any) -> Any:
    """Another object with the same attributes: the copy of a QuerySet in Python's own way would run it."""
    twin = object.__new__(type(one))
    twin.__dict__.update(one.__dict__)
    return twin


def _composed(compose: Callable[..., QuerySet[Any, Any]], keys: int) -> _Composed:
    marks = [_FIRST_MARK + place for place in range(keys)]
    rows = compose(*marks)
    compiler = rows.query.get_compiler(connection=connection)
    sql, parameters = compiler.as_sql()
    if any(parameters.count(mark) != 1 for mark in marks):
        raise ValueError("each key of a prepared query becomes one parameter")
    places = tuple(parameters.index(mark) for mark in marks)
    locks = rows.query.select_for_update and connection.features.has_select_for_update
    return _Composed(rows, compiler, sql, tuple(parameters), places, locks)


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
def _insert_text(model: type[Model], count: int) -> tuple[str, tuple[Any, ...]]:
    fields = tuple(field for field in model._meta.concrete_fields if not field.primary_key)
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
