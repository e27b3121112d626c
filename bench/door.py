"""The door against the two opponents: nine steps of a case, the same rows, interleaved round by round."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db import connection

from bench.measure import Figures, Spent, spent, spread, statements
from bench.opponents import floor, gated
from bench.walk import NOW, Act, nine, registered
from mediation.cases.case import CaseTask, DisputeCase
from mediation.cases.record import Notice, StepFacts
from mediation.documents.models import IssuedDocument
from mediation.organisations.models import User
from workflow import engine
from workflow.outbox import OutboxMessage
from workflow.records import Event
from workflow.rulebook import ClockMark

Take = Callable[[int, str, User, datetime, Mapping[str, Any]], None]


def through_the_door(pk: int, name: str, by: User, now: datetime, facts: Mapping[str, Any]) -> None:
    """The product's way."""
    engine.perform(DisputeCase(pk=pk), name, by=by, now=now, **facts)


PEERS: dict[str, Take] = {"door": through_the_door, "floor": floor.take, "gated": gated.take}


def fresh(user: User) -> User:
    """The person as a new request knows them: no role and no permission is remembered."""
    person = copy.copy(user)
    for name in ("_roles", "_perm_cache", "_user_perm_cache", "_group_perm_cache"):
        person.__dict__.pop(name, None)
    return person


def walk(take: Take, pk: int, acts: list[Act]) -> None:
    """All nine steps on one case."""
    for act in acts:
        take(pk, act.step, fresh(act.by), NOW, act.facts)


def prepare(peer: str, count: int) -> list[int]:
    """Cases that wait for their first step; nobody is timed while they are registered."""
    cases = registered(count)
    if peer == "gated":
        for pk in cases:
            gated.adopt(pk)
    return cases


def round_trips(acts: list[Act]) -> Figures:
    """Statements of every step for every peer, BEGIN and COMMIT included."""
    found: Figures = {}
    _walked("door", acts)  # opens the year's series of document numbers, so that none of the peers pays for it
    for peer, take in PEERS.items():
        (pk,) = prepare(peer, 1)
        counts = {}
        for place, act in enumerate(acts, 1):
            with statements() as seen:
                take(pk, act.step, fresh(act.by), NOW, act.facts)
            counts[f"{place} {act.step}"] = seen.round_trips
        found[peer] = {"steps": counts, "mean": round(sum(counts.values()) / len(counts), 1)}
    return found


def rows_written(pk: int) -> dict[str, int]:
    """Rows of a case by table: the peers have to agree, but for viewflow's own gate tasks and links."""
    by_case = {"StepFacts": StepFacts, "Notice": Notice, "IssuedDocument": IssuedDocument}
    rows = {name: model.objects.filter(case=pk).count() for name, model in by_case.items()}
    rows |= {
        "ClockMark": ClockMark.objects.filter(case_id=pk).count(),
        "OutboxMessage": OutboxMessage.objects.filter(case_id=pk).count(),
    }
    rows["Event"] = Event.objects.filter(chain=f"case-{pk}").count()
    rows["CaseTask"] = CaseTask.objects.filter(process=pk).count()
    rows["task links"] = CaseTask.previous.through.objects.filter(from_casetask__process=pk).count()
    return rows


def rounds(acts: list[Act], many: int, cases: int, chance: random.Random) -> Iterator[dict[str, Spent]]:
    """One measured round after the other; within a round the peers come in an order of chance."""
    for number in range(many + 1):
        waiting = {peer: prepare(peer, cases) for peer in PEERS}
        taken: dict[str, Spent] = {}
        for peer in chance.sample(list(PEERS), len(PEERS)):
            with spent() as used:
                for pk in waiting[peer]:
                    walk(PEERS[peer], pk, acts)
            taken[peer] = used
        if number:  # the first round warms caches and plans
            yield taken


def compare(*, many: int = 9, cases: int = 6, seed: int = 1) -> Figures:
    """Throughput and processor ratios of the door against each opponent, on the database in use."""
    acts = nine()
    trips = round_trips(acts)
    measured = list(rounds(acts, many, cases, random.Random(seed)))  # noqa: S311 — the order of the peers is no secret
    steps = cases * len(acts)
    figures: Figures = {
        "database": connection.vendor, "rounds": many, "steps a round": steps, "round trips": trips,
        "milliseconds a step": {
            peer: spread([1000 * taken[peer].wall / steps for taken in measured], 2) for peer in PEERS
        },
        "processor milliseconds a step": {
            peer: spread([1000 * taken[peer].cpu / steps for taken in measured], 2) for peer in PEERS
        },
    }  # fmt: skip
    for opponent in ("floor", "gated"):
        figures[f"throughput, door over {opponent}"] = spread([t[opponent].wall / t["door"].wall for t in measured], 2)
        figures[f"processor, door over {opponent}"] = spread([t["door"].cpu / t[opponent].cpu for t in measured], 2)
    figures["rows of a case"] = {peer: rows_written(_walked(peer, acts)) for peer in PEERS}
    return figures


def _walked(peer: str, acts: list[Act]) -> int:
    (pk,) = prepare(peer, 1)
    walk(PEERS[peer], pk, acts)
    return pk
