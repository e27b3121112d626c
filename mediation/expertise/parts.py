"""Appraisals as a part of the file: entrusted by whom, the days they stopped the clock, the four parts of the opinion."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from mediation.cases.case import DisputeCase
from mediation.cases.pages.eyes import Eyes
from mediation.cases.pages.onfile import PARTS, Block, Part, Sheet, Sheets, named, paper, rows_named, tag
from mediation.cases.templatetags.face import day, money
from mediation.expertise.models import Appraisal
from workflow.rulebook import calendar_of

TONES = {"entrusted": "b1", "in_progress": "b1", "opinion_issued": "ok"}


def appraisals(case: DisputeCase, rows: Iterable[Appraisal], eyes: Eyes) -> Block:
    """One sheet each; what the opinion says only once there is one."""
    return Sheets([
        Sheet(row.institution, [*_entrusted(case, row, eyes), *(_opinion(case, row, eyes) if row.ended_on else [])],
              tags=[tag(row.get_state_display(), TONES.get(row.state, ""))], target=named("appraisal", row))
        for row in rows
    ])  # fmt: skip


def _entrusted(case: DisputeCase, row: Appraisal, eyes: Eyes) -> list[tuple[str, Any, bool]]:
    return [
        ("委托方式", row.get_entrusting_display(), False), ("委托日期", day(row.entrusted_on), False),
        ("患方同意", day(row.patient_consent_on), False), ("医方同意", day(row.hospital_consent_on), False),
        ("患方预缴", f"{money(row.patient_prepaid_amount)} 元", False),
        ("医方预缴", f"{money(row.hospital_prepaid_amount)} 元", False),
        ("停止计算", _stopped(case, row.entrusted_on, row.ended_on), True),
        ("委托事项", eyes.said(row.questions), True), ("委托书", paper(case, row.entrustment_id, eyes), True),
    ]  # fmt: skip


def _stopped(case: DisputeCase, first: date, last: date | None) -> str:
    """The days of entrustment and of the opinion both belong to the appraisal (条例 38)."""
    days = calendar_of(case.calendar_edition).working_days_between(
        first - timedelta(days=1), last or timezone.localdate()
    )
    return f"{day(first)} 至 {day(last) if last else '今'}，不计入调解期限 {days} 个工作日"


def _opinion(case: DisputeCase, row: Appraisal, eyes: Eyes) -> list[tuple[str, Any, bool]]:
    if row.state != "opinion_issued":
        return [("结束日期", day(row.ended_on), False), ("书面材料", paper(case, row.opinion_id, eyes), False)]
    return [
        ("意见书编号", row.opinion_no, False), ("出具日期", day(row.ended_on), False),
        ("损害及程度", eyes.said(row.damage), True), ("医疗过错", eyes.said(row.fault), True),
        ("因果关系", eyes.said(row.causation), True), ("责任程度", row.get_degree_display(), False),
        ("鉴定意见书", paper(case, row.opinion_id, eyes), False),
    ]  # fmt: skip


PARTS.append(Part("appraisals", "talks", "鉴定", rows_named("appraisals"), appraisals))
