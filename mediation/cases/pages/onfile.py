"""What is on file about a case, part by part: on which tab, who may read it, where its rows come from.

The table says for every part who reads how much of it. A part belongs to the subject whose rows it shows; that subject
adds it to ``PARTS``. One query asks which tabs hold anything for these eyes, and one that holds nothing is not shown; one
more reads whatever stands on a tab, or on all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.db.models import Exists, Q, QuerySet

from mediation.cases.case import DisputeCase
from mediation.cases.pages.eyes import Eyes, Reader, at_town
from mediation.cases.together import together

TABS = {
    "contacts": "联系送达",
    "consents": "申请同意",
    "talks": "调查调解",
    "agreement": "协议履行",
    "dossier": "回访卷宗",
}


class Much(StrEnum):
    """How much of a part a reader sees: all; the own organisation's; all as long as the case is at the town's level."""

    ALL = "all"
    OWN = "own"
    LEVEL = "level"


ALL, OWN, LEVEL = Much
_COMMITTEE = {Reader.COMMITTEE: ALL, Reader.SUPERVISOR: ALL}
_TOWN = _COMMITTEE | {Reader.TOWN: LEVEL}
_EVERYBODY = _COMMITTEE | {Reader.TOWN: ALL, Reader.HOSPITAL: ALL}
# A hospital never reads the other side's papers nor what mediators note for themselves; 12345 and the town where the
# patient lives are not in the table at all: they follow the progress.
READERS: dict[str, dict[Reader, Much]] = {
    "contacts": _COMMITTEE | {Reader.TOWN: OWN},
    "paper_requests": _COMMITTEE | {Reader.HOSPITAL: OWN},
    "services": _TOWN | {Reader.HOSPITAL: OWN},
    "applications": _TOWN | {Reader.HOSPITAL: OWN},
    "consents": _TOWN | {Reader.HOSPITAL: OWN},
    "routes": _TOWN | {Reader.HOSPITAL: OWN},
    "rights_notices": _COMMITTEE | {Reader.HOSPITAL: OWN},
    "seats": _EVERYBODY,
    "investigations": {Reader.COMMITTEE: ALL},
    "meetings": {Reader.COMMITTEE: ALL, Reader.HOSPITAL: ALL},
    "appraisals": _COMMITTEE,
    "outcome": _EVERYBODY,
    "agreements": _TOWN | {Reader.HOSPITAL: ALL},
    "visits": _TOWN,
    "checklist": _TOWN,
    "closing": _TOWN,
    "typed": _COMMITTEE | {Reader.TOWN: OWN},
}


@dataclass(frozen=True)
class Cell:
    """One value with its label; ``look`` is empty, ``tag``, ``chip`` or ``money``, and ``tone`` its colour."""

    label: str
    text: str
    look: str = ""
    tone: str = ""

    @property
    def chip(self) -> dict[str, str]:
        """What the deadline chip is told."""
        return {"kind": self.tone, "text": self.text}


def tag(text: str, tone: str = "") -> Cell:
    """A word in a frame."""
    return Cell("", text, "tag", tone)


def chip(text: str, tone: str) -> Cell:
    """A date's urgency: icon, words and colour."""
    return Cell("", text, "chip", tone)


@dataclass(frozen=True)
class Line:
    """A row of a table; ``ended`` when it no longer counts; ``target``: by which name it is corrected."""

    cells: list[Cell]
    ended: bool = False
    target: str = ""


@dataclass(frozen=True)
class Table:
    """Rows under column titles."""

    columns: Sequence[str]
    lines: list[Line]
    title: str = ""
    template = "cases/_table.html"

    @classmethod
    def of(
        cls, columns: Sequence[str], rows: Iterable[Any], values: Callable[[Any], Sequence[Any]],
        ended: Callable[[Any], bool] = lambda row: False, title: str = "", kind: str = "",
    ) -> Table:  # fmt: skip
        """One line a row: its ``values`` under the columns; rows of a ``kind`` may be corrected."""
        lines = [Line([*map(_cell, columns, values(row))], ended(row), named(kind, row)) for row in rows]
        return cls(columns, lines, title)


def named(kind: str, row: Any) -> str:
    """By which name a row is corrected; what is not there yet has none."""
    return f"{kind}-{row.pk}" if kind and hasattr(row, "pk") else ""


def _cell(label: str, value: Any) -> Cell:
    if isinstance(value, Cell):
        return Cell(label, value.text, value.look, value.tone)
    return Cell(label, str(value or "—"))


@dataclass(frozen=True)
class Moment:
    """Something that happened: when, what, and what was said."""

    at: date | datetime
    title: str
    tags: Sequence[Cell] = ()
    texts: Sequence[tuple[str, str]] = ()
    sub: str = ""
    target: str = ""


@dataclass(frozen=True)
class Moments:
    """What happened, along a line."""

    rows: list[Moment]
    template = "cases/_moments.html"


