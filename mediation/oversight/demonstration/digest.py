"""What two performances of the same seed and day must have in common: numbers, states, dates, texts, steps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from mediation.cases.case import DisputeCase
from mediation.hotline.models import HotlineOrder
from mediation.organisations.models import Organisation, User
from workflow.records import Event

SAID = {
    "parties": ("kind", "name", "phone", "id_no", "born_on", "address", "since", "until"),
    "contacts": ("side", "at", "reached", "content"), "papers": ("kind", "side", "title", "received_on"),
    "consents": ("side", "given", "on", "means"), "meetings": ("at", "result", "content"),
    "agreements": ("kind", "drafted_on", "total_amount", "content", "effective_on", "superseded"),
    "visits": ("at", "result", "satisfaction"), "documents": ("kind", "number", "dated_on", "side"),
}  # fmt: skip
COLUMNS = (
    "number", "state", "level", "outcome", "outcome_code", "received_on", "entered_on", "due_on", "accepted_on",
    "mediation_due_on", "closed_on", "retention", "claimed_amount", "summary", "diagnosis",
)  # fmt: skip
ORDER = ("number", "state", "category", "received_at", "due_on", "title", "content", "caller", "reply", "rating")


def digest(cases: Iterable[DisputeCase]) -> str:
    """One SHA-256 over the cases given and the orders there are. Keys, hashes and row numbers have no part in it."""
    seal, who = sha256(), _names()
    steps = _steps(who)
    for case in sorted(cases, key=lambda one: one.number):
        seal.update(_line(case, COLUMNS))
        for line in steps.get(case.chain, ()):
            seal.update(line)
        for related, columns in SAID.items():
            for row in getattr(case, related).order_by("pk"):
                seal.update(_line(row, columns))
    for order in HotlineOrder.objects.order_by("number"):
        seal.update(_line(order, ORDER))
    return seal.hexdigest()


def _line(row: Any, columns: Iterable[str]) -> bytes:
    return ("\x1f".join(str(getattr(row, column)) for column in columns) + "\n").encode()


def _names() -> dict[str, dict[int | None, str]]:
    """People and offices by what they are called: their row numbers differ from one database to the next."""
    return {
        "actor_id": {None: "", **dict(User.objects.values_list("pk", "username"))},
        "organisation_id": {None: "", **dict(Organisation.objects.values_list("pk", "code"))},
    }


def _steps(names: dict[str, dict[int | None, str]]) -> dict[str, list[bytes]]:
    found: dict[str, list[bytes]] = defaultdict(list)
    for event in Event.objects.filter(chain__startswith="case-").order_by("chain", "seq").iterator():
        by = (names[column].get(getattr(event, column), "") for column in names)
        said = (
            event.seq,
            event.kind,
            event.source,
            event.target,
            event.happened_on,
            event.recorded_at,
            event.role,
            *by,
        )
        found[event.chain].append(("\x1f".join(map(str, said)) + "\n").encode())
    return found
