"""Where the names of the table meet the code that knows patients and papers.

The table names conditions, advice and steps; the subjects of ``mediation`` register what they mean here. The engine asks
the registry and never imports a subject, so that the law stays free of people. ``checks`` proves that no name is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from workflow.vocabulary import Role, Step

Case = Any  # the concrete case model lives in mediation.cases; mypy cannot follow a model that is plugged in


class Refused(Exception):
    """A step that the law or the data does not allow; ``str()`` is a sentence a clerk understands.

    ``field`` names the fact to put right, so that a form can show the sentence beside it.
    """

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


class Stale(Refused):
    """The case has moved on since the form was rendered; nothing was done (HTTP 409)."""


class Busy(Refused):
    """Somebody else held the case for longer than anybody should wait; nothing was done (HTTP 503)."""


class NotAllowed(Refused):
    """The person takes part in this case, but none of the roles held may do this (HTTP 403)."""


class NotYours(Refused):
    """The person holds no role here that may do this; to strangers the case does not exist (HTTP 404)."""


@dataclass(frozen=True)
class Right:
    """On whose behalf somebody acts: the role and the organisation it is held on (none for time)."""

    role: Role
    organisation_id: int | None = None


@dataclass
class Move:
    """A step while it is being performed: what is known, and what its effect leaves behind.

    ``data`` goes into the append-only event and must hold codes and references only; ``facts`` are what was typed and
    are kept sealed. ``extension`` is a number of working days or a date, for steps that extend a clock; ``marks`` are
    marks on clocks beyond those the table names (``reckoning.new_mark``). ``warnings`` are Chinese sentences that the
    page shows after a step that was taken although something speaks against it.
    """

    case: Case
    step: Step
    by: Any
    right: Right
    now: datetime
    happened_on: date
    facts: Mapping[str, Any]
    data: dict[str, Any] = field(default_factory=dict)
    target: str = ""
    outcome: str = ""
    extension: int | date | None = None
    papers: list[str] = field(default_factory=list)
    marks: list[Any] = field(default_factory=list)
    issued: list[int] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    seq: int = 0

    @property
    def role(self) -> Role:
        """The role acted in."""
        return self.right.role


class Office(Protocol):
    """What the engine asks of, and tells, the world of people and papers."""

    def rights(self, case: Case, user: Any) -> frozenset[Right]:
        """Every role that ``user`` holds towards this case."""

    def holder(self, case: Case) -> tuple[Role, int | None, int | None]:
        """Who is awaited in the case's present state: role, organisation and, where it is one person, who."""

    def keep(self, move: Move) -> str:
        """Seal what was typed; answer its keyed digest (64 hex digits, or empty when nothing was typed)."""

    def issue(self, move: Move, paper: str) -> None:
        """Ask for a document: a numbered row and a message to the worker, in this transaction."""

    def tell(self, move: Move, whom: Iterable[str]) -> None:
        """Leave a notice for those the table names, and for whoever has the case next."""

    def obligation_due_on(self, case: Case) -> date | None:
        """The next date of performance, for the clock that instalments set."""


Condition = Callable[[Case, date], str | None]
Foundation = Callable[[Case], date | None]
Effect = Callable[..., None]
CONDITIONS: dict[str, Condition] = {}
ADVICE: dict[str, Condition] = {}
FOUNDATIONS: dict[str, tuple[str, Foundation]] = {}
EFFECTS: dict[str, Effect] = {}


def condition(function: Condition) -> Condition:
    """Register a condition under its own name: it answers ``None``, or the reason why the step is not possible."""
    CONDITIONS[function.__name__] = function
    return function


def advice(function: Condition) -> Condition:
    """Register advice under its own name: a sentence that is shown and does not block, or ``None``."""
    ADVICE[function.__name__] = function
    return function


def foundation(what: str) -> Callable[[Foundation], Foundation]:
    """Register, under the function's name, the day on which something became so; ``what`` names it in Chinese."""

    def register(function: Foundation) -> Foundation:
        FOUNDATIONS[function.__name__] = (what, function)
        return function

    return register


def effect(function: Effect) -> Effect:
    """Register what a step does to the facts, under the step's name.

    Called as ``function(move, **facts)`` inside the transaction, before the case moves. Its keyword-only parameters are
    the facts that the step takes; it raises :class:`Refused` for facts that the law does not accept.
    """
    EFFECTS[function.__name__.rstrip("_")] = function
    return function
