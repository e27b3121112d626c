"""Filing what was handed in: from an upload that was checked and stored to a row of the case's papers."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date

from mediation.cases.case import CaseHospital, DisputeCase
from mediation.cases.codes import Copy, PaperKind, Side
from mediation.cases.record import Paper
from mediation.organisations.models import Organisation
from workflow.registry import Move


@dataclass(frozen=True)
class Filed:
    """A paper handed in with a step. ``stored`` is empty when only the fact is recorded: the paper lies in the folder.

    The file is written to disk, sealed under ``uid``, before the transaction; a file whose row never came is harmless.
    """

    title: str
    copy: str = Copy.COPY
    page_count: int | None = None
    received_on: date | None = None
    stored: str = ""
    mime: str = ""
    size: int | None = None
    sha256: str = ""
    uid: uuid.UUID = field(default_factory=uuid.uuid4)


def file_paper(
    move: Move, filed: Filed | None, *, kind: str, side: str = "", hospital: Organisation | None = None
) -> Paper | None:
    """Put a paper on file with the step in progress; nothing was handed in, nothing is filed.

    The event names the paper and its digest, so a file that is exchanged later is found. ``hospital`` is whose paper it
    is; where only one hospital can be meant, it need not be said. A paper without a title is called by its kind.
    """
    if filed is None:
        return None
    paper = Paper(
        uid=filed.uid if filed.stored else uuid.uuid4(), case=move.case, kind=kind, side=side, title=filed.title or title_of(kind), copy=filed.copy,
        page_count=filed.page_count, received_on=filed.received_on or move.happened_on, recorded_at=move.now,
        recorded_by=move.by, organisation_id=move.right.organisation_id, hospital_id=_hospital(move, side, hospital),
        level=move.case.level, stored=filed.stored, mime=filed.mime, size=filed.size, sha256=filed.sha256,
    )  # fmt: skip
    paper.save(force_insert=True)
    move.data.setdefault("papers", []).append(f"{kind}:{paper.pk}:{filed.sha256[:16]}")
    return paper


def title_of(kind: str) -> str:
    """What a paper is called when nobody named it: never by its file's name, which people build from names and numbers."""
    return PaperKind(kind).label.split("（")[0]


def _hospital(move: Move, side: str, named: Organisation | None) -> int | None:
    if named is not None and side == Side.HOSPITAL:
        return named.pk
    return whose(move.case, side, move.right.organisation_id)


def whose(case: DisputeCase, side: str, filer: int | None) -> int | None:
    """The hospital that a paper of the hospitals' side belongs to where nobody named it: its own liaison's, or the only one."""
    if side != Side.HOSPITAL:
        return None
    kept = list(CaseHospital.objects.filter(case=case, kept=True).values_list("hospital_id", flat=True))
    if filer in kept:
        return filer
    return kept[0] if len(kept) == 1 else None
