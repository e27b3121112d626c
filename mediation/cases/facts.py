"""What every effect asks of the facts it takes: written, chosen, handed in, confirmed, in order of time.

Each answers the fact in its plain form or raises :class:`Refused` with a sentence for the person at the form.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time

from django.db.models import TextChoices
from django.utils import timezone

from mediation.cases import codes
from mediation.cases.case import DisputeCase
from mediation.cases.filing import Filed
from mediation.organisations.models import Organisation
from workflow.registry import Move, Refused


def written(text: str, what: str, *, field: str) -> str:
    """The text without the blanks around it."""
    if not text.strip():
        raise Refused(f"请填写{what}", field=field)
    return text.strip()


def chosen(code: str, options: type[TextChoices], what: str, *, field: str) -> str:
    """A code of its list."""
    if code not in options.values:
        raise Refused(f"请选择{what}", field=field)
    return code


def handed_in(filed: Filed | None, what: str, *, field: str = "paper") -> Filed:
    """The paper that the step cannot do without."""
    if filed is None:
        raise Refused(f"请附上{what}", field=field)
    return filed


def confirmed(yes: object, sentence: str, *, field: str) -> None:
    """Somebody has ticked the box and answers for it."""
    if yes is not True:
        raise Refused(sentence, field=field)


def happened_by(move: Move, on: date, what: str, *, field: str) -> date:
    """A date on or before the day of the step."""
    if on > move.happened_on:
        raise Refused(f"{what}不能晚于本步骤的发生日期 {move.happened_on:%Y-%m-%d}", field=field)
    return on


def happens_from(move: Move, on: date, what: str, *, field: str) -> date:
    """A date on or after the day of the step."""
    if on < move.happened_on:
        raise Refused(f"{what}不能早于本步骤的发生日期 {move.happened_on:%Y-%m-%d}", field=field)
    return on


def happens_on_the_last(move: Move, dates: Iterable[date], what: str) -> date:
    """Law counts the day on which the last signature was given: the step happened on that day and no other."""
    last = max(dates)
    if last != move.happened_on:
        raise Refused(f"{what}自最后一方签署之日 {last:%Y-%m-%d} 成立，发生日期应为该日", field="happened_on")
    return last


def moment_of(move: Move, began: time, what: str, *, field: str = "began") -> datetime:
    """The moment on the day of the step; nothing is recorded before it has happened."""
    moment = timezone.make_aware(datetime.combine(move.happened_on, began))
    if moment > move.now:
        raise Refused(f"{what}不能晚于现在", field=field)
    return moment


def kept_hospitals(case: DisputeCase) -> list[Organisation]:
    """The hospitals that are still in the case, in the order in which they were named."""
    rows = case.respondents.select_related("hospital").order_by("pk")
    return [respondent.hospital for respondent in rows if respondent.kept]


def one_side(move: Move, side: str, hospital: Organisation | None) -> Organisation | None:
    """Who speaks: nothing for the patient's side; for the other its hospital, not asked where the case has only one."""
    if side == codes.Side.PATIENT:
        return None
    if side != codes.Side.HOSPITAL:
        raise Refused("请选择患方或医方", field="side")
    kept = kept_hospitals(move.case)
    if hospital is None and len(kept) == 1:
        return kept[0]
    if hospital is None:
        raise Refused("本案有多家医疗机构，请选择是哪一家", field="hospital")
    if hospital not in kept:
        raise Refused(f"{hospital.name}不是本案的医疗机构，或已分出本案", field="hospital")
    return hospital
