"""“提交后系统将…”: what a step will do, told before it is done, from the same table that does it."""

from __future__ import annotations

from datetime import date

from mediation.cases.case import DisputeCase
from workflow.clocks import Mark, MarkKind, deadline
from workflow.lifecycle import CLOCKS, STATES
from workflow.rulebook import calendar_of, rules_of
from workflow.vocabulary import Step

PAPER_LABELS: dict[str, str] = {}  # filled by the documents app: key → 《受理通知书》
WHOM = {"hospitals": "医院联络员", "mediators": "承办调解员", "hotline": "12345 坐席", "town": "责任镇街",
        "residence_town": "居住地镇街", "supervisor": "卫健局监管员"}  # fmt: skip


def consequences(case: DisputeCase, step: Step, today: date) -> list[dict[str, str]]:
    """The list beside the form, each line with an icon."""
    lines = []
    if step.target:
        lines.append(("arrow-right", f"案件转入“{STATES[step.target].label}”"))
    lines += [("clock", _starting(case, clock, today)) for clock in _clocks_started(step)]
    lines += [("pause-circle", f"“{CLOCKS[clock]}”停止计算，恢复后继续") for clock in step.stops]
    lines += [("play-circle", f"“{CLOCKS[clock]}”继续计算") for clock in step.resumes]
    lines += [("file-earmark-text", f"生成{PAPER_LABELS.get(paper, paper)}") for paper in step.papers]
    if step.tells:
        lines.append(("bell", "通知" + "、".join(WHOM[key] for key in step.tells)))
    if "hotline" in step.tells and case.hotline_id:
        lines.append(("headset", "准备给 12345 的办理情况"))
    lines.append(("journal-check", "写入办理记录，不可更改"))
    return [{"icon": icon, "text": text} for icon, text in lines]


def _clocks_started(step: Step) -> list[str]:
    entered = STATES.get(step.target)
    own = [entered.clock] if entered and entered.clock and entered.starts_clock else []
    return list(dict.fromkeys([*step.starts, *own]))


def _starting(case: DisputeCase, clock: str, today: date) -> str:
    period = rules_of(case.rulebook_id).period(clock)
    says = deadline(period, [Mark(MarkKind.START, today)], calendar_of(case.calendar_edition))
    provisional = "（暂定）" if says.provisional else ""
    return f"起算“{CLOCKS[clock]}”{period}，今天办理则届满 {says.due_on:%Y-%m-%d}{provisional}"
