"""How the case ended, as parts of the file: outcome, agreements with marks and instalments, visits, dossier."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from mediation.cases.case import DisputeCase
from mediation.cases.pages.eyes import Eyes
from mediation.cases.pages.onfile import (
    PARTS,
    Block,
    Cell,
    Moment,
    Moments,
    Part,
    Sheet,
    Sheets,
    Table,
    chip,
    named,
    paper,
    rows_named,
    tag,
)
from mediation.cases.record import StepFacts
from mediation.cases.stepform import option_label
from mediation.cases.templatetags.face import day
from mediation.cases.templatetags.face import money as yuan
from mediation.cases.together import together
from mediation.settlement import money
from mediation.settlement.dossier import Line, checklist
from mediation.settlement.models import Agreement, AgreementKind, FollowUpVisit, Instalment, Mark, MarkKind, Payer
from workflow.records import Event

Facts = list[tuple[str, Any, bool]]
GROUNDS = {
    "diverted": ("divert", "ground"), "dropped": ("drop", "ground"), "consent_refused": ("consent_refused", "answer"),
    "refused": ("refuse", "ground"), "party_refused": ("refuse_mediation", "side"), "failed": ("fail", "reason"),
    "terminated": ("divert", "ground"), "not_performed": ("default", "reason"),
}  # fmt: skip
"""Which question of which step the code of an outcome answered."""


def outcome(case: DisputeCase, rows: Iterable[DisputeCase], eyes: Eyes) -> Block:
    """How it ended, and the days that count."""
    why = (
        option_label(*GROUNDS[case.outcome], case.outcome_code) if case.outcome in GROUNDS and case.outcome_code else ""
    )
    days = {"受理日期": case.accepted_on, "期限届满": case.mediation_due_on, "结案日期": case.closed_on}
    facts = [("结果", case.get_outcome_display(), False), ("原因", why, False)]
    facts = [one for one in facts if one[1]] + [(label, day(on), False) for label, on in days.items() if on]
    return Sheets([Sheet("", facts)])


def agreements(case: DisputeCase, rows: Iterable[Agreement], eyes: Eyes) -> Block:
    """Every version, the newest first, each with its marks and instalments."""
    marks, instalments = together(
        Mark.objects.filter(agreement__case=case).select_related("party", "agent", "hospital"),
        Instalment.objects.filter(agreement__case=case),
    )
    return Sheets([
        Sheet(
            f"{row.get_kind_display()}　{day(row.drafted_on)} 拟定", [*_sums(row), *_terms(row, eyes), *_confirmation(row)],
            tags=[_standing(row)], ended=row.superseded, tables=[
                _marks(case, row, [one for one in marks if one.agreement_id == row.pk], eyes),
                _instalments(case, row, [one for one in instalments if one.agreement_id == row.pk], eyes),
            ],
        )
        for row in rows
    ])  # fmt: skip


def _standing(agreement: Agreement) -> Cell:
    if agreement.superseded:
        return tag("已作废或被替代")
    if agreement.effective_on is None:
        return tag("待签署", "warn")
    return tag(f"{day(agreement.effective_on)} 生效", "ok")


def _sums(agreement: Agreement) -> Facts:
    facts = [
        ("协议金额", money.both(agreement.total_amount), True),
        ("医院支付", f"{yuan(agreement.hospital_amount)} 元", False),
        ("保险支付", f"{yuan(agreement.insurer_amount)} 元", False),
    ]
    if agreement.humanitarian_amount:
        facts.append(("人道补助", f"{money.both(agreement.humanitarian_amount)}，另计", True))
    return facts


def _terms(agreement: Agreement, eyes: Eyes) -> Facts:
    return [
        ("主要事实", eyes.said(agreement.facts), True), ("争议事项", eyes.said(agreement.issues), True),
        ("各方责任", eyes.said(agreement.responsibility), True), ("协议内容", eyes.said(agreement.content), True),
        ("其他约定", eyes.said(agreement.other_obligations) or "没有", True),
        ("履行方式", f"{agreement.get_manner_display()}，{agreement.place}", False),
        ("履行期限", day(agreement.perform_by), False), ("生效日期", day(agreement.effective_on), False),
        ("履行完毕", day(agreement.obligations_done_on), False), ("份数", f"{agreement.copies} 份", False),
    ]  # fmt: skip


def _confirmation(agreement: Agreement) -> Facts:
    """The joint application to the court, where this kind of agreement admits one (R19)."""
    row = getattr(agreement, "confirmation", None)
    if row is None:
        return []
    facts = [("司法确认", f"可共同申请至 {day(row.last_day)}", False), ("申请日期", day(row.applied_on), False)]
    if row.ruling:
        facts += [
            ("裁定", f"{row.get_ruling_display()}，{day(row.ruled_on)}", False),
            ("裁定书", f"{row.court} {row.ruling_no}", False),
        ]
    return facts


def _marks(case: DisputeCase, agreement: Agreement, there: list[Mark], eyes: Eyes) -> Table:
    """The marks that are there, and those of the four that are still missing."""
    missing = (
        []
        if agreement.superseded
        else [kind for kind in _demanded(agreement) if kind not in {one.kind for one in there}]
    )
    return Table.of(
        ("签署", "签署人", "日期", "签署件"), [*there, *missing],
        lambda row: (row.get_kind_display(), signatory(row, eyes), day(row.on), paper(case, row.paper_id, eyes))
        if isinstance(row, Mark) else (row.label, tag("待签署", "warn"), "", ""),
        title="签署", kind="mark",
    )  # fmt: skip


def _demanded(agreement: Agreement) -> Iterable[MarkKind]:
    """The parties' own settlement is signed by the two sides; everything else has four marks (R17)."""
    return [MarkKind.PATIENT, MarkKind.HOSPITAL] if agreement.kind == AgreementKind.SETTLEMENT else list(MarkKind)


