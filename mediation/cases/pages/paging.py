"""Pages of a list by key, not by offset: the ten-thousandth page costs what the first one costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.core import signing
from django.db.models import F, Model, Q, QuerySet

from mediation.cases.ways import count_up_to, first_of

PAGE_SIZE = 20
MOST_COUNTED = 1000


def count_text(rows: QuerySet[Any], walks: Sequence[QuerySet[Any]] = ()) -> str:
    """“共 N 件”, counted no further than people can use."""
    counted = count_up_to(rows, walks, MOST_COUNTED + 1)
    return f"共 {MOST_COUNTED} 件以上" if counted > MOST_COUNTED else f"共 {counted} 件"


class Keyset:
    """One page of a query, ordered by ``(date, pk)``. Rising, rows without the date come last; falling, all have one.

    ``walks`` are the same rows, one query for every way to them (``mediation.cases.ways``). The position travels in the
    address as a signed value, so nobody pages into what the query does not hold.
    """

    def __init__(
        self, rows: QuerySet[Any], order: tuple[str, str], asked: Mapping[str, str], walks: Sequence[QuerySet[Any]] = ()
    ) -> None:
        self.descending = order[0].startswith("-")
        self.name, self.key = order[0].lstrip("-"), order[1].lstrip("-")
        self.asked = {name: value for name, value in asked.items() if name not in ("after", "before") and value}
        self.backwards = "before" in asked and "after" not in asked
        # Signed for this list and this order: the position of another list means nothing here.
        self.salt = f"page:{rows.model._meta.label_lower}:{order[0]}"
        self.position = self._read(asked.get("before" if self.backwards else "after", ""))
        if self.position:
            beyond = self._beyond(*self.position)
            rows, walks = rows.filter(beyond), [walk.filter(beyond) for walk in walks]
        page = list(first_of(rows, walks, self._order(), PAGE_SIZE + 1)[: PAGE_SIZE + 1])
        self.more = len(page) > PAGE_SIZE
        page = page[:PAGE_SIZE]
        self.rows: list[Any] = page[::-1] if self.backwards else page

    def _order(self) -> tuple[Any, str]:
        """Written so that an index of PostgreSQL, which puts empty values above all others, can be read along."""
        if self.descending:
            return (self.name, self.key) if self.backwards else (f"-{self.name}", f"-{self.key}")
        if self.backwards:
            return F(self.name).desc(nulls_first=True), f"-{self.key}"
        return F(self.name).asc(nulls_last=True), self.key

    def _beyond(self, value: Any, key: int) -> Q:
        way = "lt" if self.descending != self.backwards else "gt"
        further = Q(**{f"{self.key}__{way}": key})
        if value is None:
            nulls = Q(**{f"{self.name}__isnull": True}) & further
            return nulls if not self.backwards else nulls | Q(**{f"{self.name}__isnull": False})
        beyond = Q(**{f"{self.name}__{way}": value}) | (Q(**{self.name: value}) & further)
        if self.descending:
            return Q(**{f"{self.name}__{way}e": value}) & beyond  # where the index is entered
        return beyond if self.backwards else beyond | Q(**{f"{self.name}__isnull": True})

    def page(self) -> dict[str, Any]:
        """What the pager shows."""
        has_next = bool(self.rows) and (self.more or self.backwards)
        has_prev = bool(self.rows) and (self.position is not None) and (not self.backwards or self.more)
        return {
            "has_prev": has_prev, "has_next": has_next,
            "prev_url": self._url("before", self.rows[0]) if has_prev else "",
            "next_url": self._url("after", self.rows[-1]) if has_next else "",
            "count_text": "", "size": len(self.rows),
        }  # fmt: skip

    def _url(self, way: str, row: Model) -> str:
        value = getattr(row, self.name)
        token = signing.dumps([value.isoformat() if value else None, row.pk], salt=self.salt)
        return "?" + urlencode(self.asked | {way: token})

    def _read(self, token: str) -> tuple[Any, int] | None:
        try:
            value, key = signing.loads(token, salt=self.salt)
        except signing.BadSignature:
            return None
        return value, key
