"""The engine's own rows, gathered here because Django looks for models in this module."""

from workflow.outbox import OutboxMessage, WorkerLease
from workflow.records import AnchorLine, Chain, Event
from workflow.rulebook import CalendarEdition, ClockMark, Rule, Rulebook, SpecialDay

__all__ = [
    "AnchorLine", "CalendarEdition", "Chain", "ClockMark", "Event", "OutboxMessage", "Rule", "Rulebook", "SpecialDay",
    "WorkerLease",
]  # fmt: skip
