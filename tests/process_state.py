"""What lives as long as the process: everything that hangs on our modules and classes, and on objects of Django's.

``standing()`` walks from the modules of ``workflow`` and ``mediation`` through containers, functions, classes and
instances, and answers what stands at each path; two answers compared say what has been changed in between. ``caches()``
finds the functions whose results are kept.
"""

from __future__ import annotations

import csv
import functools
import gc
import os
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from importlib import import_module
from pathlib import Path, PurePath
from types import BuiltinFunctionType, FunctionType, MappingProxyType, MethodType, ModuleType
from typing import Any

from django import forms
from django.contrib import admin
from django.db import connection, models

ROOT = Path(__file__).resolve().parent.parent
OURS = ("workflow", "mediation")
PLAIN = (str, int, float, bytes, bool, type(None), Decimal, date, time, timedelta, Enum, PurePath, range, slice)
WALKED = (forms.Field, forms.Widget, forms.BaseForm, admin.ModelAdmin)
"""Objects of Django's that our modules hang on classes, and that a careless form or page would change for everybody."""
NAMED = (type, FunctionType, BuiltinFunctionType, ModuleType, models.Field)
"""What is no value but part of the program."""
LEFT_OUT = frozenset(
    {"__builtins__", "__dict__", "__weakref__", "__doc__", "__annotations__", "_meta", "__warningregistry__"}
)
CACHE = type(functools.lru_cache(lambda: None))

State = dict[str, Any]


def modules() -> list[ModuleType]:
    """All of our modules, loaded now where they were not yet; migrations are history."""
    paths = (path.relative_to(ROOT) for room in OURS for path in sorted((ROOT / room).rglob("*.py")))
    names = (path.with_suffix("").parts for path in paths if "migrations" not in path.parts)
    return [import_module(".".join(parts).removesuffix(".__init__")) for parts in names]


def standing() -> State:
    """What stands at each path. Objects are kept alive by the answer, so that none can take another's identity."""
    walk = _Walk()
    for module in modules():
        walk.names(module.__name__, vars(module))
    for model, page in admin.site._registry.items():
        if type(page).__module__.partition(".")[0] in OURS:
            walk.visit(f"admin.site[{model.__name__}]", page)
    walk.names("django.db.connection", vars(connection))
    walk.found["warnings.filters"] = repr(warnings.filters)
    walk.found["os.environ"] = repr(sorted(os.environ.items()))
    walk.found["csv.field_size_limit"] = csv.field_size_limit()
    return walk.found


def changes(before: State, after: State) -> list[str]:
    """The paths at which something else stands, is new, or is gone."""
    return [path for path in {**before, **after} if not _same(before.get(path, path), after.get(path, path))]


def _same(one: Any, other: Any) -> bool:
    return one is other or (isinstance(one, PLAIN) and type(one) is type(other) and one == other)


def caches() -> dict[str, Any]:
    """Every function of ours whose results are kept, by its full name."""
    return {
        f"{module.__name__}.{name}": value
        for module in modules()
        for name, value in vars(module).items()
        if isinstance(value, CACHE) and value.__module__ == module.__name__
    }


def kept_by(cache: Any) -> Iterator[Any]:
    """Keys and results that a cache holds now; only the garbage collector can list them."""
    has_links = cache.cache_parameters()["maxsize"] is not None  # then its own dictionary holds links to the results
    for held in gc.get_referents(cache):
        if held is cache.__wrapped__ or held is vars(cache):
            continue
        if not isinstance(held, dict):
            yield held
        elif not has_links:
            yield from held.values()
        elif cache.cache_info().currsize and any(type(one).__module__ != "functools" for one in held.values()):
            yield held


def mutable_parts(value: Any) -> Iterator[str]:
    """The types of whatever in a value could be changed: nothing for a value that threads may share without thought."""
    if isinstance(value, PLAIN + NAMED) or type(value) is object or type(value).__module__ in ("types", "typing"):
        return
    if isinstance(value, tuple | frozenset):
        parts = list(value)
    elif isinstance(value, MappingProxyType):
        parts = [*value, *value.values()]
    elif is_dataclass(value) and type(value).__dataclass_params__.frozen:  # type: ignore[union-attr]
        parts = [*(getattr(value, field.name) for field in fields(value)), *getattr(value, "__dict__", {}).values()]
    else:
        yield f"{type(value).__module__}.{type(value).__qualname__}"
        return
    for part in parts:
        yield from mutable_parts(part)


class _Walk:
    """One walk over all that can be reached; whatever was met before is named by where it was met."""

    def __init__(self) -> None:
        self.found: State = {}
        self._met: dict[int, Any] = {}

    def names(self, path: str, names: Mapping[str, Any]) -> None:
        for name, value in list(names.items()):
            if name not in LEFT_OUT:
                self.visit(f"{path}.{name}", value)

    def visit(self, path: str, value: Any) -> None:
        self.found[path] = value
        if isinstance(value, PLAIN) or id(value) in self._met:
            return
        self._met[id(value)] = value
        if isinstance(value, ModuleType | CACHE | models.Manager):
            return
        if isinstance(value, Mapping) and isinstance(value, dict | MappingProxyType):
            self.found[f"{path} keys"] = " ".join(map(repr, value))
            for key, part in list(value.items()):
                self.visit(f"{path}[{key!r}]", part)
        elif isinstance(value, list | tuple):
            self.found[f"{path} length"] = len(value)
            for place, part in enumerate(value):
                self.visit(f"{path}[{place}]", part)
        elif isinstance(value, set | frozenset):
            self.found[f"{path} members"] = " ".join(sorted(map(repr, value)))
        elif isinstance(value, FunctionType):
            self._function(path, value)
        elif isinstance(value, MethodType | classmethod | staticmethod):
            self.visit(f"{path}.__func__", value.__func__)
        elif isinstance(value, property):
            self.visit(f"{path}.fget", value.fget)
        elif isinstance(value, type):
            if value.__module__.partition(".")[0] in OURS:
                self.names(path, vars(value))
        elif isinstance(value, models.QuerySet):
            self.found[f"{path} rows read"] = value._result_cache is not None
            self.found[f"{path} hints"] = repr(value._hints)
        elif isinstance(value, WALKED) or type(value).__module__.partition(".")[0] in OURS:
            self.names(path, _attributes(value))

    def _function(self, path: str, function: FunctionType) -> None:
        if function.__module__.partition(".")[0] not in OURS:
            return
        self.names(path, vars(function))
        self.visit(f"{path} defaults", function.__defaults__)
        self.visit(f"{path} keyword defaults", function.__kwdefaults__)
        for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
            try:
                self.visit(f"{path} encloses {name}", cell.cell_contents)
            except ValueError:  # a name that is bound later, or never
                self.found[f"{path} encloses {name}"] = "nothing"


def _attributes(value: Any) -> dict[str, Any]:
    slots = (name for kind in type(value).__mro__ for name in getattr(kind, "__slots__", ()))
    return {name: getattr(value, name) for name in slots if hasattr(value, name)} | getattr(value, "__dict__", {})
