"""Lists and pages with 10⁴, 10⁵ and 10⁶ cases: one PostgreSQL database for each size, measured in turn."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from django.db import connection
from django.test import Client

from bench.bulk import FIRST, PEOPLE
from bench.measure import Figures, percentile, statements
from mediation.cases.case import DisputeCase, DisputeCaseQuerySet, ways_to
from mediation.cases.pages.lists import my_tasks, walks_to_tasks, with_hospitals
from mediation.cases.pages.paging import Keyset, count_text
from mediation.cases.pages.shell import unread
from mediation.cases.search import found
from mediation.organisations.models import User
from workflow.rulebook import forget

Probe = Callable[[User], Any]


def worklist(user: User) -> Any:
    """The first page of the desk: tasks by date with their cases, towns and hospitals."""
    tasks = my_tasks(user).select_related("process__town")
    keys = Keyset(tasks, ("due_on", "pk"), {}, walks_to_tasks(user))
    return with_hospitals(keys.rows)


def case_list(user: User) -> Any:
    """The first page of the case list, and how many there are."""
    cases = DisputeCase.objects.visible_to(user)
    rows = cases.select_related("town").prefetch_related("respondents__hospital")
    return Keyset(rows, ("-latest_at", "-pk"), {}, _walks(user)).rows, count_text(cases, _walks(user))


def _walks(user: User) -> list[DisputeCaseQuerySet]:
    return [DisputeCase.objects.filter(way) for way in ways_to(user)]


def deep_list(user: User) -> Any:
    """The page behind the first: where it begins is known by key."""
    cases, order = DisputeCase.objects.visible_to(user), ("-latest_at", "-pk")
    (asked,) = parse_qsl(Keyset(cases, order, {}, _walks(user)).page()["next_url"].lstrip("?"))
    return Keyset(cases, order, dict([asked]), _walks(user)).rows


def _search(words: str) -> Probe:
    def probe(user: User) -> Any:
        cases = found(DisputeCase.objects.visible_to(user), words, user).select_related("town")
        return Keyset(cases, ("-latest_at", "-pk"), {}).rows

    return probe


PROBES: dict[str, Probe] = {
    "worklist": worklist,
    "case list": case_list,
    "second page": deep_list,
    "unread notices": unread,
    "search by phone": _search("13900004321"),
    "search by name": _search("欧阳示例"),
    "search by number": _search("4242"),
    "search by hospital": _search("示例人民"),
}
ASKED: dict[str, tuple[str, ...]] = {
    "worklist": ("town_wang", "clerk_chen", "director_xu", "mediator_sun", "hotline_lin"),
    "case list": ("town_wang", "clerk_chen", "mediator_sun", "hotline_lin", "liaison_he", "supervisor_zhou"),
    "second page": ("town_wang", "supervisor_zhou"),
    "unread notices": ("town_wang",),
    **{name: ("town_wang", "clerk_chen") for name in PROBES if name.startswith("search")},
}
PAGES = ("/desk/", "/cases/", "search by phone", "/cases/?due=late", "/notices/")


def use(database: str) -> None:
    """From here on the connection goes to this database."""
    connection.close()
    connection.settings_dict["NAME"] = database
    forget()


def people() -> dict[str, User]:
    return {user.username: user for user in User.objects.filter(username__in=PEOPLE)}


def timed(probe: Probe, user: User) -> float:
    """Milliseconds of one reading; the roles are known, as in the middle of a request."""
    user.roles()
    begun = time.perf_counter()
    probe(user)
    return 1000 * (time.perf_counter() - begun)


def lists(databases: dict[str, str], *, rounds: int = 9, readings: int = 15) -> Figures:
    """p50 and p95 of every list at every size, the sizes in turn; and how the largest compares with the smallest."""
    times: dict[tuple[str, str, str], list[float]] = {}
    for number in range(rounds + 1):
        for size, database in databases.items():
            use(database)
            cast = people()
            for name, who in ((name, who) for name, asked in ASKED.items() for who in asked):
                timed(PROBES[name], cast[who])  # the connection is new: its caches are not what is measured
                measured = [timed(PROBES[name], cast[who]) for _ in range(readings)]
                if number:
                    times.setdefault((name, who, size), []).extend(measured)
    return {f"{name}, {who}": _row(times, name, who, list(databases)) for name, asked in ASKED.items() for who in asked}


def _row(times: dict[tuple[str, str, str], list[float]], name: str, who: str, sizes: list[str]) -> Figures:
    found = {size: times[name, who, size] for size in sizes}
    row: Figures = {
        size: {"p50 ms": round(percentile(values, 0.5), 2), "p95 ms": round(percentile(values, 0.95), 2)}
        for size, values in found.items()
    }
    first, last = found[sizes[0]], found[sizes[-1]]
    row["p95, largest over smallest"] = round(percentile(last, 0.95) / percentile(first, 0.95), 2)
    row["p50, largest over smallest"] = round(percentile(last, 0.5) / percentile(first, 0.5), 2)
    return row


def queries() -> Figures:
    """How many queries every list takes, in the database in use."""
    cast, counts = people(), {}
    for name, asked in ASKED.items():
        for who in asked:
            cast[who].roles()
            with statements() as seen:
                PROBES[name](cast[who])
            counts[f"{name}, {who}"] = len(seen)
    return counts


def worklist_plan(user: User) -> list[str]:
    """The indexes that PostgreSQL reads for the first page of a worklist."""
    tasks = my_tasks(user).order_by("due_on", "pk")[:21]
    (plan,) = json.loads(tasks.explain(format="json"))
    return sorted(set(_indexes(plan["Plan"])))


def _indexes(node: dict[str, Any]) -> list[str]:
    read = node.get("Index Name") or (node["Node Type"] if "Relation Name" in node else None)
    return [read] * (read is not None) + [name for child in node.get("Plans", []) for name in _indexes(child)]


def pages(*, rounds: int = 9) -> Figures:
    """Whole requests through middleware, view and template, in the database in use: milliseconds, queries, kilobytes."""
    cast = people()
    number = DisputeCase.objects.get(pk__lt=FIRST, state="town_handling").number
    wanted = [(who, path) for who in ("town_wang", "clerk_chen") for path in (*PAGES, f"/cases/{number}/")]
    clients = {who: Client(SERVER_NAME="127.0.0.1") for who in ("town_wang", "clerk_chen")}
    for who, client in clients.items():
        client.force_login(cast[who], "django.contrib.auth.backends.ModelBackend")
    searched = {who: client.post("/cases/", {"q": "13900004321"})["Location"] for who, client in clients.items()}
    found: dict[str, Figures] = {}
    for number_of_round in range(rounds + 1):
        for who, path in wanted:
            begun = time.perf_counter()
            with statements() as seen:
                answer = clients[who].get(searched[who] if path == "search by phone" else path)
            taken = 1000 * (time.perf_counter() - begun)
            if answer.status_code != 200:
                raise RuntimeError(
                    f"{path} answers {answer.status_code} to {who}"
                )  # an error page is quick, and no page
            name = f"{who} {'/cases/<number>/' if path.startswith('/cases/2') else path}"
            page = found.setdefault(name, {"ms": [], "queries": 0, "kB": 0})
            page["queries"], page["kB"] = len(seen), round(len(answer.content) / 1024)
            if number_of_round:
                page["ms"].append(taken)
    for page in found.values():
        page["ms"] = {"p50": round(percentile(page["ms"], 0.5), 1), "max": round(max(page["ms"]), 1)}
    return found
