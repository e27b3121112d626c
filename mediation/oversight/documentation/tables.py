"""Markdown tables, and the words that several pages use for the same thing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mediation.documents.catalogue import CATALOGUE
from workflow.vocabulary import Step

NOTICE = "<!-- Written by `manage.py docs` from the code; changes made here are lost. -->"
TOLD = {
    "residence_town": "患者居住镇街", "hotline": "12345", "hospitals": "医疗机构", "town": "责任镇街",
    "mediators": "调解员", "supervisor": "卫健局",
}  # fmt: skip
CONFIDENCE = """\
**H** read in the full text · **M** a second-hand source or part of the text · **L** one weak source ·
**DESIGN** our own choice, to be confirmed locally."""


def document(title: str, *parts: str) -> str:
    """A whole page: its title, the notice that it is generated, and its parts with a blank line between them."""
    return "\n\n".join([f"# {title}", NOTICE, *(part.strip("\n") for part in parts)]) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; an empty cell is a dash, so that nothing looks forgotten."""
    lines = ["| " + " | ".join(head) + " |", "| " + " | ".join("---" for _ in head) + " |"]
    lines += ["| " + " | ".join(_cell(value) for value in row) + " |" for row in rows]
    return "\n".join(lines)


def _cell(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ").strip() or "—"


def step_name(step: Step) -> str:
    """How a step is named everywhere: 受理 `accept`."""
    return f"{step.label} `{step.name}`"


def who(step: Step) -> str:
    """The roles with the right to a step."""
    return "、".join(role.label for role in step.by)


def paper_titles(step: Step) -> str:
    """The documents that a step brings."""
    return "、".join(CATALOGUE[key].title for key in step.papers)


def told(step: Step) -> str:
    """Whom a step informs besides the next in line."""
    return "、".join(TOLD[key] for key in step.tells)
