"""What mediators did with people, as parts of the file: rights notices, investigations, meetings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mediation.cases.case import DisputeCase
from mediation.cases.pages.eyes import Eyes, Reader
from mediation.cases.pages.onfile import (
    PARTS,
    Block,
    Part,
    Sheet,
    Sheets,
    Table,
    is_superseded,
    named,
    paper,
    rows_named,
    tag,
    validity,
    whose,
)
from mediation.cases.templatetags.face import day, moment
from mediation.hearings.models import Investigation, Meeting, RightsNotice

TONES = {Meeting.Result.AGREED: "ok", Meeting.Result.FAILED: "warn", Meeting.Result.PLANNED: "b1"}


def rights_notices(case: DisputeCase, rows: Iterable[RightsNotice], eyes: Eyes) -> Block:
    """Which side has signed the notice of rights and duties, and when."""
    return Table.of(
        ("一方", "签收日期", "签收件", "效力"), rows,
        lambda row: (whose(case, row), day(row.signed_on), paper(case, row.paper_id, eyes), validity(row)), is_superseded,
        kind="rights",
    )  # fmt: skip


def investigations(case: DisputeCase, rows: Iterable[Investigation], eyes: Eyes) -> Block:
    """Whom, when, where, what was said."""
    return Sheets([
        Sheet(
            f"{day(row.on)} 向{row.get_side_display()}调查", [
                ("被调查人", eyes.names(row.person), False), ("在场人", eyes.names(row.present), False),
                ("开始时间", f"{row.began:%H:%M}" if row.began else "", False), ("地点", eyes.said(row.place), False),
                ("调查人", str(row.by), False), ("记录人", row.recorder, False),
                ("内容", eyes.said(row.content), True), ("签名件", paper(case, row.paper_id, eyes), True),
            ], target=named("investigation", row))
        for row in rows
    ])  # fmt: skip


def meetings(case: DisputeCase, rows: Iterable[Meeting], eyes: Eyes) -> Block:
    """Who came, what was said, what came of it; a hospital reads when and where it was, and how it ended."""
    return Sheets([
        Sheet(f"第 {number} 次　{moment(row.at)}", _facts(case, row, eyes),
              tags=[tag(row.get_result_display(), TONES.get(Meeting.Result(row.result), ""))],
              target=named("plan" if row.result == Meeting.Result.PLANNED else "meeting", row))
        for number, row in enumerate(rows, start=1)
    ])  # fmt: skip


def _facts(case: DisputeCase, row: Meeting, eyes: Eyes) -> list[tuple[str, Any, bool]]:
    facts = [("地点", eyes.said(row.place), True)]
    came = row.attendance or {}
    if row.result == Meeting.Result.PLANNED:
        return [*facts, ("患方人数", f"{row.patient_count} 人", False), ("医方人数", f"{row.hospital_count} 人", False)]
    if eyes.reader == Reader.HOSPITAL:
        return [*facts, ("医方到会", _people(came, "hospital", eyes), True)]
    return [
        *facts, ("患方到会", _people(came, "patient", eyes), False), ("医方到会", _people(came, "hospital", eyes), False),
        ("其他到会", _people(came, "others", eyes), False), ("记录人", row.recorder, False),
        ("对调解员的意见", eyes.said(row.objection), True), ("笔录", eyes.said(row.content), True),
        ("签名件", paper(case, row.paper_id, eyes), True),
    ]  # fmt: skip


def _people(came: dict[str, list[str]], group: str, eyes: Eyes) -> str:
    return eyes.names("、".join(came.get(group, [])))


PARTS += [
    Part("rights_notices", "consents", "权利义务告知签收", rows_named("rights_notices"), rights_notices),
    Part("investigations", "talks", "调查笔录", rows_named("investigations", "by"), investigations),
    Part("meetings", "talks", "调解会", rows_named("meetings"), meetings),
]
