"""A paper's context as plain JSON and back: what a document says is frozen when the step asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from types import MappingProxyType, NoneType, UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from mediation.documents.contexts.base import Facts

F = TypeVar("F", bound=Facts)
RENAMED = {"received_at": "received_on", "application_received_at": "application_received_on"}
"""What a field of papers that were frozen earlier is called now; the hour in it was nobody's and is left out."""


def freeze(facts: Facts) -> dict[str, Any]:
    """The facts as JSON values."""
    return {item.name: _frozen(getattr(facts, item.name)) for item in fields(facts)}


def _frozen(value: Any) -> Any:
    if isinstance(value, Facts):
        return freeze(value)
    if isinstance(value, tuple | list):
        return [_frozen(part) for part in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def thaw(kind: type[F], said: dict[str, Any]) -> F:
    """The facts again. Fields that a newer template has and an old document does not keep their defaults."""
    hints: Mapping[str, Any] = _hints(cast("Any", kind))
    named = {name if name in hints else RENAMED.get(name, name): value for name, value in said.items()}
    return kind(**{name: _thawed(hints[name], value) for name, value in named.items() if name in hints})


@cache
def _hints(kind: type[Facts]) -> Mapping[str, Any]:
    return MappingProxyType(get_type_hints(kind))


def _thawed(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    if get_origin(hint) in (Union, UnionType):
        hint = next(part for part in get_args(hint) if part is not NoneType)
    if get_origin(hint) is tuple:
        return tuple(_thawed(get_args(hint)[0], part) for part in value)
    if isinstance(hint, type) and issubclass(hint, Facts):
        return thaw(hint, value)
    if hint is datetime:
        return datetime.fromisoformat(value)
    if hint is date:
        return date.fromisoformat(value[:10])
    return Decimal(value) if hint is Decimal else value
