"""Several ways to a row: a town sees a case because it handles it, or because the patient lives there.

Asked as one condition with OR, a database reads and sorts all that any way leads to. Walked one by one, each along its
own index and only as far as a page goes, the first page costs the same with a thousand cases and with a million.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet


def any_of(ways: Iterable[Q]) -> Q:
    """The rows that at least one way leads to; none when there is no way."""
    found = Q(pk__in=[])
    for way in ways:
        found |= way
    return found


def first_of(rows: QuerySet[Any], walks: Sequence[QuerySet[Any]], order: Sequence[Any], most: int) -> QuerySet[Any]:
    """The rows that come first, at least ``most`` of them while there are so many, in their order.

    ``walks`` are the same rows once more, one query for every way, and without the OR, which would keep the database
    from reading along an index. With less than two of them there is nothing to be gained.
    """
    if len(walks) < 2:
        return rows.order_by(*order)
    return rows.filter(pk__in=_heads(walks, order, most, all=True)).order_by(*order)


def count_up_to(rows: QuerySet[Any], walks: Sequence[QuerySet[Any]], most: int) -> int:
    """How many rows there are, counted no further than ``most``."""
    counted = rows.order_by() if len(walks) < 2 else _heads(walks, (), most, all=False)
    return counted[:most].count()


def _heads(walks: Sequence[QuerySet[Any]], order: Sequence[Any], most: int, **union: bool) -> QuerySet[Any]:
    heads = [walk.order_by(*order).values("pk")[:most] for walk in walks]
    if not connection.features.supports_slicing_ordering_in_compound:  # SQLite
        heads = [head.model._base_manager.filter(pk__in=head).values("pk") for head in heads]
    return heads[0].union(*heads[1:], **union)
