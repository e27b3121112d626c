"""Orders that are probably the same matter: same phone, certificate, hospital and name, or a text that is alike (A4).

Asked for one order on its page, and for a whole file in the preview. Only the last ``duplicate_window`` days count for
phone, certificate and name; a text is compared with all there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TypeVar

from django.utils import timezone

from mediation.hotline.likeness import ALIKE, Gist, compared, gist_of
from mediation.hotline.order import HotlineOrder, OrderPrint, OrderQuerySet
from mediation.privacy.searchkeys import nameless_keys
from workflow.rulebook import current_rulebook, rules_of

Value = TypeVar("Value", int, str)
Held = dict[int, list[int]]

MOST_OF_A_BAND = 20
"""A text that hundreds have sent: some of them are enough to see it."""
MOST_OF_A_KEY = 200
COMPARED = 8
SHOWN = 5
CHUNK = 5_000
ID_SCORE, PHONE_SCORE, NAME_SCORE = 95, 90, 80
ELSEWHERE = 60
"""The same phone, but another hospital: perhaps another matter of the same family."""


@dataclass(frozen=True)
class Probe:
    """What is compared: an order that is there (``pk``), or a row that may become one."""

    text: str
    phone_key: str | None = None
    caller_key: str | None = None
    id_key: str | None = None
    hospital_id: int | None = None
    pk: int | None = None

    @cached_property
    def gist(self) -> Gist:
        """The text as it is compared with many others."""
        return gist_of(self.text)


@dataclass(frozen=True)
class Alike:
    """A probable duplicate: an order, or (in a preview) another row of the same file; score in per cent and reasons."""

    score: int
    why: tuple[str, ...]
    order_id: int | None = None
    place: int | None = None


def probe_of(order: HotlineOrder) -> Probe:
    """An order as it is compared."""
    return Probe(
        text=f"{order.title}\n{order.content}", phone_key=order.phone_key, caller_key=order.caller_key,
        id_key=order.id_key, hospital_id=order.hospital_id, pk=order.pk,
    )  # fmt: skip


def alike_to(order: HotlineOrder, *, now: datetime) -> list[Alike]:
    """The orders of the same centre that are probably the same matter, the likeliest first."""
    return find(order.centre_id, [probe_of(order)], now=now)[0]


def find(centre_id: int, probes: Sequence[Probe], *, now: datetime) -> list[list[Alike]]:
    """For each probe the likely duplicates among the centre's orders and among the earlier probes."""
    prints = [probe.gist.bands for probe in probes]
    near = _near_orders(probes, prints)
    keyed = _same_keys(probes, now)
    wanted = {pk for pks in near for pk in pks} | {pk for pks in keyed for pk in pks}
    orders = _loaded(centre_id, wanted)
    within = _near_places(prints)
    answers = []
    for place, probe in enumerate(probes):
        alike = [
            _against(probe, orders[pk], in_window=pk in keyed[place])
            for pk in dict.fromkeys((*near[place], *keyed[place])) if pk != probe.pk and pk in orders
        ]  # fmt: skip
        alike += [_among(probe, probes[other], other) for other in within[place]]
        answers.append(sorted((one for one in alike if one.why), key=lambda one: -one.score)[:SHOWN])
    return answers


def _near_orders(probes: Sequence[Probe], prints: Sequence[tuple[int, ...]]) -> list[list[int]]:
    """The orders that share bands with each probe, most shared bands first."""
    values = sorted({value for bands in prints for value in bands})
    held: Held = {}
    for part in _chunks(values):
        # No join and no order: either would tempt the planner away from the index of values.
        rows = OrderPrint.objects.filter(value__in=part).values_list("value", "order")
        for value, pk in rows.iterator(chunk_size=CHUNK):
            _hold(held, value, pk)
    return [_most(held, bands, probe.pk) for probe, bands in zip(probes, prints, strict=True)]


def _near_places(prints: Sequence[tuple[int, ...]]) -> list[list[int]]:
    """The earlier rows of the file that share bands with each."""
    held: Held = {}
    near = []
    for place, bands in enumerate(prints):
        near.append(_most(held, bands, None))
        for value in bands:
            _hold(held, value, place)
    return near


