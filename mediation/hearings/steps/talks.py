"""What mediators do with people: the rights notice, investigations and meetings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time

from django.utils import timezone

from mediation.cases import codes
from mediation.cases.facts import chosen, moment_of, one_side, written
from mediation.cases.filing import Filed, file_paper
from mediation.hearings.models import Investigation, Meeting, RightsNotice
from mediation.organisations.models import Organisation
from workflow.registry import Move, Refused, effect
from workflow.rulebook import rules_of


@effect
def sign_rights_notice(
    move: Move, *, side: str, hospital: Organisation | None = None, paper: Filed | None = None
) -> None:
    """One side has signed the notice of rights and duties (R06). Signed anew after a change of party: both stay."""
    hospital = one_side(move, side, hospital)
    filed = file_paper(move, paper, kind=codes.PaperKind.RIGHTS, side=side, hospital=hospital)
    notice = RightsNotice(case=move.case, side=side, hospital=hospital, signed_on=move.happened_on, paper=filed)
    notice.save(force_insert=True)
    move.data |= {"side": side, "hospital": hospital and hospital.pk}


@effect
def record_investigation(
    move: Move, *, place: str, side: str, person: str, content: str, recorder: str, began: time | None = None,
    present: str = "", paper: Filed | None = None,
) -> None:  # fmt: skip
    """One investigation record a person: when, where, who was there, what was said (F-1)."""
    chosen(side, codes.Side, "被调查人所属的一方", field="side")
    if began is not None:
        moment_of(move, began, "调查时间")
    filed = file_paper(move, paper, kind=codes.PaperKind.RECORD, side=side)
    record = Investigation(
        case=move.case, on=move.happened_on, began=began, place=written(place, "调查地点", field="place"), side=side,
        person=written(person, "被调查人", field="person"), present=present.strip() or None,
        content=written(content, "调查内容", field="content"), recorder=written(recorder, "记录人", field="recorder"),
        by=move.by, paper=filed,
    )  # fmt: skip
    record.save(force_insert=True)
    move.data |= {"investigation": record.pk, "side": side}


@effect
def convene(move: Move, *, at: datetime, place: str, patient_count: int = 1, hospital_count: int = 1) -> None:
    """Plan the first meeting and invite both sides; more than five a side is pointed out (R15)."""
    meeting = _plan(move, at, place, field="at")
    meeting.patient_count, meeting.hospital_count = patient_count, hospital_count
    warn_of_numbers(move, patient_count, hospital_count)
    meeting.save()
    move.data["meeting"] = meeting.pk


@effect
def record_meeting(
    move: Move, *, began: time, place: str, patient_present: Sequence[str], hospital_present: Sequence[str],
    objection: str, content: str, result: str, recorder: str, others_present: Sequence[str] = (),
    next_at: datetime | None = None, next_place: str = "", paper: Filed | None = None,
) -> None:  # fmt: skip
    """The record of a meeting that was held: of the one planned, or of another. The next one may be planned with it."""
    if not patient_present and not hospital_present:
        raise Refused("请填写到会人员", field="patient_present")
    if result not in (Meeting.Result.AGREED, Meeting.Result.AGAIN, Meeting.Result.FAILED):
        raise Refused("请选择调解结果", field="result")
    meeting = _planned(move) or Meeting(case=move.case)
    meeting.at = moment_of(move, began, "调解会的时间")
    meeting.place = written(place, "调解地点", field="place")
    meeting.patient_count, meeting.hospital_count = len(patient_present), len(hospital_present)
    meeting.attendance = {
        "patient": list(patient_present), "hospital": list(hospital_present), "others": list(others_present),
    }  # fmt: skip
    meeting.objection = written(objection, "当事人对调解员有无异议", field="objection")
    meeting.content = written(content, "笔录正文", field="content")
    meeting.result, meeting.recorder = result, written(recorder, "记录人", field="recorder")
    meeting.paper = file_paper(move, paper, kind=codes.PaperKind.RECORD, side=codes.Side.BOTH)
    meeting.save()
    warn_of_numbers(move, meeting.patient_count, meeting.hospital_count)
    move.data |= {"meeting": meeting.pk, "result": result}
    if next_at is not None:
        _plan_next(move, result, next_at, next_place or place)


def warn_of_numbers(move: Move, patient_count: int, hospital_count: int) -> None:
    """More representatives than the limit are pointed out, never refused (条例 30; R15)."""
    most = rules_of(move.case.rulebook_id).number("representatives")
    if max(patient_count, hospital_count) > most:
        move.warnings.append(f"一方到场代表超过 {most} 人（条例第30条）")
        move.data["representatives"] = [patient_count, hospital_count]


def _planned(move: Move) -> Meeting | None:
    planned: Meeting | None = move.case.meetings.filter(result=Meeting.Result.PLANNED).first()
    return planned


def _plan(move: Move, at: datetime, place: str, *, field: str) -> Meeting:
    """The meeting to come; one that was planned before and never held is put off to the new time."""
    if timezone.localtime(at).date() < move.happened_on:
        raise Refused(f"调解会的时间不能早于本步骤的发生日期 {move.happened_on:%Y-%m-%d}", field=field)
    meeting = _planned(move) or Meeting(case=move.case)
    meeting.at, meeting.place = at, written(place, "调解地点", field="place")
    return meeting


def _plan_next(move: Move, result: str, at: datetime, place: str) -> None:
    if result != Meeting.Result.AGAIN:
        raise Refused("只有结果为“再次调解”的，才约定下次时间", field="next_at")
    meeting = _plan(move, at, place, field="next_at")
    meeting.save()
    move.data["next_meeting"] = meeting.pk
    move.papers.append("meeting_invitation")
