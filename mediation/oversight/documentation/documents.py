"""docs/documents.md: every paper that the product issues, and which step brings it."""

from __future__ import annotations

from mediation.documents.catalogue import KINDS, Copies, PaperKind
from mediation.oversight.documentation.tables import document, step_name, table
from workflow.lifecycle import STEPS

HEAD = ("Document", "Brought by", "Number", "Signed by", "Seal", "Copies", "Kept", "Article")
INTRODUCTION = """\
The catalogue is [`mediation/documents/catalogue.py`](../mediation/documents/catalogue.py); a kind's template
has its key as name, below [`templates/documents/`](../templates/documents). A number is given in the
transaction that asks for the paper and is never used twice. “盖章” means that the issuer's real seal is put
on the paper: none is ever drawn."""


def page() -> str:
    """docs/documents.md."""
    return document("Documents", INTRODUCTION, table(HEAD, map(_row, KINDS)))


def _row(kind: PaperKind) -> tuple[str, ...]:
    steps = [step_name(step) for step in STEPS.values() if kind.key in step.papers]
    series = "" if kind.series is None else f"代字{kind.series}〔…〕…号"
    signed, seal = "、".join(kind.signed_by), "盖章" if kind.sealed else ""
    return (
        f"{kind.title} `{kind.key}`",
        "、".join(steps) or "按需出具",
        series,
        signed,
        seal,
        _copies(kind.copies),
        kind.retention,
        kind.article,
    )


def _copies(copies: Copies) -> str:
    each = f"每方 {copies.per_party}" if copies.per_party else ""
    return " + ".join(filter(None, [each, f"{copies.kept}"]))
