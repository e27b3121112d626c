"""What may be corrected: the allow-list, by whom, and what follows.

A target is written ``row.field`` or ``row-<pk>.field``: ``case.summary``, ``party-12.phone``, ``contact-7.at``. Nothing
outside of this list can be touched, so no correction reaches a state, a number or a record. Every subject adds the rows
that it keeps (``RECORDED``), as it adds its parts of the file; a row can be named only by whoever may read it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Model, QuerySet

from mediation.cases.case import DisputeCase
from mediation.cases.pages import onfile
from mediation.cases.pages.eyes import Eyes
from mediation.cases.readers import COMMITTEE
from mediation.cases.templatetags.face import moment as in_words
from mediation.cases.together import together
from mediation.cases.values import OneOf, OrNothing, Reader, SomeOf, amount, count, day, flag, hour, moment
from workflow.records import Event
from workflow.registry import Move, Refused, Right

Rows = Callable[[DisputeCase, Eyes], "QuerySet[Any] | list[Any] | None"]
Follow = Callable[[Move, Any, str, Any], "Iterable[str] | None"]
OF_ACCEPTANCE = "受理及其依据的事项由市医调委更正"
OF_ANOTHER = "由登记该事项的单位或市医调委更正"
TERSE: tuple[Reader, ...] = (amount, count, day, flag, hour, moment)  # a list may say what they hold now


@dataclass(frozen=True)
class Correctable:
    """One fact that may be corrected: its column, its Chinese name, how a typed value is read, and by whom.

    ``by_committee``: what acceptance or effect rests on is the committee's to correct. ``names``: people, masked on every
    page. ``once``: only where there is a value that can be wrong. ``within``: the column holds several values, and this
    is the one under the field's own name.
    """

    field: str
    label: str
    read: Reader
    by_committee: bool = False
    names: bool = False
    once: bool = False
    within: str = ""

    @property
    def column(self) -> str:
        """Where it is kept."""
        return self.within or self.field

    def of(self, row: Any) -> Any:
        """The value as it stands."""
        held = getattr(row, self.column)
        return (held or {}).get(self.field, []) if self.within else held

    def put(self, row: Any, value: Any) -> None:
        """The value in its place."""
        held = getattr(row, self.column)
        setattr(row, self.column, {**(held or {}), self.field: value} if self.within else value)

    def said(self, value: Any) -> str:
        """A value in Chinese: a code by its label, yes and no in words."""
        read = self.read.read if isinstance(self.read, OrNothing) else self.read
        if isinstance(value, bool):
            return "是" if value else "否"
        if isinstance(value, list):
            return "、".join(self.said(one) for one in value)
        if read is moment and value:
            return _moment(value)
        if isinstance(value, time):
            return f"{value:%H:%M}"
        labels = dict(read.options.choices) if isinstance(read, OneOf | SomeOf) else {}
        return str(labels.get(value, value)) if value is not None else ""

    @property
    def is_free(self) -> bool:
        """Whether people wrote it in their own words, so that no list repeats it."""
        read = self.read.read if isinstance(self.read, OrNothing) else self.read
        return not isinstance(read, OneOf | SomeOf) and read not in TERSE


def _moment(value: datetime | str) -> str:
    """A moment, also as it was kept beside its event or typed."""
    if isinstance(value, datetime):
        return in_words(value)
    try:
        return in_words(datetime.fromisoformat(value)) if "T" in value else value
    except ValueError:
        return value


def nothing_follows(move: Move, row: Any, field: str, old: Any) -> None:
    """No other fact hangs on it."""


@dataclass(frozen=True)
class Recorded:
    """Rows of one kind that people recorded, and what of them may be put right.

    ``rows``: those that these eyes read, ``None`` for whom there are none to be known of; ``name``: which one it is,
    masked. ``by``: the organisation that recorded it, which may correct it beside the committee; ``follow`` keeps the
    law of the fact, refuses what cannot be and answers which other columns it has set. ``paper``: the document that was made of it, which stays as it was issued.
    """

    key: str
    title: str
    fields: tuple[Correctable, ...]
    rows: Rows
    name: Callable[[Any, Eyes], str]
    by: Callable[[DisputeCase, Any], int | None] | None = None
    follow: Follow = nothing_follows
    paper: str = ""
    committee: str = OF_ACCEPTANCE

    def may_be_corrected_by(self, right: Right) -> bool:
        """Whether rows of this kind can be this person's to correct."""
        own = self.by is not nobody and not all(item.by_committee for item in self.fields)
        return own or right.role in COMMITTEE

    def why_not(self, item: Correctable, case: DisputeCase, row: Any, right: Right) -> str | None:
        """Why this is for somebody else to correct."""
        if right.role in COMMITTEE:
            return None
        if item.by_committee:
            return self.committee
        if self.by is not None and self.by(case, row) != right.organisation_id:
            return OF_ANOTHER
        return None


RECORDED: dict[str, Recorded] = {}


