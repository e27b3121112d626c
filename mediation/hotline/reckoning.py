"""The order's own clock: 2, 10 or 15 working days from the hotline's receipt, whatever the case does (R26)."""

from __future__ import annotations

from datetime import date

from mediation.hotline.order import Appeal
from workflow.clocks import Deadline, Mark, MarkKind, deadline
from workflow.rulebook import calendar_of, rules_of

RULES = {
    Appeal.CONSULT: "hotline_consultation", Appeal.HELP: "hotline_help", Appeal.SUGGEST: "hotline_suggestion",
    Appeal.COMPLAIN: "hotline_complaint", Appeal.REPORT: "hotline_report", Appeal.PRAISE: "hotline_praise",
}  # fmt: skip


def due_of(appeal: str, received_on: date, rulebook_id: int, edition: int, *, today: date | None = None) -> Deadline:
    """By when an order of this kind must be answered, with the day-by-day ledger."""
    period = rules_of(rulebook_id).period(RULES[Appeal(appeal)])
    return deadline(period, [Mark(MarkKind.START, received_on)], calendar_of(edition), today=today)