def _hold(held: dict[Value, list[int]], value: Value, found: int) -> None:
    places = held.setdefault(value, [])
    if len(places) < MOST_OF_A_BAND:
        places.append(found)


def _most(held: Held, bands: Iterable[int], itself: int | None) -> list[int]:
    shared = Counter(found for value in bands if value in held for found in held[value] if found != itself)
    return [found for found, _ in shared.most_common(COMPARED)]


def _same_keys(probes: Sequence[Probe], now: datetime) -> list[list[int]]:
    """The recent orders of the same phone or certificate, or of the same name at a hospital in question."""
    since = now - timedelta(days=rules_of(current_rulebook(timezone.localtime(now).date())).number("duplicate_window"))
    recent = HotlineOrder.objects.filter(received_at__gte=since)
    hospitals = {probe.hospital_id for probe in probes if probe.hospital_id}
    held = {
        "phone_key": _sharing(recent, "phone_key", probes), "id_key": _sharing(recent, "id_key", probes),
        "caller_key": _sharing(recent, "caller_key", probes, hospitals),
    }  # fmt: skip
    return [
        [pk for column, keys in held.items() for pk in keys.get(getattr(probe, column) or "", ())] for probe in probes
    ]


def _sharing(
    rows: OrderQuerySet, column: str, probes: Sequence[Probe], hospitals: set[int] | None = None
) -> dict[str, list[int]]:
    """Orders with the probes' keys, at one of the hospitals if these are given; a key that hundreds share costs no more
    than others. The centre is looked at when the orders are read, so that only the index of keys is used here."""
    nameless = nameless_keys()
    keys = sorted({key for probe in probes if (key := getattr(probe, column)) and key not in nameless})
    held: dict[str, list[int]] = {}
    for part in _chunks(keys):
        found = rows.filter(**{f"{column}__in": part}).values_list(column, "pk", "hospital")
        for key, pk, hospital in found[: MOST_OF_A_KEY * len(part)]:
            if hospitals is None or hospital in hospitals:
                _hold(held, key, pk)
    return held


def _loaded(centre_id: int, wanted: set[int]) -> dict[int, Probe]:
    columns = ("uid", "title", "content", "phone_key", "caller_key", "id_key", "hospital_id")
    return {
        order.pk: probe_of(order)
        for part in _chunks(sorted(wanted))
        for order in HotlineOrder.objects.filter(pk__in=part, centre=centre_id).only(*columns).iterator(chunk_size=500)
    }


def _against(probe: Probe, order: Probe, *, in_window: bool) -> Alike:
    score, why = _reasons(probe, order) if in_window else (0, [])
    return _with_text(probe, order, score, why, order_id=order.pk)


def _among(probe: Probe, other: Probe, place: int) -> Alike:
    return _with_text(probe, other, *_reasons(probe, other), place=place)


def _reasons(one: Probe, other: Probe) -> tuple[int, list[str]]:
    elsewhere = bool(one.hospital_id and other.hospital_id and one.hospital_id != other.hospital_id)
    score, why = 0, []
    if one.id_key and one.id_key == other.id_key:
        score, why = ID_SCORE, ["同证"]
    if one.phone_key and one.phone_key == other.phone_key:
        score, why = (
            max(score, ELSEWHERE if elsewhere else PHONE_SCORE),
            [*why, "同号（医院不同）" if elsewhere else "同号"],
        )
    if (
        one.caller_key
        and one.caller_key == other.caller_key
        and one.hospital_id
        and one.hospital_id == other.hospital_id
    ):
        score, why = max(score, NAME_SCORE), [*why, "同院同名"]
    return score, why


def _with_text(one: Probe, other: Probe, score: int, why: list[str], **whom: int | None) -> Alike:
    text = compared(one.gist, other.gist)
    if text >= ALIKE:
        score, why = max(score, text), [*why, f"文字相似 {text}%"]
    return Alike(score, tuple(why), **whom)


def _chunks(values: Sequence[Value]) -> Iterator[Sequence[Value]]:
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]
