"""The system's chain as the auditor reads it, and beside it every look behind a mask, which stands in a case's own chain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Q, QuerySet

from mediation.cases.case import DisputeCase
from mediation.cases.revealable import REVEALABLE
from mediation.hotline.order import HotlineOrder
from mediation.organisations.models import Organisation, User
from mediation.oversight.wording import EVENTS, GROUPS, KEYS
from workflow.records import Event
from workflow.vocabulary import Role

Names = Mapping[str, Mapping[Any, str]]


def events(group: str) -> QuerySet[Event]:
    """What is watched, of one group of kinds or of all."""
    watched = Event.objects.filter(Q(chain="system") | Q(kind="reveal"))  # the words of the index event_watched
    kinds = [kind for kind in EVENTS if GROUPS[group][1](kind)] if group in GROUPS else []
    return watched.filter(kind__in=kinds) if kinds else watched


def described(rows: Sequence[Event]) -> list[dict[str, Any]]:
    """Each event with who did it, what it is called, and what it was about, in Chinese; digests stay in the record."""
    names = _names(rows)
    return [
        {
            "event": row, "who": names["account"].get(row.actor_id or 0, "系统"), "what": EVENTS.get(row.kind, row.kind),
            "about": [*_chain(row, names), *_about(row.data, names)],
        }
        for row in rows
    ]  # fmt: skip


def _names(rows: Sequence[Event]) -> Names:
    """What the numbers in the events stand for, a query for each kind of thing."""

    def numbers(*keys: str) -> set[int]:
        return {row.data[key] for row in rows for key in keys if isinstance(row.data.get(key), int)}

    cases = numbers("case", "from_case") | {_case(row) for row in rows if row.kind == "reveal"}
    people = User.objects.filter(pk__in=numbers("account") | {row.actor_id for row in rows if row.actor_id})
    return {
        "case": {case.pk: case.title for case in DisputeCase.objects.filter(pk__in=cases).only("number")},
        "order": dict(HotlineOrder.objects.filter(pk__in=numbers("order", "other")).values_list("pk", "number")),
        "account": {user.pk: user.get_full_name() or user.username for user in people},
        "role": {role.value: role.label for role in Role},
        "what": {"cases": "案件", "replies": "工单答复"},
        "organisation": dict(Organisation.objects.filter(pk__in=numbers("organisation")).values_list("pk", "name")),
    }


def _case(row: Event) -> int:
    return int(row.chain.rpartition("-")[2])


def _chain(row: Event, names: Names) -> Iterable[str]:
    if row.kind == "reveal":
        yield f"案件：{names['case'].get(_case(row), '—')}"


def _about(data: Mapping[str, Any], names: Names) -> Iterable[str]:
    for key, value in data.items():
        if key == "fields" and all(isinstance(one, str) for one in value):
            yield f"内容：{'、'.join(_field(one) for one in value)}"
        elif key in KEYS and not (isinstance(value, str) and len(value) == 64):
            label, kind = KEYS[key]
            yield f"{label}：{names[kind].get(value, value) if kind else value}"


def _field(name: str) -> str:
    kind, _, field = name.partition(".")
    return REVEALABLE.get(kind, {}).get(field, name)
