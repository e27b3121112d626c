"""The clocks beside a case: which of them matter now, and what each says."""

from __future__ import annotations

from datetime import date
from typing import Any

from mediation.cases.case import DisputeCase
from mediation.cases.pages.chips import deadline_chip
from workflow import reckoning
from workflow.clocks import Deadline, MarkKind
from workflow.lifecycle import CLOCKS
from workflow.rulebook import ClockMark, calendar_of

# A state's second clock: it moves nothing by itself, but somebody waits for what it counts.
BESIDE = {"town_handling": "first_contact", "under_appraisal": "appraisal_reminder"}
OFFERED = "judicial_confirmation"  # a way that is open until its last day; letting that pass is no fault of anybody's


def clocks(case: DisputeCase, marks: list[ClockMark], today: date) -> list[dict[str, Any]]:
    """The clocks that matter now: the state's own, the one beside it until it ends, and the 30 working days."""
    names = [case.stage.clock] if case.stage.clock not in ("", "performance") else []
    if case.accepted_on and "mediation" not in names and case.state != "closed":
        names.append("mediation")
    beside = BESIDE.get(case.state, "")
    if not any(mark.clock == beside and mark.kind == MarkKind.END for mark in marks):
        names.append(beside)
    names.append(OFFERED)
    shown = [_clock(case, name, marks, today) for name in names if any(mark.clock == name for mark in marks)]
    if case.stage.clock == "performance" and case.due_on:
        rows = [("下一期应付", f"{case.due_on:%Y-%m-%d}")]
        shown.insert(0, {"label": "履行", "big": f"{case.due_on:%m-%d}", "unit_text": "下一期应付日", "rows": rows,
                         "kind": deadline_chip(case, today)["kind"], "percent": 0, "ledger_url": ""})  # fmt: skip
    return shown


def _clock(case: DisputeCase, name: str, marks: list[ClockMark], today: date) -> dict[str, Any]:
    says, calendar = reckoning.reckon(case, name, marks, today), calendar_of(case.calendar_edition)
    left, urgency = says.remaining_at(today, calendar), says.urgency(today, calendar)
    starts = [mark.on for mark in marks if mark.clock == name and mark.kind == "start"]
    due = "停止计算" if says.stopped else f"{says.due_on:%Y-%m-%d}" if says.due_on else "—"
    rows = [("起算", f"{starts[-1]:%Y-%m-%d}" if starts else "—"), ("届满", due + ("（暂定）" if says.provisional else "")),
            ("法定 / 已用", f"{says.total} / {says.used} {says.unit.label}"), ("依据", says.article or "本平台规则")]  # fmt: skip
    over = says.ended is not None or (name == OFFERED and left < 0)
    return {
        "label": CLOCKS[name], "big": str(abs(left)), "unit_text": _left_text(says, left, offered=name == OFFERED),
        "kind": "hold" if over else urgency.level.value, "rows": rows,
        "percent": round(100 * min(says.used, says.total) / max(says.total, 1)),
        "ledger_url": f"{case.get_absolute_url()}ledger/{name}/",
    }  # fmt: skip


def _left_text(says: Deadline, left: int, *, offered: bool) -> str:
    if says.ended:
        return f"{says.unit.label}{'剩余' if left >= 0 else '超过届满日'}，已终结"
    if says.stopped:
        return f"{says.unit.label}剩余（已停表）"
    if offered and left < 0:
        return f"{says.unit.label}前申请期已过"
    return f"{says.unit.label}{'后届满' if left >= 0 else '（已超期）'}"