def signatory(mark: Mark, eyes: Eyes) -> str:
    """Who signed, and through whom."""
    name = mark.party.masked_name if mark.party else mark.hospital.name if mark.hospital else ""
    return f"{name}（{mark.agent.masked_name}代签）" if mark.agent else name


def _instalments(case: DisputeCase, agreement: Agreement, rows: list[Instalment], eyes: Eyes) -> Table:
    return Table.of(
        ("期次", "付款方", "金额（元）", "应付日期", "实付日期", "凭证", "情况"), rows,
        lambda row: (f"第 {row.number} 期", Payer(row.payer).label, Cell("", yuan(row.amount), "money"), day(row.due_on),
                     day(row.paid_on), paper(case, row.receipt_id, eyes), _paid(row, agreement)),
        lambda row: row.state == "waived", title="分期款", kind="payment",
    )  # fmt: skip


def _paid(instalment: Instalment, agreement: Agreement) -> Cell:
    if instalment.state != "due":
        return tag(instalment.get_state_display(), "" if instalment.state == "waived" else "ok")
    late = (timezone.localdate() - instalment.due_on).days
    if late > 0 and not agreement.superseded and agreement.effective_on:
        return chip(f"逾期 {late} 天", "late")
    return chip("今日应付", "due") if late == 0 else tag("待付", "b1")


def visits(case: DisputeCase, rows: Iterable[FollowUpVisit], eyes: Eyes) -> Block:
    """Who was asked, when, how, and what was said; rating and “is it settled” are two answers."""
    return Moments([
        Moment(
            row.at, f"{eyes.names(row.person)}　{row.get_means_display()}回访", tags=_answers(row), sub=f"回访人 {row.by}",
            target=named("visit", row),
            texts=[("履行情况与结果", eyes.said(row.result)), *([("遗留问题及隐患", eyes.said(row.remaining))] if row.remaining else [])],
        )
        for row in rows
    ])  # fmt: skip


def _answers(visit: FollowUpVisit) -> list[Cell]:
    tags = [tag(visit.get_side_display()), tag("已联系上", "ok") if visit.reached else tag("未联系上", "warn")]
    if visit.satisfaction:
        tags.append(tag(visit.get_satisfaction_display(), "ok" if visit.satisfaction >= "3" else "warn"))
    if visit.is_solved is not None:
        tags.append(tag("已解决", "ok") if visit.is_solved else tag("未解决", "warn"))
    return tags


def dossier(case: DisputeCase, rows: Iterable[DisputeCase], eyes: Eyes) -> Block:
    """The thirteen items: demanded or not, what was recognised, what the mediator said of it."""
    return Table.of(
        ("项目", "要求", "系统识别", "情况", "页号", "说明"), checklist(case),
        lambda line: (line.title, tag("必备", "b1") if line.must else tag("有则归入"), line.found, _checked(line),
                      line.declared.pages if line.declared else "", eyes.said(line.declared.reason) if line.declared else ""),
    )  # fmt: skip


def _checked(line: Line) -> Cell:
    if line.declared is not None:
        return tag(line.declared.get_standing_display(), "ok" if line.declared.standing == "present" else "")
    return tag("有", "ok") if line.found else tag("缺", "warn") if line.must else tag("无")


def closing(case: DisputeCase, rows: Iterable[Event], eyes: Eyes) -> Block:
    """How long the dossier is kept and why, what was checked, and the digest under which it was frozen."""
    done: Any = next(iter(rows))
    typed = StepFacts._meta.get_field("facts").open(done.typed, done.typed_uid) or {}
    reason = str(typed.get("retention_reason", ""))
    checks = "、".join(option_label("close", "checks", key) for key in done.data.get("checks", []))
    return Sheets([Sheet("", [
        ("卷宗提交", day(case.dossier_submitted_on), False), ("结案日期", day(done.happened_on), False),
        ("保管期限", case.get_retention_display(), False), ("三查", checks, False),
        *([("短于建议的理由", eyes.said(reason), True)] if reason else []),
        ("封存校验值", done.data.get("manifest", ""), True),
    ])])  # fmt: skip


def _ended(case: DisputeCase) -> QuerySet[Any]:
    return DisputeCase.objects.filter(pk=case.pk).exclude(outcome="").only("pk")


def _in_closing(case: DisputeCase) -> QuerySet[Any]:
    return DisputeCase.objects.filter(pk=case.pk, state__in=["closing", "closed"]).only("pk")


def _versions(case: DisputeCase) -> QuerySet[Any]:
    return case.agreements.select_related("confirmation").order_by("-pk")


def _closed(case: DisputeCase) -> QuerySet[Any]:
    """The event of closing, with what was typed at it."""
    typed = StepFacts.objects.filter(case=case.pk, seq=OuterRef("seq"))
    events = Event.objects.filter(chain=case.chain, kind="close")
    return events.annotate(typed=Subquery(typed.values("facts")), typed_uid=Subquery(typed.values("uid")))


PARTS += [
    Part("outcome", "agreement", "结果", _ended, outcome),
    Part("agreements", "agreement", "协议", _versions, agreements),
    Part("visits", "dossier", "回访", rows_named("visits", "by"), visits),
    Part("checklist", "dossier", "卷宗清单", _in_closing, dossier),
    Part("closing", "dossier", "结案", _closed, closing),
]
