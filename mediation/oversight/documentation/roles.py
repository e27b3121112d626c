"""docs/roles.md: who there is, what each may see and may do."""

from __future__ import annotations

import inspect

from mediation.cases.case import DisputeCaseQuerySet
from mediation.cases.office import CaseOffice
from mediation.organisations.models import ROLE_KINDS
from mediation.oversight.documentation.tables import document, table
from workflow import diagram
from workflow.lifecycle import STEPS
from workflow.vocabulary import Role

INTRODUCTION = """\
A role is held on an organisation. A case points at its organisations, so moving a case to another town changes
one foreign key and no grant."""
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
