"""What may be corrected of agreement, payment, ruling and visit: not what was agreed, only what was entered about it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Model, QuerySet
from django.utils import timezone

from mediation.cases import codes
from mediation.cases.case import DisputeCase
from mediation.cases.correctable import (
    Correctable,
    Recorded,
    Rows,
    by_event,
    nobody,
    not_after,
    not_before,
    of_part,
    record,
    within,
)
from mediation.cases.pages import onfile
from mediation.cases.pages.eyes import Eyes
from mediation.cases.templatetags.face import moment as in_words
from mediation.cases.values import OneOf, OrNothing, Short, day, flag, moment, short, text
from mediation.settlement.conditions import agreement_in_force, marks_missing, signed_by_both
from mediation.settlement.models import (
    Agreement,
    AgreementKind,
    FollowUpVisit,
    Instalment,
    JudicialConfirmation,
    Mark,
)
from mediation.settlement.parts import signatory
from workflow.records import Event
from workflow.registry import Move, Refused

Satisfaction = FollowUpVisit.Satisfaction


def _of_payment(move: Move, row: Instalment, field: str, old: date) -> None:
    """Between the day of effect and the day on which everything was performed."""
    within(move, row.paid_on or old)
    not_before(row.paid_on, row.agreement.effective_on, "协议生效日期")
    not_after(row.paid_on, row.agreement.obligations_done_on, "履行完毕之日")


def _of_ruling(move: Move, row: JudicialConfirmation, field: str, old: Any) -> None:
    if field == "applied_on":
        not_before(row.applied_on, row.agreement.effective_on, "协议生效日期")
        not_after(row.applied_on, row.ruled_on, "裁定日期")


def _of_visit(move: Move, row: FollowUpVisit, field: str, old: Any) -> None:
    """A rating is of somebody who was reached; the day of the visit that closed performance is the case's own (R21)."""
    if field in ("satisfaction", "is_solved") and not row.reached:
        raise Refused("没有联系上的，不填写满意程度和是否解决", field="target")
    if field != "at":
        return
    on, before = timezone.localtime(row.at).date(), timezone.localtime(old).date()
    closing = Event.objects.filter(chain=move.case.chain, kind="visit").values_list("data", flat=True)
    if on != before and any(data.get("visit") == row.pk for data in closing):
        raise Refused(
            f"本案自 {before:%Y-%m-%d} 完成回访起进入结案审查，回访日期不能更正，只能更正当天的时间；"
            "日期确有出入的，请办理“再次回访”写明", field="value",
        )  # fmt: skip
    within(move, on)
    if row.at > move.now:
        raise Refused("回访时间不能晚于现在", field="value")


# --- marks ------------------------------------------------------------------------------------------------------------


def _of_mark(move: Move, row: Mark, field: str, old: date) -> None:
    """Before it takes effect an agreement is judged anew when it does; afterwards everything that rests on its day stays.

    What is judged is what stands in the table; a refusal undoes it.
    """
    agreement = row.agreement
    within(move, row.on)
    not_before(row.on, *_earliest(move.case, agreement))
    lacked = set(marks_missing(move.case, agreement))
    row.save(update_fields=["on"])
    if agreement.effective_on is None:
        return
    last = max(one.on for one in agreement.marks.all())
    if last != agreement.effective_on:
        raise Refused(
            f"最后一项签署将变为 {last:%Y-%m-%d}，与协议生效日期 {agreement.effective_on:%Y-%m-%d} 不符；生效、司法确认和履行均自该日起算，"
            "不能以更正改变；签署件上的日期确有不同的，由双方另订补充协议写明", field="value",
        )  # fmt: skip
    if missing := set(marks_missing(move.case, agreement)) - lacked:
        raise Refused(f"更正后将缺少有效的签署：{'、'.join(sorted(missing))}", field="value")
    _refuse_lapsed(move.case, agreement)


def _earliest(case: DisputeCase, agreement: Agreement) -> tuple[date | None, str]:
    if agreement.kind == AgreementKind.MEDIATION:
        return agreement.drafted_on, "协议拟定日期"
    first = agreement_in_force(case)
    if agreement.kind == AgreementKind.SUPPLEMENT and first is not None:
        return first.effective_on, "原协议生效日期"
    return None, ""


def _refuse_lapsed(case: DisputeCase, agreement: Agreement) -> None:
    """Both sides had signed while the period ran, or mediation had failed by law (条例 38)."""
    due_on = case.mediation_due_on
    if agreement.kind != AgreementKind.MEDIATION or due_on is None or case.mediation_provisional:
        return
    if not signed_by_both(case, due_on):
        raise Refused(
            f"双方须在届满日 {due_on:%Y-%m-%d} 之前（含当日）签署，否则依条例第38条视为调解不成", field="value"
        )


# --- rows -------------------------------------------------------------------------------------------------------------


def _of_agreements(model: type[Model], *along: str, **only: Any) -> Rows:
    """Rows that hang on the agreements in force, or to be signed, for whoever reads those."""

    def rows(case: DisputeCase, eyes: Eyes) -> QuerySet[Any] | None:
        if onfile.rows_read(case, eyes, "agreements") is None:
            return None
        found = model._base_manager.filter(agreement__case=case, agreement__superseded=False, **only)
        return found.select_related("agreement", *along).order_by("pk")

    return rows


def _payment(row: Instalment, eyes: Eyes) -> str:
    return f"第 {row.number} 期 {row.payer_name}（{row.due_on:%Y-%m-%d} 到期）"


def _mark(row: Mark, eyes: Eyes) -> str:
    return " ".join(filter(None, (row.get_kind_display(), signatory(row, eyes))))


# fmt: off
record(
    Recorded("mark", "协议签署", (
        Correctable("on", "签署日期", day, by_committee=True),
    ), _of_agreements(Mark, "party", "agent", "hospital"), _mark, by=nobody, follow=_of_mark,
       committee="协议的签署日期由市医调委更正"),
    Recorded("payment", "付款", (
        Correctable("paid_on", "实际付款日", day),
    ), _of_agreements(Instalment, "hospital", paid_on__isnull=False), _payment,
       by=by_event("instalment", "record_payment"), follow=_of_payment),
    Recorded("ruling", "司法确认裁定", (
        Correctable("court", "法院", Short(60)),
        Correctable("ruling_no", "裁定书文号", Short(60)),
        Correctable("applied_on", "申请日期", day, once=True),
    ), _of_agreements(JudicialConfirmation, ruled_on__isnull=False), lambda row, eyes: f"{row.ruled_on:%Y-%m-%d} 裁定",
       by=by_event("confirmation", "confirmation_dismissed"), follow=_of_ruling),
    Recorded("visit", "回访", (
        Correctable("at", "回访时间", moment),
        Correctable("side", "被回访人所属的一方", OneOf(codes.Side)),
        Correctable("person", "被回访人", short, names=True),
        Correctable("means", "方式", OneOf(codes.Means)),
        Correctable("result", "履行情况与结果", text),
        Correctable("remaining", "遗留问题及隐患", OrNothing(text)),
        Correctable("satisfaction", "满意程度", OrNothing(OneOf(Satisfaction), "")),
        Correctable("is_solved", "是否解决", OrNothing(flag)),
    ), of_part("visits"), lambda row, eyes: f"{in_words(row.at)} {eyes.names(row.person)}",
       by=by_event("visit", "visit", "visit_again"), follow=_of_visit, paper="follow_up_record"),
)
# fmt: on
