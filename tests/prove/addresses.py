"""Every address of the site as the resolver has it, and an example of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

EXAMPLES = {
    "int": "987654321",
    "str": "2026-99999",
    "slug": "facts",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "path": "x",
}
"""What stands in an address where a parameter does; none of these rows exists."""

INVENTORY = {
    "healthz", "readyz", "login/", "logout/", "session/", "account/password/", "help/", "admin/…",
    "", "desk/", "desk/sheet/", "search/", "notices/", "notices/read/", "notices/<int:pk>/", "cases/", "cases/export/",
    "cases/new/", "cases/new/draft/", "cases/new/similar/", "cases/<str:number>/", "cases/<str:number>/tab/<slug:tab>/",
    "cases/<str:number>/print/", "cases/<str:number>/ledger/<slug:clock>/", "cases/<str:number>/papers/<uuid:uid>/",
    "cases/<str:number>/<slug:name>/", "cases/<str:number>/<slug:name>/draft/", "cases/<str:number>/documents/<uuid:uid>/",
    "orders/", "orders/new/", "orders/export/", "orders/import/", "orders/import/sample/", "orders/import/<int:pk>/",
    "orders/import/<int:pk>/columns/", "orders/import/<int:pk>/take-in/", "orders/import/<int:pk>/discard/", "orders/import/<int:pk>/progress/",
    "orders/import/<int:pk>/again/",
    "orders/<int:pk>/", "orders/<int:pk>/wording/", "orders/<int:pk>/case/", "orders/<int:pk>/case/leave/",
    "orders/<int:pk>/reveal/", "orders/<int:pk>/same/<int:other>/", "orders/<int:pk>/<slug:name>/",
    "oversight/calendar/", "oversight/calendar/sample/", "oversight/rules/", "oversight/outbox/", "oversight/outbox/<int:pk>/retry/", "oversight/trail/",
    "oversight/late/",
}  # fmt: skip
"""Every address, written by hand: a new one is listed here, and so is asked about by the tests of this package."""

FOR_EVERYBODY = {"healthz", "readyz", "login/"}


def addresses(patterns: list[Any] | None = None, before: str = "") -> Iterator[str]:
    """Every route of the resolver as it was written, prefixes included."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from addresses(one.url_patterns, route)
        elif isinstance(one, URLPattern):
            yield route


def example(route: str) -> str:
    """A path that the route matches."""
    plain = re.sub(r"<(?:(\w+):)?\w+>", lambda found: EXAMPLES[found[1] or "str"], route)
    plain = re.sub(r"\(\?P<\w+>[^)]*\)", "x", plain)
    return "/" + plain.replace("^", "").replace("$", "").replace("\\Z", "")


def summary(route: str) -> str:
    """The route as the inventory lists it: the administration's own pages count as one."""
    return "admin/…" if route.startswith("admin/") else route