@dataclass(frozen=True)
class Sheet:
    """One thing with many facts: (label, value, whether over the full width), and tables that belong to it."""

    title: str
    facts: Sequence[tuple[str, Any, bool]]
    tags: Sequence[Cell] = ()
    tables: Sequence[Table] = ()
    ended: bool = False
    target: str = ""

    @property
    def laid(self) -> list[tuple[str, Any, bool]]:
        """The facts in two columns: one that would stand alone in its row takes the whole of it."""
        rows, left = [], False
        for number, (label, value, wide) in enumerate(self.facts):
            alone = not left and (number + 1 == len(self.facts) or self.facts[number + 1][2])
            rows.append((label, value, wide or alone))
            left = not (left or wide or alone)
        return rows


@dataclass(frozen=True)
class Sheets:
    """Several things with many facts each."""

    rows: list[Sheet]
    template = "cases/_sheets.html"


Block = Table | Moments | Sheets


def of_the_hospital(case: DisputeCase, eyes: Eyes) -> Q:
    """What one of the reader's hospitals said or was asked, or all of the hospital's side."""
    return Q(side__in=["hospital", "both"]) & (Q(hospital__in=eyes.organisations) | Q(hospital=None))


@dataclass(frozen=True)
class Part:
    """One part of the file: its key in ``READERS``, its rows, how they look, and which are the reader's own."""

    key: str
    tab: str
    title: str
    rows: Callable[[DisputeCase], QuerySet[Any]]
    show: Callable[[DisputeCase, Iterable[Any], Eyes], Block]
    own: Callable[[DisputeCase, Eyes], Q] = field(default=of_the_hospital)

    def readable(self, case: DisputeCase, eyes: Eyes) -> QuerySet[Any] | None:
        """The rows these eyes may see; nothing at all for whom the part does not exist."""
        much = READERS[self.key].get(eyes.reader) if eyes.reader else None
        if much is None or (much == LEVEL and not at_town(case)):
            return None
        rows = self.rows(case)
        return rows.filter(self.own(case, eyes)) if much == OWN else rows


PARTS: list[Part] = []


def readable(case: DisputeCase, eyes: Eyes, tab: str = "") -> dict[Part, QuerySet[Any]]:
    """The parts of a tab, or of all, that these eyes may read, now or once they hold something: the rows they may see."""
    order = list(TABS)
    here = sorted((part for part in PARTS if tab in ("", part.tab)), key=lambda part: order.index(part.tab))
    return {part: rows for part in here if (rows := part.readable(case, eyes)) is not None}


def rows_read(case: DisputeCase, eyes: Eyes, key: str) -> QuerySet[Any] | None:
    """The rows of one part that these eyes may read; nothing at all for whom the part does not exist."""
    return next(part for part in PARTS if part.key == key).readable(case, eyes)


def filled(case: DisputeCase, eyes: Eyes) -> set[str]:
    """The tabs that hold something for these eyes: one query."""
    asked = readable(case, eyes)
    there = {f"has_{part.key}": Exists(rows) for part, rows in asked.items()}
    _, *found = DisputeCase.objects.filter(pk=case.pk).annotate(**there).values_list("pk", *there).get()
    return {part.tab for part, holds in zip(asked, found, strict=True) if holds}


def show(case: DisputeCase, eyes: Eyes, tab: str = "") -> tuple[list[dict[str, Any]], list[str]]:
    """The parts of a tab, or of all: title and block of those that hold something, the titles of those that do not."""
    asked = readable(case, eyes, tab)
    found = dict(zip(asked, together(*asked.values()), strict=True))
    blocks = [{"title": part.title, "block": part.show(case, rows, eyes)} for part, rows in found.items() if rows]
    return blocks, [part.title for part, rows in found.items() if not rows]


def paper(case: DisputeCase, pk: int | None, eyes: Eyes) -> str:
    """The paper that proves something, by its title; the page has read the case's papers already."""
    title = next((one.title for one in case.papers.all() if one.pk == pk), "") if pk else ""
    return eyes.said(title) or "—"


def whose(case: DisputeCase, row: Any) -> str:
    """A side, or the hospital of it that is named."""
    if row.hospital_id is None:
        return str(row.get_side_display())
    return next((one.hospital.name for one in case.respondents.all() if one.hospital_id == row.hospital_id), "医方")


def is_superseded(row: Any) -> bool:
    """Whether whoever said it has been substituted, so that it binds nobody any more."""
    return bool(row.superseded)


def validity(row: Any) -> Cell:
    """The same in a word."""
    return tag("因变更当事人失效") if row.superseded else tag("有效", "ok")


def rows_named(name: str, *along: str) -> Callable[[DisputeCase], QuerySet[Any]]:
    """The rows of a case under this name, each with its relations ``along``."""
    return lambda case: getattr(case, name).select_related(*along) if along else getattr(case, name).all()
