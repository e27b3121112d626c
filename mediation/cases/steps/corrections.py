"""Putting a wrong fact right, looking behind a mask, and counting anew under a new calendar."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model

from mediation.cases import codes
from mediation.cases.case import CaseHospital, DisputeCase
from mediation.cases.correctable import CORRECTABLE, correction_targets, find, rows_of
from mediation.cases.discretion import OUTSIDE
from mediation.cases.facts import written
from mediation.cases.parties import Application, Consent, Party
from mediation.cases.revealable import Corrected, behind
from mediation.cases.steps.dates import correct_acceptance, correct_application, correct_consent, correct_receipt
from mediation.privacy.identity import IdKind, check_id_no
from mediation.privacy.keys import keyed_digest
from mediation.privacy.masking import mask_name
from workflow.engine import office
from workflow.lifecycle import BEFORE_ACCEPTANCE
from workflow.reckoning import read_marks, settle_dates
from workflow.registry import Move, Refused, effect
from workflow.vocabulary import Role

COMMITTEE = (Role.DISPATCHER, Role.MEDIATOR, Role.DIRECTOR)


@effect
def correct(move: Move, *, target: str, value: str, reason: str) -> None:
    """A wrong fact is put right; the old value stays, sealed beside the event, which names the field and two digests."""
    case, reason = move.case, written(reason, "更正理由", field="reason")
    kind, row, field = find(target, correction_targets(case), rows_of(case))
    item = next(item for item in CORRECTABLE[kind] if item.field == field)
    if item.by_committee and move.role not in COMMITTEE:
        raise Refused("受理及其依据的事项由市医调委更正", field="target")
    if move.role in OUTSIDE and (field == "is_confidential" or _tells_of_a_hidden_caller(case, row, field)):
        raise Refused("要求保密的来电人，由12345或市医调委更正", field="target")
    new, old = item.read(value), getattr(row, field)
    if _plain(old) == _plain(new):
        raise Refused("更正前后内容相同", field="value")
    setattr(row, field, new)
    _consequences(move, row, field, old)
    if row is not case:
        row.save(update_fields=[field])
    move.facts = {**move.facts, "old": _plain(old)}
    move.data.update(field=f"{kind}.{field}", row=row.pk, old=_digest(old), new=_digest(new))


@effect
def reveal(move: Move, *, target: str, reason: str) -> None:
    """Somebody looks behind a mask and says why: every value that is shown is named in the record, with the one reason.

    A hidden caller stays hidden from town and hospital (A6).
    """
    written(reason, "查看理由", field="reason")
    kind, row, fields = behind(move.case, target)
    if move.role in OUTSIDE and any(_tells_of_a_hidden_caller(move.case, row, field) for field in fields):
        raise Refused("来电人要求保密，不向镇街和医疗机构显示", field="target")
    move.data.update(fields=[f"{kind}.{field}" for field in fields], row=row.pk)


def _tells_of_a_hidden_caller(case: DisputeCase, row: Model | Corrected, field: str) -> bool:
    """A hidden party's own values do, and so does the free text that may name them."""
    if isinstance(row, Party | Corrected) and row.is_hidden:
        return True
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


def _consequences(move: Move, row: Model, field: str, old: Any) -> None:
    """What hangs on the corrected fact; raises :class:`Refused` when it cannot be as typed."""
    if isinstance(row, Party):
        _of_party(move, row, field)
    elif isinstance(row, CaseHospital) and field == "hospital":
        _of_hospital(move.case, row)
    elif isinstance(row, Application):
        correct_application(move, row, old)
    elif isinstance(row, Consent):
        correct_consent(move, row)
    elif isinstance(row, DisputeCase):
        _of_case(move, field, old)


def _of_case(move: Move, field: str, old: Any) -> None:
    case = move.case
    if field == "accepted_on":
        correct_acceptance(move, old)
    elif field == "received_on":
        correct_receipt(move, old)
    elif field == "occurred_on" and case.occurred_on > case.received_on:
        raise Refused(f"发生日期不能晚于接收日期 {case.received_on:%Y-%m-%d}", field="value")
    elif (
        field == "category" and case.state not in BEFORE_ACCEPTANCE and case.category != codes.Category.MEDICAL_DISPUTE
    ):
        raise Refused("受理后不能改为非医疗纠纷", field="value")
    elif field == "is_confidential":
        _hide_the_caller(case)


def _hide_the_caller(case: DisputeCase) -> None:
    """Who called is hidden; where that cannot be told, everybody on the patient's side is."""
    people = case.parties.filter(side=codes.Side.PATIENT)
    callers = people.filter(kind=codes.PartyKind.CALLER)
    if case.is_confidential and callers.exists():
        people = callers
    people.update(is_hidden=case.is_confidential)


def _of_party(move: Move, party: Party, field: str) -> None:
    today = move.happened_on
    if field == "name" and party.kind == codes.PartyKind.PATIENT:
        move.case.patient_label = mask_name(party.name)
    elif field == "born_on" and party.born_on is not None and party.born_on > today:
        raise Refused("出生日期不能晚于今天", field="value")
    elif field == "id_no":
        if party.id_kind == IdKind.NONE:
            raise Refused("请先更正证件类型", field="target")
        found = check_id_no(party.id_kind, party.id_no or "", today=today)
        if not found.ok:
            raise Refused(found.message, field="value")
        party.id_no = found.value


def _of_hospital(case: DisputeCase, row: CaseHospital) -> None:
    if case.accepted_on is not None:
        raise Refused("受理后不能更换医疗机构：新的机构尚未同意调解，请变更当事人或分出（条例第31条）", field="target")
    if case.respondents.filter(hospital=row.hospital).exclude(pk=row.pk).exists():
        raise Refused(f"{row.hospital.name}已经是本案的医疗机构", field="value")
    applied = case.applications.filter(by_side__in=[codes.Side.HOSPITAL, codes.Side.BOTH])
    if applied.exists():
        raise Refused("医方已经申请调解，不能更换医疗机构", field="target")


def _dates(case: DisputeCase) -> dict[str, Any]:
    return {
        "due_on": _plain(case.due_on), "due_provisional": case.due_provisional,
        "mediation_due_on": _plain(case.mediation_due_on), "mediation_provisional": case.mediation_provisional,
    }  # fmt: skip


def _plain(value: Any) -> Any:
    """A value as it is kept beside the event: a row by its number, a date or an amount as text."""
    if isinstance(value, Model):
        return f"{value._meta.label_lower}:{value.pk}"
    if isinstance(value, date):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | list) else str(value)


def _digest(value: Any) -> str:
    return keyed_digest(json.dumps(_plain(value), cls=DjangoJSONEncoder, ensure_ascii=False))
