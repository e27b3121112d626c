"""Corrected dates that clocks run from: the new start corrects the old one and keeps pauses and extensions."""

from __future__ import annotations

from datetime import date
from typing import Any

from mediation.cases.case import DisputeCase
from mediation.cases.parties import Application, Consent
from mediation.cases.registration import IN_FORCE
from mediation.cases.steps.review import foundations
from workflow.clocks import MarkKind
from workflow.lifecycle import STEPS
from workflow.reckoning import new_mark, read_marks
from workflow.records import Event
from workflow.registry import Move, Refused


def correct_acceptance(move: Move, old: date) -> None:
    """The 30 working days run from the true day of acceptance: not before what it rests on, not after what followed."""
    case = move.case
    for on, what in foundations(case):
        if on <= old:  # what was declared or agreed to later is none
            _refuse_before(case.accepted_on, on, what)
    _refuse_after(move, case.accepted_on, _next_move_on(case, "accept"), "受理后下一步办理之日")
    restart(move, "mediation", old, case.accepted_on)
    if case.state == "awaiting_assignment":
        case.entered_on = case.accepted_on
        restart(move, "assignment", old, case.accepted_on)


def correct_application(move: Move, application: Application, old: date) -> None:
    """The review runs from the receipt of the application, and limitation was interrupted on that day (R05, R31)."""
    case, on = move.case, application.received_on
    _refuse_before(on, case.received_on, "案件接收日期")
    _refuse_after(move, on, case.accepted_on, "受理日期")
    given = [consent.on for consent in case.consents.all() if consent.given]
    _refuse_after(move, on, min(given, default=None), "同意调解之日")
    restart(move, "review", old, on)


def correct_consent(move: Move, consent: Consent, old: date) -> None:
    """Consent answers an application and comes before acceptance, but for whoever came in after it."""
    case = move.case
    applied = [application.received_on for application in case.applications.all()]
    if applied:
        _refuse_before(consent.on, min(applied), "收到调解申请之日")
    if not consent.superseded and case.accepted_on is not None and old <= case.accepted_on:
        _refuse_after(move, consent.on, case.accepted_on, "受理日期")


def correct_receipt(move: Move, old: date) -> None:
    """The day the matter reached us: everything else follows it."""
    case, on = move.case, move.case.received_on
    _refuse_before(on, IN_FORCE, "条例施行之日")
    if case.occurred_on is not None:
        _refuse_before(on, case.occurred_on, "发生日期")
    _refuse_after(move, on, _next_move_on(case, "register"), "登记后下一步办理之日")
    if case.state == "registered" and case.entered_on == old:
        case.entered_on = on
        restart(move, "triage", old, on)


def restart(move: Move, clock: str, old: date, on: date) -> None:
    """A START while the clock runs corrects it. One that has ended is taken up, corrected and ended again on its day."""
    marks = [row for row in read_marks(move.case) if row.clock == clock]
    if not any(row.kind == MarkKind.START and row.on == old for row in marks):
        return
    ended = marks[-1].on if marks[-1].kind == MarkKind.END else None
    later = [row.on for row in marks if row.kind != MarkKind.START]
    if later and on > min(later):
        raise Refused(f"不能晚于该期限之后的停表、延期或终结之日 {min(later):%Y-%m-%d}", field="value")
    if ended is not None:
        move.marks.append(new_mark(move, clock, MarkKind.RESUME, on=ended))
    move.marks.append(new_mark(move, clock, MarkKind.START, on=on))
    if ended is not None:
        move.marks.append(new_mark(move, clock, MarkKind.END, on=ended))


def _next_move_on(case: DisputeCase, name: str) -> date | None:
    """The legal day of the first step that moved the case on after this one."""
    rows = Event.objects.filter(chain=case.chain).order_by("seq").values_list("kind", "happened_on")
    passed = False
    for kind, on in rows:
        if passed and kind in STEPS and not STEPS[kind].stays:
            return on
        passed = passed or kind == name
    return None


def _refuse_before(on: date, earliest: date, what: str) -> None:
    if on < earliest:
        raise Refused(f"不能早于{what} {earliest:%Y-%m-%d}", field="value")


def _refuse_after(move: Move, on: date, latest: Any, what: str) -> None:
    if latest is not None and on > latest:
        raise Refused(f"不能晚于{what} {latest:%Y-%m-%d}", field="value")
    if on > move.happened_on:
        raise Refused("不能晚于今天", field="value")
