"""How a case looks in a row: deadline chip, state tag, money, and the next step to take. Plain data for the templates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone

from mediation.cases.case import DisputeCase
from workflow.lifecycle import FINAL, STATES, STEPS
from workflow.periods import Unit
from workflow.rulebook import calendar_of, rules_of
from workflow.urgency import urgency_of

Chip = dict[str, str]
Row = dict[str, Any]

# The work of a state, the usual next step first: what the action bar shows as buttons. Everything else is in its menu.
WORK: dict[str, tuple[str, ...]] = {
    "registered": ("dispatch", "apply_directly", "divert"),
    "town_pending": ("sign_for", "decline", "redirect"),
    "town_handling": ("escalate", "log_contact", "settle_locally", "guide_to_apply", "resolve"),
    "escalated": ("take_over", "send_back"),
    "under_review": ("accept", "record_application", "record_consent", "declare_routes", "seek_consent", "send_back"),
    "awaiting_consent": ("consent_given", "consent_refused"),
    "awaiting_assignment": ("assign",),
    "investigating": ("convene", "record_investigation", "sign_rights_notice", "start_appraisal"),
    "under_appraisal": ("finish_appraisal", "record_investigation"),
    "in_mediation": ("draft_agreement", "record_meeting", "start_appraisal", "fail"),
    "agreement_drafted": ("conclude", "mark", "redraft"),
    "lapsed": ("confirm_lapse", "restore"),
    "performing": ("performed", "record_payment", "log_contact"),
    "follow_up": ("visit", "log_contact"),
    "closing": ("close", "submit_dossier"),
    "closed": ("add_paper", "record_payment", "visit_again"),
}  # fmt: skip


# Where the first of the work closes the state, a row of a list offers what has to be done many times before.
USUAL = {"agreement_drafted": "mark", "performing": "record_payment"}


def deadline_chip(case: DisputeCase, today: date) -> Chip:
    """The chip for the date of the present state: icon kind, words, and the date below."""
    if case.state == FINAL:
        return {"kind": "hold", "text": "已结案", "sub": f"{case.closed_on:%Y-%m-%d}" if case.closed_on else ""}
    if case.stopped and case.state == "under_appraisal":
        return {"kind": "hold", "text": "已停表", "sub": f"鉴定 自 {case.entered_on:%m-%d}"}
    if case.due_on is None:
        return {"kind": "hold", "text": "未起算", "sub": case.clock_label}
    calendar = calendar_of(case.calendar_edition)
    badge = urgency_of(case.due_on, today, calendar, unit=_unit(case), provisional=case.due_provisional)
    return {"kind": badge.level.value, "text": badge.words, "sub": f"{case.clock_label} {case.due_on:%m-%d}"}


def _unit(case: DisputeCase) -> Unit:
    """What the present period is counted in; an instalment has a date of its own and no period."""
    clock = case.stage.clock
    return Unit.NATURAL_DAYS if clock == "performance" else rules_of(case.rulebook_id).period(clock).unit


def state_kind(case: DisputeCase) -> str:
    """The colour of the state tag; the words always stand beside it."""
    if case.state == FINAL:
        return "ok" if case.outcome in ("settled", "partly_settled", "mediated_by_town", "settled_by_town") else ""
    return "warn" if case.state == "lapsed" else "b1"


def row_of(case: DisputeCase, today: date, *, acting: bool) -> Row:
    """One line of a list. Reads nothing that the list's query has not loaded."""
    chip = deadline_chip(case, today)
    hospitals = [respondent.hospital.name for respondent in case.respondents.all() if respondent.kept]
    return {
        "number": case.title, "url": case.get_absolute_url(), "source": case.get_source_display(),
        "patient": case.patient_label or "—", "hospital": "、".join(hospitals) or "—",
        "town": case.town.name if case.town else "—", "state_label": case.state_label, "state_kind": state_kind(case),
        "sla": chip, "claimed": case.claimed_amount, "latest": case.latest_step,
        "latest_at": case.latest_at and timezone.localtime(case.latest_at), "step": next_step(case, acting=acting),
        "is_late": chip["kind"] == "late",
    }  # fmt: skip


def next_step(case: DisputeCase, *, acting: bool) -> dict[str, str] | None:
    """The button at the end of a row: the usual next step for those who are awaited, else a look."""
    if not acting or case.state == FINAL:
        return {"label": "查看", "url": case.get_absolute_url(), "kind": ""}
    name = USUAL.get(case.state) or WORK[case.state][0]
    return {"label": STEPS[name].label, "url": step_url(case, name), "kind": "p"}


def step_url(case: DisputeCase, name: str) -> str:
    """The page of a step on a case."""
    return reverse("cases:step", args=[case.number, name])


PHASES = tuple(dict.fromkeys(state.phase for state in STATES.values()))


def stepper(case: DisputeCase, visited: Iterable[tuple[str, date]]) -> list[dict[str, str]]:
    """The phases of a case from registration to closure: done, now, to come; skipped ones are marked as such."""
    dates: dict[str, date] = {}
    for state, on in visited:
        dates.setdefault(STATES[state].phase, on)
    now = PHASES.index(case.stage.phase)
    steps = []
    for place, phase in enumerate(PHASES):
        kind = (
            "now"
            if place == now
            else "done"
            if place < now and phase in dates
            else "skipped"
            if place < now
            else "todo"
        )
        if place > now + 1:
            kind = "far"
        sub = (
            "进行中"
            if kind == "now"
            else f"{dates[phase]:%m-%d}"
            if kind == "done"
            else "未经"
            if kind == "skipped"
            else ""
        )
        steps.append({"label": phase, "sub": sub, "kind": kind})
    if case.state == FINAL:
        steps[-1] |= {"kind": "done", "sub": f"{case.closed_on:%m-%d}" if case.closed_on else ""}
    return steps
