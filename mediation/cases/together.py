"""Rows of many tables, read in one statement: a file is a few rows in each of a dozen and a half.

Django composes each query and makes its rows, with their relations, as if it had been asked alone. Only the way to the
database is shared: the queries stand in one UNION ALL, each column in a slot of its own type, NULL in the slots of others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet, Window
from django.db.models.functions import RowNumber

Slot = tuple[str, int]  # a type, and which column of this type: ("date", 0), ("date", 1)


def together(*asked: QuerySet[Any]) -> list[list[Any]]:
    """The rows of each query, in its order; by key where it has none."""
    queries = [_Query(rows) for rows in asked]
    _ask([query for query in queries if query.sql])
    return [query.found() for query in queries]


class _Query:
    """One of the queries as Django composed it, and what the database answered."""

    def __init__(self, asked: QuerySet[Any]) -> None:
        order: Any = asked.query.order_by or asked.model._meta.ordering or ("pk",)
        self.rows = asked.order_by().annotate(in_order=Window(RowNumber(), order_by=order))  # a UNION keeps no order
        self.compiler: Any = self.rows.query.get_compiler(connection=connection)
        self.answer: list[list[Any]] = []
        try:
            self.sql, self.parameters = self.compiler.as_sql(with_col_aliases=True)
        except EmptyResultSet:  # nobody needs to be asked for "one of none"
            self.sql, self.parameters = "", ()

    def columns(self) -> dict[Slot, str]:
        """Its columns, each in the next slot of its type; varchar(10) and varchar(40) are one type."""
        counted: Counter[str] = Counter()
        columns = {}
        for expression, _, name in self.compiler.select:
            kind = expression.output_field.db_type(connection).partition("(")[0]
            columns[kind, counted[kind]] = connection.ops.quote_name(name)
            counted[kind] += 1
        return columns

    def found(self) -> list[Any]:
        """The rows that Django makes of the answer: its compiler is told what it would have fetched."""
        self.compiler.execute_sql = lambda *_, **__: [self.answer]
        self.rows.query.get_compiler = lambda *_, **__: self.compiler
        return sorted(self.rows, key=attrgetter("in_order"))


def _ask(queries: Sequence[_Query]) -> None:
    if not queries:
        return
    columns = [query.columns() for query in queries]
    slots = sorted(set().union(*columns))
    parts = []
    for place, (query, own) in enumerate(zip(queries, columns, strict=True)):
        values = ", ".join(own.get(slot) or f"CAST(NULL AS {slot[0]})" for slot in slots)
        parts.append(f"SELECT {place}, {values} FROM ({query.sql}) asked")  # noqa: S608 — text of Django and of the models
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), [value for query in queries for value in query.parameters])
        for place, *values in cursor.fetchall():
            filled = dict(zip(slots, values, strict=True))
            queries[place].answer.append([filled[slot] for slot in columns[place]])
