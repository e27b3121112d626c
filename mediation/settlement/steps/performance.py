"""After the agreement: payments, performance or its failure, the court's ruling, the visit (人民调解法 31, 33; R19, R21)."""

from __future__ import annotations

from datetime import date, time

from django.db.models import Max, QuerySet, TextChoices

from mediation.cases import codes
from mediation.cases.facts import chosen, confirmed, handed_in, happened_by, moment_of, written
from mediation.cases.filing import Filed, file_paper
from mediation.settlement.models import Agreement, FollowUpVisit, Instalment, JudicialConfirmation
from workflow.registry import Move, Refused, effect
from workflow.rulebook import rules_of


class Payment(TextChoices):
    """How an obligation to pay was met; 提存 counts as performance (民法典 557)."""

    PAID = "paid", "已付款"
    DEPOSITED = "deposited", "已提存"


class DefaultReason(TextChoices):
    """Why it counts as not performed."""

    OVERDUE = "overdue", "到期经督促仍不履行"
    REFUSED = "refused", "明确表示不履行"


@effect
def record_payment(
    move: Move, *, instalment: Instalment, payment: str = Payment.PAID, paper: Filed | None = None
) -> None:
    """One instalment was paid, or deposited with a certificate; also after closing, for receipts that come late."""
    chosen(payment, Payment, "付款还是提存", field="payment")
    if not open_instalments(move.case.pk).filter(pk=instalment.pk).exists():
        raise Refused("这一期款项不属于本案，或已经付清、变更", field="instalment")
    _refuse_before_effect(instalment.agreement, move.happened_on, "付款日期", field="happened_on")
    if payment == Payment.DEPOSITED:
        handed_in(paper, "公证机构的提存证明")
        instalment.deposit()
    else:
        instalment.pay()
    instalment.paid_on = move.happened_on
    instalment.receipt = file_paper(move, paper, kind=codes.PaperKind.PAYMENT)
    instalment.save()
    move.data |= {"instalment": instalment.pk, "payment": payment}


@effect
def performed(move: Move, *, obligations_done: bool = False) -> None:
    """Everything is paid (the table's condition) and whatever else was promised is done."""
    agreements = in_force(move.case.pk)
    last_paid = Instalment.objects.filter(agreement__in=agreements).aggregate(last=Max("paid_on"))["last"]
    if last_paid is not None and move.happened_on < last_paid:
        raise Refused(f"履行完毕日期不能早于最后一次付款 {last_paid:%Y-%m-%d}", field="happened_on")
    if any(agreement.other_obligations for agreement in agreements):
        confirmed(obligations_done, "协议另有约定事项，请核实完成后再确认", field="obligations_done")
    for agreement in agreements:
        agreement.obligations_done_on = move.happened_on
        agreement.save(update_fields=["obligations_done_on"])


@effect
def default(move: Move, *, reason: str, note: str, routes_explained: bool = False) -> None:
    """Urged (the table's condition) and still not performed; the way to the court is explained."""
    chosen(reason, DefaultReason, "未履行的情形", field="reason")
    written(note, "未履行的具体情况", field="note")
    unpaid = open_instalments(move.case.pk)
    agreements = in_force(move.case.pk)
    if not unpaid.exists() and not any(agreement.other_obligations for agreement in agreements):
        raise Refused("款项已经付清，也没有其他约定事项，应办理“履行完毕”")
    if reason == DefaultReason.OVERDUE and not _overdue(move, unpaid, agreements):
        raise Refused("还没有到期的约定，不能按“到期仍不履行”办理", field="reason")
    confirmed(
        routes_explained, "请确认已告知申请强制执行或起诉的途径（人民调解法第32条、第33条）", field="routes_explained"
    )
    move.case.outcome_code = reason
    move.data |= {"reason": reason, "unpaid": unpaid.count()}


