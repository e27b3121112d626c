"""What may be corrected of what mediators did with people: rights notices, investigations, meetings."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from mediation.cases import codes
from mediation.cases.conditions import application_received, first_assigned
from mediation.cases.correctable import (
    Correctable,
    Recorded,
    nobody,
    not_after,
    not_before,
    of_part,
    record,
    within,
)
from mediation.cases.pages.eyes import Eyes
from mediation.cases.templatetags.face import moment as in_words
from mediation.cases.values import OneOf, OrNothing, Short, count, day, hour, moment, people, short, text
from mediation.hearings.conditions import first_convened, rights_notices_all_signed
from mediation.hearings.models import Investigation, Meeting, RightsNotice
from mediation.hearings.steps.talks import warn_of_numbers
from workflow.registry import Move, Refused

PLANNED = Meeting.Result.PLANNED


def _of_notice(move: Move, row: RightsNotice, field: str, old: date) -> None:
    """Nobody is mediated with before being told (R06): the day stays before the meeting that rests on it."""
    within(move, row.signed_on)
    not_before(row.signed_on, application_received(move.case), "收到调解申请之日")
    convened = first_convened(move.case)
    if convened is not None and old <= convened:
        not_after(row.signed_on, convened, "召开调解之日", of="双方签收后才能召开调解（R06），签收日期")


def _of_investigation(move: Move, row: Investigation, field: str, old: Any) -> None:
    """After the mediators were assigned, and not before it has happened."""
    if field == "on":
        within(move, row.on)
        not_before(row.on, first_assigned(move.case), "分案之日")
    if row.began is not None:
        _has_happened(move, timezone.make_aware(datetime.combine(row.on, row.began)))


def _of_meeting(move: Move, row: Meeting, field: str, old: Any) -> tuple[str, ...]:
    """When it was held follows what had to be before it; who came is counted (条例 30; R15)."""
    if field == "result" and row.result == PLANNED:
        raise Refused("已经召开的调解会不能改为“待召开”", field="value")
    if field == "at":
        on = timezone.localtime(row.at).date()
        not_before(on, first_assigned(move.case), "分案之日")
        not_before(on, rights_notices_all_signed(move.case), "双方签收权利义务告知书之日")
        not_before(on, first_convened(move.case), "召开调解之日")
        _has_happened(move, row.at)
    if field not in ("patient", "hospital", "others"):
        return ()
    came = row.attendance or {}
    row.patient_count, row.hospital_count = len(came.get("patient", [])), len(came.get("hospital", []))
    if not row.patient_count and not row.hospital_count:
        raise Refused("请填写到会人员", field="value")
    warn_of_numbers(move, row.patient_count, row.hospital_count)
    return ("patient_count", "hospital_count")


def _of_plan(move: Move, row: Meeting, field: str, old: Any) -> None:
    """The invitations say what they said: whoever has one is told of the change."""
    if field == "at":
        not_before(timezone.localtime(row.at).date(), first_convened(move.case), "召开调解之日")
    warn_of_numbers(move, row.patient_count, row.hospital_count)
    if field in ("at", "place"):
        move.warnings.append("时间、地点与已发通知不一致的，请另行通知双方，并登记联系记录")


def _has_happened(move: Move, at: datetime) -> None:
    if at > move.now:
        raise Refused("时间不能晚于现在", field="value")


def _side(row: RightsNotice, eyes: Eyes) -> str:
    return row.hospital.name if row.hospital else str(row.get_side_display())


# fmt: off
record(
    Recorded("rights", "权利义务告知签收", (
        Correctable("signed_on", "签收日期", day, by_committee=True),
    ), of_part("rights_notices", "hospital"), _side, by=nobody, follow=_of_notice),
    Recorded("investigation", "调查笔录", (
        Correctable("on", "调查日期", day),
        Correctable("began", "开始时间", OrNothing(hour)),
        Correctable("place", "地点", Short(120)),
        Correctable("side", "被调查人所属的一方", OneOf(codes.Side)),
        Correctable("person", "被调查人", short, names=True),
        Correctable("present", "在场人", OrNothing(text), names=True),
        Correctable("content", "内容", text),
        Correctable("recorder", "记录人", Short(40)),
    ), of_part("investigations"), lambda row, eyes: f"{row.on:%Y-%m-%d} 向{eyes.names(row.person)}调查",
       by=nobody, follow=_of_investigation, paper="investigation_record"),
    Recorded("plan", "待召开的调解会", (
        Correctable("at", "时间", moment),
        Correctable("place", "地点", Short(120)),
        Correctable("patient_count", "患方人数", count),
        Correctable("hospital_count", "医方人数", count),
    ), of_part("meetings", result=PLANNED), lambda row, eyes: in_words(row.at),
       by=nobody, follow=_of_plan, paper="meeting_invitation"),
    Recorded("meeting", "调解会", (
        Correctable("at", "时间", moment),
        Correctable("place", "地点", Short(120)),
        Correctable("patient", "患方到会", OrNothing(people, []), names=True, within="attendance"),
        Correctable("hospital", "医方到会", OrNothing(people, []), names=True, within="attendance"),
        Correctable("others", "其他到会", OrNothing(people, []), names=True, within="attendance"),
        Correctable("objection", "当事人对调解员的意见", text),
        Correctable("content", "笔录正文", text),
        Correctable("result", "结果", OneOf(Meeting.Result)),
        Correctable("recorder", "记录人", Short(40)),
    ), of_part("meetings", result__in=[one for one in Meeting.Result if one != PLANNED]),
       lambda row, eyes: in_words(row.at), by=nobody, follow=_of_meeting, paper="meeting_record"),
)
# fmt: on
