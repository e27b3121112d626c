"""docs/roles.md: who there is, what each may see and may do."""

from __future__ import annotations

import inspect
from collections.abc import Mapping

from mediation.cases.case import DisputeCaseQuerySet
from mediation.cases.codes import PaperKind
from mediation.cases.office import CaseOffice
from mediation.cases.readers import COLUMNS, ISSUED, REACH_LABELS, RECEIVED, Reach, Row
from mediation.documents.catalogue import CATALOGUE
from mediation.organisations.models import ROLE_KINDS
from mediation.oversight.documentation.tables import document, table
from workflow import diagram
from workflow.lifecycle import STEPS
from workflow.vocabulary import Role

INTRODUCTION = """\
A role is held on an organisation. A case points at its organisations, so moving a case to another town changes
one foreign key and no grant."""
READING = """\
Seeing a case is not reading its papers. 受理员, 调解员 and 医调委主任 read everything of their cases; the others as
the tables say, by the role held *towards this case*. Whoever only reads along (患者居住镇街, a desk that has
passed the case on, a hospital that was severed) reads none.
本单位的: handed in, filed or brought about by the own organisation, made out to it or served on it. 双方的: what
both sides hold. 处置期间的: the town's own, and what came in before the case went to the city.

A confidential caller's case: the town reads, of what
others filed, only the hospital's papers. The tables are [`mediation/cases/readers.py`](../mediation/cases/readers.py)."""
UNSEEN = "A case that a person may not see answers 404, exactly like one that does not exist."
RIGHT = """\
The matrix gives the *right*; the open task only says who is expected. In 履行中, 待回访 and 结案审查 only roles
of the level that keeps the case may move it. Once 市医调委 keeps the case, only its roles take {kept}."""


def page() -> str:
    """docs/roles.md."""
    return document(
        "Roles",
        INTRODUCTION,
        table(("Role", "Held on", "Keeps cases at"), map(_role, Role)),
        "## What somebody sees",
        _said_by(DisputeCaseQuerySet.visible_to),
        UNSEEN,
        "## On whose behalf somebody acts",
        _said_by(CaseOffice.rights),
        "## Who reads which paper",
        READING,
        _readers("材料（收到的）", RECEIVED, {kind.value: kind.label for kind in PaperKind}),
        _readers("文书（出具的）", ISSUED, {kind.key: kind.title for kind in CATALOGUE.values()}),
        "## Who may do what",
        RIGHT.format(kept="、".join(step.label for step in STEPS.values() if step.by_keeper)),
        diagram.role_matrix(),
    )


def _role(role: Role) -> tuple[str, ...]:
    held = ROLE_KINDS[role].label if role in ROLE_KINDS else "无须任职" if role is Role.TIME else "单个案件"
    return f"{role.label} `{role.value}`", held, role.level.label if role.level else ""


def _said_by(function: object) -> str:
    """The rule as its code documents it."""
    return inspect.getdoc(function) or ""


def _readers(title: str, rows: Mapping[str, Row], labels: Mapping[str, str]) -> str:
    head = (title, *(role.label for role in COLUMNS))
    return table(head, ((f"{labels[kind]} `{kind}`", *map(_reach, reaches)) for kind, reaches in rows.items()))


def _reach(reach: Reach) -> str:
    return "；".join(label for one, label in REACH_LABELS.items() if one in reach)
