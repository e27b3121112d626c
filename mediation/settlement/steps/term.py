"""The 30 working days end later, end, or did not end after all (条例 38; R10, R11)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils import timezone

from mediation.cases import codes
from mediation.cases.case import DisputeCase
from mediation.cases.facts import chosen, confirmed, handed_in, happens_on_the_last, written
from mediation.cases.filing import Filed, file_paper
from mediation.settlement.conditions import agreement_in_force, signed_by_both
from mediation.settlement.models import Agreement
from mediation.settlement.signing import sign_for_the_sides
from workflow import reckoning
from workflow.clocks import MarkKind
from workflow.registry import Move, Refused, effect
from workflow.rulebook import current_edition

LONGEST, MOST_DAYS = timedelta(days=366), 250
"""The law knows no longest extension; more than a year at once is a typing error."""


class RestoreReason(TextChoices):
    """Why the period had not run out after all."""

    EXTENSION = "extension", "届满前已书面约定延期"
    BOTH_SIGNED = "both_signed", "届满前双方已在协议上签字"
    CALENDAR = "calendar", "节假日安排更正，实际尚未届满"


@effect
def extend(
    move: Move, *, reason: str, committee_signed_on: date, patient_signed_on: date, hospital_signed_on: date,
    until: date | None = None, days: int | None = None, paper: Filed | None = None,
) -> None:  # fmt: skip
    """Committee and both sides agree in writing, before expiry, on a new last day (R10); while stopped, on working days."""
    written(reason, "延期的特殊情况", field="reason")
    happens_on_the_last(move, [committee_signed_on, patient_signed_on, hospital_signed_on], "延期约定")
    _agree(move, _signed(committee_signed_on, patient_signed_on, hospital_signed_on), until, days)
    handed_in(paper, "三方签署的延期约定")
    file_paper(move, paper, kind=codes.PaperKind.EXTENSION, side=codes.Side.BOTH)


@effect
def confirm_lapse(move: Move, *, ledger_checked: bool = False) -> None:
    """The director has checked the count day by day; a period that has not run out is put right instead."""
    case = move.case
    if case.mediation_due_on is None or case.mediation_due_on >= _today(move):
        raise Refused("按现行日历，调解期限尚未届满，应办理“更正期满”")
    confirmed(ledger_checked, "请先核对期限台账，再确认", field="ledger_checked")
    case.outcome_code = "expired"


@effect
def restore(
    move: Move, *, reason: str, note: str, committee_signed_on: date | None = None,
    patient_signed_on: date | None = None, hospital_signed_on: date | None = None, until: date | None = None,
    days: int | None = None, paper: Filed | None = None,
) -> None:  # fmt: skip
    """What was recorded late shows that the period had not run out: the case goes back to where it was (R11)."""
    chosen(reason, RestoreReason, "更正的理由", field="reason")
    written(note, "更正的说明", field="note")
    if reason == RestoreReason.CALENDAR:
        _recount(move)
    elif reason == RestoreReason.BOTH_SIGNED:
        _sign_late(move, patient_signed_on, hospital_signed_on, paper)
    else:
        _extend_late(move, _signed(committee_signed_on, patient_signed_on, hospital_signed_on), until, days, paper)
    move.data["reason"] = reason


def _recount(move: Move) -> None:
    case = move.case
    before, case.calendar_edition = case.calendar_edition, current_edition()
    due_on = reckoning.deadline_of(case, "mediation").due_on
    if due_on is not None and due_on < _today(move):
        raise Refused(f"按最新日历重新计算，期限仍已于 {due_on:%Y-%m-%d} 届满，没有可更正的", field="reason")
    move.data["editions"] = [before, case.calendar_edition]


def _sign_late(move: Move, patient_on: date | None, hospital_on: date | None, paper: Filed | None) -> None:
    """The marks themselves are recorded here: in this state nobody else can, and without them time would act again."""
    case, agreement = move.case, agreement_in_force(move.case)
    if case.state_before_lapse != "agreement_drafted" or agreement is None:
        raise Refused("期满前没有待签的协议，不能以双方已签字为由更正", field="reason")
    if patient_on is None or hospital_on is None:
        raise Refused("请填写患方和医方各自的签署日期", field="patient_signed_on")
    if min(patient_on, hospital_on) < agreement.drafted_on:
        raise Refused(f"签署日期不能早于协议拟定日期 {agreement.drafted_on:%Y-%m-%d}", field="patient_signed_on")
    handed_in(paper, "双方已签字的协议")
    filed = file_paper(move, paper, kind=codes.PaperKind.AGREEMENT, side=codes.Side.BOTH)
    sign_for_the_sides(agreement, patient_on=patient_on, hospital_on=hospital_on, paper=filed)
    _refuse_signed_after(move, agreement)


def _refuse_signed_after(move: Move, agreement: Agreement) -> None:
    due_on = move.case.mediation_due_on
    if not signed_by_both(move.case, due_on):
        raise Refused(
            f"双方签署日期不都在届满日 {due_on:%Y-%m-%d} 之前（含当日），不能更正", field="hospital_signed_on"
        )
    move.data["agreement"] = agreement.pk


def _extend_late(
    move: Move, signed: Mapping[str, date | None], until: date | None, days: int | None, paper: Filed | None
) -> None:
    _agree(move, signed, until, days)
    handed_in(paper, "届满前三方签署的延期约定")
    file_paper(move, paper, kind=codes.PaperKind.EXTENSION, side=codes.Side.BOTH)
    agreed = reckoning.new_mark(move, "mediation", MarkKind.EXTEND, until=until, days=days)
    due_on = reckoning.reckon(move.case, "mediation", [*reckoning.read_marks(move.case), agreed]).due_on
    if due_on is not None and due_on < _today(move):
        raise Refused(f"约定的延期也已于 {due_on:%Y-%m-%d} 届满，不能更正", field="until")


_SIGNED = {
    "committee_signed_on": "医调委签署日期", "patient_signed_on": "患方签署日期", "hospital_signed_on": "医方签署日期",
}  # fmt: skip


def _signed(committee: date | None, patient: date | None, hospital: date | None) -> dict[str, date | None]:
    """The three signatures of an extension by their field."""
    return dict(zip(_SIGNED, (committee, patient, hospital), strict=True))


def _agree(move: Move, signed: Mapping[str, date | None], until: date | None, days: int | None) -> None:
    """Set the extension: three signatures on or before the due date; a date while the clock runs, days while it stands."""
    for field, on in signed.items():
        move.data[field] = _in_time(move, field, on).isoformat()
    _refuse_amount(move.case, until, days)
    move.extension = until or days
    move.data |= {"until": until and until.isoformat(), "days": days}


def _in_time(move: Move, field: str, on: date | None) -> date:
    """A signature given while the period ran: not before acceptance, not after the due date."""
    case, what = move.case, _SIGNED[field]
    if on is None:
        raise Refused(f"请填写{what}", field=field)
    if on > _today(move):
        raise Refused(f"{what}不能晚于今天", field=field)
    if on < case.accepted_on:
        raise Refused(f"{what}不能早于受理之日 {case.accepted_on:%Y-%m-%d}", field=field)
    if case.mediation_due_on is not None and on > case.mediation_due_on:
        due_on = f"{case.mediation_due_on:%Y-%m-%d}"
        raise Refused(f"{what} {on:%Y-%m-%d} 晚于届满日 {due_on}，延期须在届满前约定（条例第38条）", field=field)
    return on


def _refuse_amount(case: DisputeCase, until: date | None, days: int | None) -> None:
    if (until is None) == (days is None):
        raise Refused("请填写新的届满日，或者延长的工作日数，二者择一", field="until")
    if until is not None and case.stopped:
        raise Refused("鉴定停表期间只能约定延长多少个工作日，不能约定日期", field="until")
    if until is not None and case.mediation_due_on is not None and until <= case.mediation_due_on:
        raise Refused(f"新的届满日须晚于原届满日 {case.mediation_due_on:%Y-%m-%d}", field="until")
    if until is not None and case.mediation_due_on is not None and until > case.mediation_due_on + LONGEST:
        raise Refused(f"一次延期不能超过 {LONGEST.days} 天，请核对年份", field="until")
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise Refused(f"延长的工作日数须为 1 至 {MOST_DAYS}", field="days")


def _today(move: Move) -> date:
    return timezone.localtime(move.now).date()
