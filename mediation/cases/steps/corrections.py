"""Putting a wrong fact right, looking behind a mask, and counting anew under a new calendar."""

from __future__ import annotations

import json
from datetime import date, time
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model

from mediation.cases.case import DisputeCase
from mediation.cases.correctable import Recorded, find
from mediation.cases.discretion import OUTSIDE
from mediation.cases.facts import written
from mediation.cases.pages.effects import PAPER_LABELS
from mediation.cases.pages.eyes import Eyes
from mediation.cases.parties import Party
from mediation.cases.revealable import Corrected, behind
from mediation.privacy.keys import keyed_digest
from workflow.engine import office
from workflow.reckoning import read_marks, settle_dates
from workflow.registry import Move, Refused, effect


@effect
def correct(move: Move, *, target: str, value: str, reason: str) -> None:
    """A wrong fact is put right; the old value stays, sealed beside the event, which names the field and two digests.

    Whoever may not read a row cannot name it. What was issued keeps its words: the page says so.
    """
    case, reason, eyes = move.case, written(reason, "更正理由", field="reason"), Eyes.of(move.by, move.case)
    found = find(case, eyes, target)
    kind, row, item = found.kind, found.row, found.item
    row = case if kind.key == "case" else row
    if refusal := kind.why_not(item, case, row, move.right):
        raise Refused(refusal, field="target")
    if move.role in OUTSIDE and (item.field == "is_confidential" or _tells_of_a_hidden_caller(case, row, item.field)):
        raise Refused("要求保密的来电人，由12345或市医调委更正", field="target")
    named = kind.name(row, eyes) if kind.by is not None else ""
    new, old = item.read(value), item.of(row)
    if _plain(old) == _plain(new):
        raise Refused("更正前后内容相同", field="value")
    item.put(row, new)
    others = kind.follow(move, row, item.field, old) or ()
    if row is not case:
        row.save(update_fields=[item.column, *others])
    move.facts = {**move.facts, "old": _plain(old), **({"of": named} if named else {})}
    move.data.update(field=f"{kind.key}.{item.field}", row=row.pk, old=_digest(old), new=_digest(new))
    _point_out_documents(move, kind)


def _point_out_documents(move: Move, kind: Recorded) -> None:
    """A document that was made of the row stays as it was issued and signed."""
    if kind.paper and move.case.documents.filter(kind=kind.paper).exclude(state="void").exists():
        title = PAPER_LABELS.get(kind.paper, kind.paper)
        move.warnings.append(f"已出具的{title}保持原样，不随更正改变；签名件与更正后的记录不一致的，请在卷内说明")


@effect
def reveal(move: Move, *, target: str, reason: str) -> None:
    """Somebody looks behind a mask and says why: every value that is shown is named in the record, with the one reason.

    A hidden caller stays hidden from town and hospital (A6).
    """
    written(reason, "查看理由", field="reason")
    kind, row, fields = behind(move.case, target)
    if isinstance(row, Corrected) and not row.is_told(move.case, Eyes.of(move.by, move.case)):
        raise Refused("请选择本案中的一项", field="target")
    if move.role in OUTSIDE and any(_tells_of_a_hidden_caller(move.case, row, field) for field in fields):
        raise Refused("来电人要求保密，不向镇街和医疗机构显示", field="target")
    move.data.update(fields=[f"{kind}.{field}" for field in fields], row=row.pk)


def _tells_of_a_hidden_caller(case: DisputeCase, row: Model | Corrected, field: str) -> bool:
    """A hidden party's own values do, and so does whatever else may name them."""
    if isinstance(row, Party | Corrected) and row.is_hidden:
        return True
    if isinstance(row, Corrected) and row.is_recorded:
        return case.parties.filter(is_hidden=True).exists()
    return getattr(row, "field", field) == "summary" and case.parties.filter(is_hidden=True).exists()


@effect
def recount(move: Move, *, edition: int) -> None:
    """A new edition of the calendar: the record says which dates it moved, from when to when (R34)."""
    case, before = move.case, _dates(move.case)
    move.data["from_edition"], move.data["edition"] = case.calendar_edition, edition
    case.calendar_edition = edition
    settle_dates(case, read_marks(case), office())
    for name, now in _dates(case).items():
        move.data[f"{name}_before"], move.data[name] = before[name], now


def _dates(case: DisputeCase) -> dict[str, Any]:
    return {
        "due_on": _plain(case.due_on), "due_provisional": case.due_provisional,
        "mediation_due_on": _plain(case.mediation_due_on), "mediation_provisional": case.mediation_provisional,
    }  # fmt: skip


def _plain(value: Any) -> Any:
    """A value as it is kept beside the event: a row by its number, a date or an amount as text."""
    if isinstance(value, Model):
        return f"{value._meta.label_lower}:{value.pk}"
    if isinstance(value, date | time):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | list) else str(value)


def _digest(value: Any) -> str:
    return keyed_digest(json.dumps(_plain(value), cls=DjangoJSONEncoder, ensure_ascii=False))
