"""docs/deadlines.md: every clock, what moves it, and every other period and limit of the shipped rulebook."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from mediation.oversight.documentation.tables import CONFIDENCE, document, step_name, table
from workflow.lifecycle import CLOCKS, STATES, STEPS, TRANSITIONS
from workflow.notices import decode
from workflow.rules import UNIT_LABELS, parse, read_rules

Row = dict[str, str]
HEAD = ("Clock", "Length", "Starts with", "Stops, resumes, extends", "Shown in", "When it runs out")
INTRODUCTION = """\
Lengths come from [`fixtures/rules.csv`](../fixtures/rules.csv), the first rulebook; a case keeps the rulebook
that it began with. How days count is said in [`workflow/clocks.py`](../workflow/clocks.py)."""
ENDS = """\
A clock that starts anew forgets its earlier count. 调解期限 ends when the case leaves mediation, 首次联系 with
the first contact logged; any other matters only in the states that show it. Time acts only on dates that are
not provisional."""


def page() -> str:
    """docs/deadlines.md."""
    sheet = Path(settings.BASE_DIR) / "fixtures" / "rules.csv"
    book = {row["key"]: row for row in read_rules(decode(sheet.read_bytes()))}
    return document(
        "Deadlines",
        f"{INTRODUCTION} {CONFIDENCE}",
        "## Clocks",
        table(HEAD, (_clock(key, book.get(key)) for key in CLOCKS)),
        ENDS,
        "## What the clocks stand on",
        table(("Clock", "Article", "Confidence", "Note"), (_basis(key, book[key]) for key in CLOCKS if key in book)),
        "## Other periods, thresholds and limits",
        table(
            ("Rule", "Value", "Article", "Confidence", "Note"),
            (_other(row) for key, row in book.items() if key not in CLOCKS),
        ),
    )


def _value(row: Row) -> str:
    if parse(row["value"], row["unit"]) is None:
        return "永久"
    return row["value"] if row["unit"] == "count" else f"{row['value']} {UNIT_LABELS[row['unit']]}"


def _clock(key: str, row: Row | None) -> tuple[str, ...]:
    shown = [state for state in STATES.values() if state.clock == key]
    starts = [f"进入{state.label}" for state in shown if state.starts_clock]
    starts += [step_name(step) for step in STEPS.values() if key in step.starts]
    moves = [("停止", "stops"), ("恢复", "resumes"), ("延长", "extends")]
    moved = [f"{verb}：{step_name(s)}" for verb, name in moves for s in STEPS.values() if key in getattr(s, name)]
    acts = {TRANSITIONS[state.overdue].name: TRANSITIONS[state.overdue] for state in shown if state.overdue}
    acts |= {"lapse": TRANSITIONS["lapse"]} if key == "mediation" else {}
    return (
        f"{CLOCKS[key]} `{key}`",
        _value(row) if row else "各期款项自己的日期",
        "、".join(starts) or "登记各期款项的步骤",
        "<br>".join(moved),
        "、".join(state.label for state in shown) or f"期限账 `…/ledger/{key}/`",
        "、".join(map(step_name, acts.values())),
    )


def _basis(key: str, row: Row) -> tuple[str, ...]:
    return CLOCKS[key], row["article"], row["confidence"], row["note"]


def _other(row: Row) -> tuple[str, ...]:
    return f"{row['label_zh']} `{row['key']}`", _value(row), row["article"], row["confidence"], row["note"]
