"""What may be corrected of an appraisal: what was entrusted, what the opinion says, and the days that do not count."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from mediation.cases.conditions import first_assigned
from mediation.cases.correctable import Correctable, Recorded, nobody, not_after, not_before, of_part, record, within
from mediation.cases.steps.dates import restart
from mediation.cases.values import OneOf, Short, amount, day, text
from mediation.expertise.models import Appraisal, Degree, Entrusting
from workflow.clocks import MarkKind
from workflow.lifecycle import MEDIATING, STEPS
from workflow.reckoning import new_mark, read_marks, reckon
from workflow.records import Event
from workflow.registry import Move, Refused


def _of_entrustment(move: Move, row: Appraisal, field: str, old: Any) -> None:
    """Both sides had agreed when it was entrusted (R12); from that day on the 30 working days stand still (R09)."""
    if field in ("patient_consent_on", "hospital_consent_on"):
        within(move, getattr(row, field))
        not_after(getattr(row, field), row.entrusted_on, "委托日期")
    elif field == "entrusted_on":
        _of_stop(move, row, old)


def _of_stop(move: Move, row: Appraisal, old: date) -> None:
    _refuse_settled(move, row)
    for consent in (row.patient_consent_on, row.hospital_consent_on):
        not_before(row.entrusted_on, consent, "双方同意之日")
    not_before(row.entrusted_on, first_assigned(move.case), "分案之日")
    not_after(row.entrusted_on, row.ended_on or move.happened_on, "鉴定结束之日" if row.ended_on else "今天")
    earlier = move.case.appraisals.exclude(pk=row.pk).order_by("ended_on").last()
    if earlier is not None and row.entrusted_on <= earlier.ended_on:
        raise Refused(f"须晚于前次鉴定结束之日 {earlier.ended_on:%Y-%m-%d}", field="value")
    _refuse_late(move, row, old)
    _stand_still_again(move, row, first=min(old, row.entrusted_on))
    if move.case.state == "under_appraisal":
        move.case.entered_on = row.entrusted_on
        restart(move, "appraisal_reminder", old, row.entrusted_on)


def _of_opinion(move: Move, row: Appraisal, field: str, old: Any) -> None:
    """The day of the opinion is the last one that does not count (条例 38)."""
    if field != "ended_on":
        return
    _refuse_settled(move, row)
    within(move, row.ended_on or old)
    not_before(row.ended_on, row.entrusted_on, "委托日期")
    moved = _moves_since(move, "finish_appraisal")
    not_after(row.ended_on, moved[1] if len(moved) > 1 else None, "鉴定完成后下一步办理之日")
    _stand_still_again(move, row, first=row.entrusted_on)
    if len(moved) == 1:
        move.case.entered_on = row.ended_on


def _prepaid(value: str) -> Decimal:
    """A fee, as large as its column."""
    yuan = amount(value)
    if yuan >= 10**10:
        raise Refused("预缴金额过大，请核对", field="value")
    return yuan


def _refuse_settled(move: Move, row: Appraisal) -> None:
    """While the period can still be counted anew, and only the latest pause."""
    if move.case.state not in (*MEDIATING, "lapsed"):
        raise Refused(
            "调解期限已经终结，并据此认定了结果，鉴定的起止日期不能更正；确有出入的，请登记联系记录说明", field="target"
        )
    if move.case.appraisals.filter(entrusted_on__gt=row.entrusted_on).exclude(pk=row.pk).exists():
        raise Refused("其后又委托过鉴定，只能更正最近一次鉴定的起止日期", field="target")


def _refuse_late(move: Move, row: Appraisal, old: date) -> None:
    """A clock that has run out cannot be stopped any more, whatever day was entered first."""
    before: list[Any] = []
    for one in (one for one in read_marks(move.case) if one.clock == "mediation"):
        if one.kind == MarkKind.STOP and one.on == old:
            break
        before.append(one)
    due_on = reckon(move.case, "mediation", before).due_on
    if due_on is not None and row.entrusted_on > due_on:
        raise Refused(f"调解期限已于 {due_on:%Y-%m-%d} 届满，不能晚于该日委托鉴定（条例第38条）", field="value")


def _stand_still_again(move: Move, row: Appraisal, *, first: date) -> None:
    """A STOP within the latest pause corrects it, and the RESUME is recorded again (``workflow.clocks``)."""
    for on in dict.fromkeys((first, row.entrusted_on)):
        move.marks.append(new_mark(move, "mediation", MarkKind.STOP, on=on))
    if row.ended_on is not None:
        move.marks.append(new_mark(move, "mediation", MarkKind.RESUME, on=row.ended_on))


def _moves_since(move: Move, name: str) -> list[date]:
    """The legal days of the last step of this name and of the steps that moved the case after it."""
    days: list[date] = []
    for kind, on in Event.objects.filter(chain=move.case.chain).order_by("seq").values_list("kind", "happened_on"):
        if kind == name:
            days = [on]
        elif days and kind in STEPS and not STEPS[kind].stays:
            days.append(on)
    return days


# fmt: off
record(
    Recorded("appraisal", "鉴定委托", (
        Correctable("institution", "鉴定机构", Short(120)),
        Correctable("entrusting", "委托方式", OneOf(Entrusting)),
        Correctable("questions", "委托事项", text),
        Correctable("entrusted_on", "委托日期", day),
        Correctable("patient_consent_on", "患方同意日期", day),
        Correctable("hospital_consent_on", "医方同意日期", day),
        Correctable("patient_prepaid_amount", "患方预缴（元）", _prepaid),
        Correctable("hospital_prepaid_amount", "医方预缴（元）", _prepaid),
    ), of_part("appraisals"), lambda row, eyes: f"{row.entrusted_on:%Y-%m-%d} {row.institution}",
       by=nobody, follow=_of_entrustment, paper="appraisal_entrustment"),
    Recorded("opinion", "鉴定结果", (
        Correctable("ended_on", "出具或结束日期", day),
        Correctable("opinion_no", "意见书编号", Short(60), once=True),
        Correctable("damage", "损害及程度", text, once=True),
        Correctable("fault", "医疗过错", text, once=True),
        Correctable("causation", "因果关系", text, once=True),
        Correctable("degree", "责任程度", OneOf(Degree), once=True),
    ), of_part("appraisals", ended_on__isnull=False), lambda row, eyes: row.institution,
       by=nobody, follow=_of_opinion),
)
# fmt: on