def is_read(kind: str, case: DisputeCase, eyes: Eyes) -> bool:
    """Whether these eyes read rows of a kind at all."""
    return kind in RECORDED and RECORDED[kind].rows(case, eyes) is not None


def record(*kinds: Recorded) -> None:
    """Add kinds of rows to what may be corrected."""
    RECORDED.update((kind.key, kind) for kind in kinds)


def item_of(kind: str, field: str) -> Correctable | None:
    """The field of a kind, where both are on the list."""
    fields = RECORDED[kind].fields if kind in RECORDED else ()
    return next((item for item in fields if item.field == field), None)


@dataclass(frozen=True)
class Offered:
    """One fact of one row, as a target."""

    kind: Recorded
    row: Any
    item: Correctable

    @property
    def key(self) -> str:
        """The row's part of the target."""
        return self.kind.key if self.kind.key == "case" else f"{self.kind.key}-{self.row.pk}"

    @property
    def target(self) -> str:
        """The target."""
        return f"{self.key}.{self.item.field}"

    def label(self, eyes: Eyes) -> str:
        """Which row, which fact, and what stands there now unless somebody wrote it in free words."""
        name = self.kind.name(self.row, eyes)
        if self.kind.by is None:
            return f"{name}：{self.item.label}"
        now = "" if self.item.is_free else self.item.said(self.item.of(self.row))
        return f"{self.kind.title} {name}：{self.item.label}" + (f"（现为 {now}）" if now else "")


def offered(case: DisputeCase, eyes: Eyes, kind: str = "") -> Iterator[Offered]:
    """Everything in a case that may be corrected and that these eyes may read."""
    kinds = [one for one in RECORDED.values() if kind in ("", one.key)]
    asked = [one.rows(case, eyes) for one in kinds]
    answered = iter(together(*(rows for rows in asked if isinstance(rows, QuerySet))))
    for one, rows in zip(kinds, asked, strict=True):
        for row in next(answered) if isinstance(rows, QuerySet) else rows or ():
            if hasattr(type(row), "case"):
                row.case = case  # whose people are read once, to mask them in every row
            yield from (
                Offered(one, row, item) for item in one.fields if not item.once or item.of(row) not in (None, "", [])
            )


def correction_targets(case: DisputeCase, eyes: Eyes, right: Right) -> dict[str, list[tuple[str, str]]]:
    """Target and Chinese label of all that somebody may correct in a case, under the title of its kind."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for one in offered(case, eyes):
        if one.kind.why_not(one.item, case, one.row, right) is None:
            groups.setdefault(one.kind.title, []).append((one.target, one.label(eyes)))
    return groups


def find(case: DisputeCase, eyes: Eyes, target: str) -> Offered:
    """What a target names; for the case itself, the row in the door."""
    found = offered(case, eyes, target.partition(".")[0].partition("-")[0])
    for one in found:
        if one.target == target:
            return one
    raise Refused("请选择本案中的一项", field="target")


# --- what the subjects say of their rows ------------------------------------------------------------------------------


def of_part(key: str, *along: str, **only: Any) -> Rows:
    """The rows of a part of the file, as far as these eyes read it."""

    def rows(case: DisputeCase, eyes: Eyes) -> QuerySet[Any] | None:
        found = onfile.rows_read(case, eyes, key)
        found = found.filter(**only) if found is not None else None
        return found.select_related(*along) if found is not None and along else found

    return rows


def nobody(case: DisputeCase, row: Model) -> int | None:
    """No organisation beside the committee."""
    return None


def by_event(name: str, *steps: str) -> Callable[[DisputeCase, Model], int | None]:
    """The organisation in whose name a row was recorded: the events of these steps give its number under ``name``."""

    def who(case: DisputeCase, row: Model) -> int | None:
        told = (one for one in _record_of(case) if one.kind in steps)
        return next((one.organisation_id for one in told if one.data.get(name) == row.pk), None)

    return who


def _record_of(case: DisputeCase) -> list[Event]:
    """The events of a case, read once for all of its rows."""
    if "record_so_far" not in case.__dict__:
        case.__dict__["record_so_far"] = list(Event.objects.filter(chain=case.chain).order_by("seq"))
    found: list[Event] = case.__dict__["record_so_far"]
    return found


def not_after(on: date | None, latest: date | None, what: str, *, of: str = "") -> None:
    """Refuse a day after another one."""
    if on is not None and latest is not None and on > latest:
        raise Refused(f"{of}不能晚于{what} {latest:%Y-%m-%d}", field="value")


def not_before(on: date | None, earliest: date | None, what: str) -> None:
    """Refuse a day before another one."""
    if on is not None and earliest is not None and on < earliest:
        raise Refused(f"不能早于{what} {earliest:%Y-%m-%d}", field="value")


def within(move: Move, on: date) -> None:
    """Refuse a day before the matter came to us, or one that has not come yet."""
    not_before(on, move.case.received_on, "案件接收日期")
    if on > move.happened_on:
        raise Refused("不能晚于今天", field="value")