@effect
def confirmation_dismissed(
    move: Move, *, court: str, ruling_no: str, note: str, applied_on: date | None = None, paper: Filed | None = None
) -> None:
    """The court dismissed the joint application: mediate anew in a new case with new consent, or sue (人民调解法 33)."""
    written(note, "驳回的理由", field="note")
    confirmation = JudicialConfirmation.objects.get(agreement__in=in_force(move.case.pk))
    if applied_on is not None:
        happened_by(move, applied_on, "申请日期", field="applied_on")
    _refuse_before_effect(
        confirmation.agreement, applied_on or move.happened_on, "申请、裁定的日期", field="applied_on"
    )
    handed_in(paper, "人民法院的裁定书")
    file_paper(move, paper, kind=codes.PaperKind.CONFIRMATION, side=codes.Side.BOTH)
    confirmation.court = written(court, "法院", field="court")
    confirmation.ruling_no = written(ruling_no, "裁定书文号", field="ruling_no")
    confirmation.applied_on, confirmation.ruled_on = applied_on, move.happened_on
    confirmation.ruling = JudicialConfirmation.Ruling.DISMISSED
    confirmation.save()
    move.data["confirmation"] = confirmation.pk


@effect
def visit(
    move: Move, *, began: time, side: str, person: str, means: str, reached: bool, result: str, remaining: str = "",
    satisfaction: str = "", is_solved: bool | None = None,
) -> None:  # fmt: skip
    """Who was asked, when, how, and what came of it; nothing is pre-written, rating and “is it solved” are two questions."""
    _keep_visit(
        move, began, side=side, person=person, means=means, reached=reached, result=result, remaining=remaining,
        satisfaction=satisfaction, is_solved=is_solved,
    )  # fmt: skip
    if not reached:
        _refuse_too_few_attempts(move)


@effect
def visit_again(
    move: Move, *, began: time, side: str, person: str, means: str, reached: bool, result: str, remaining: str = "",
    satisfaction: str = "", is_solved: bool | None = None,
) -> None:  # fmt: skip
    """A further visit: the case has ended and stays as it is."""
    _keep_visit(
        move, began, side=side, person=person, means=means, reached=reached, result=result, remaining=remaining,
        satisfaction=satisfaction, is_solved=is_solved,
    )  # fmt: skip


def _keep_visit(
    move: Move, began: time, *, side: str, person: str, means: str, reached: bool, result: str, remaining: str,
    satisfaction: str, is_solved: bool | None,
) -> None:  # fmt: skip
    chosen(side, codes.Side, "回访对象所属的一方", field="side")
    chosen(means, codes.Means, "回访方式", field="means")
    if satisfaction:
        chosen(satisfaction, FollowUpVisit.Satisfaction, "满意程度", field="satisfaction")
    if not reached and (satisfaction or is_solved is not None):
        raise Refused("没有联系上的，不填写满意程度和是否解决", field="satisfaction")
    row = FollowUpVisit(
        case=move.case, at=moment_of(move, began, "回访时间"), side=side, means=means, reached=reached,
        person=written(person, "被回访人", field="person"), result=written(result, "回访结果", field="result"),
        remaining=remaining.strip() or None, satisfaction=satisfaction, is_solved=is_solved, by=move.by,
    )  # fmt: skip
    row.save(force_insert=True)
    move.data |= {"visit": row.pk, "means": means, "reached": reached}


def in_force(case_pk: int) -> QuerySet[Agreement]:
    """The agreements of a case that bind: in effect, neither void nor replaced; the supplements with them."""
    return Agreement.objects.filter(case=case_pk, superseded=False, effective_on__isnull=False)


def open_instalments(case_pk: int) -> QuerySet[Instalment]:
    """What is still to be paid."""
    return Instalment.objects.filter(agreement__in=in_force(case_pk), state="due").select_related(
        "agreement", "hospital"
    )


def _refuse_before_effect(agreement: Agreement, on: date, what: str, *, field: str) -> None:
    if agreement.effective_on is not None and on < agreement.effective_on:
        raise Refused(f"{what}不能早于协议生效日期 {agreement.effective_on:%Y-%m-%d}", field=field)


def _overdue(move: Move, unpaid: QuerySet[Instalment], agreements: QuerySet[Agreement]) -> bool:
    if unpaid.filter(due_on__lt=move.happened_on).exists():
        return True
    return any(a.other_obligations and a.perform_by < move.happened_on for a in agreements)


def _refuse_too_few_attempts(move: Move) -> None:
    """Nobody was reached: that ends the matter only after the attempts that the rules ask for, this one included."""
    wanted = rules_of(move.case.rulebook_id).number("contact_attempts")
    tried = move.case.contacts.filter(reached=False, at__date__gte=move.case.entered_on).count() + 1
    if tried < wanted:
        raise Refused(f"未联系上的回访须满 {wanted} 次才能结束，现为第 {tried} 次；请先登记联系记录", field="reached")
