"""The one-page brief (上报呈批表) from what is on file: to begin with for the town, and all there is when it slept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from mediation.cases import codes, grounds
from mediation.cases.case import DisputeCase
from mediation.lines import BRIEF_COLUMNS, BRIEF_LINES, lines, wrapped

ESSENTIALS = {
    "reasons": "上报理由", "work_done": "已做工作", "patient_attitude": "患方态度", "hospital_attitude": "医方态度",
    "risk": "风险与稳控措施", "request": "需要市级解决的事项", "contact_name": "镇街联系人", "contact_phone": "联系电话",
}  # fmt: skip


def brief_on_file(case: DisputeCase) -> dict[str, Any]:
    """The facts of a brief that nobody wrote: every essential is there, and says so where nothing is on file."""
    return {
        "reasons": [grounds.EscalationReason.PERIOD_OVER.value],
        "work_done": work_on_file(case) or "镇街没有办理记录。",
        "patient_attitude": last_word(case, codes.Side.PATIENT) or "没有联系记录。",
        "hospital_attitude": last_word(case, codes.Side.HOSPITAL) or "没有联系记录。",
        "risk": "重大纠纷，请立即研判。" if case.is_major else "镇街未填报，请市医调委核实。",
        "request": "镇街期限届满未办结，请市医调委接收办理。",
        "contact_name": case.town.name if case.town else "—",
        "contact_phone": (case.town.phone if case.town else "") or "—",
        "attachments": papers_on_file(case),
    }


def work_on_file(case: DisputeCase) -> str:
    """What was done, one line a contact, oldest first."""
    return "\n".join(
        f"{timezone.localtime(contact.at):%m月%d日 %H:%M} {contact.get_means_display()}联系{contact.get_side_display()}"
        f"（{contact.get_purpose_display()}，{'已联系上' if contact.reached else '未联系上'}）：{contact.content}"
        for contact in case.contacts.order_by("at", "pk")
    )


def last_word(case: DisputeCase, side: str) -> str:
    """What came of the last contact in which this side was reached."""
    spoken = case.contacts.filter(side__in=[side, codes.Side.BOTH], reached=True).order_by("at", "pk").last()
    return spoken.content if spoken else ""


def papers_on_file(case: DisputeCase) -> str:
    """The papers received, by kind."""
    return "、".join(dict.fromkeys(paper.get_kind_display() for paper in case.papers.order_by("pk")))


def room_left(case: DisputeCase) -> int:
    """Lines of the one page that the case itself leaves to what the town writes."""
    orders = "、".join(case.orders.values_list("number", flat=True))
    hospitals = "、".join(one.hospital.name for one in case.respondents.select_related("hospital"))
    departments = "、".join(one.get_department_display() for one in case.respondents.all() if one.department)
    patients = [(party.name, party.phone or "") for party in case.parties.filter(kind=codes.PartyKind.PATIENT)]
    beside = [
        (f"{hospitals}　{departments}",),
        (f"{case.get_cause_display()}　后果：{case.get_harm_display()}",),
        *patients[:1],
    ]
    taken = lines(orders, BRIEF_COLUMNS) + lines(case.summary, BRIEF_COLUMNS)
    return BRIEF_LINES - taken - sum(wrapped(*row) for row in beside)


def lines_written(said: Mapping[str, Any]) -> int:
    """Lines that what the town wrote takes."""
    texts = (
        "；".join(grounds.EscalationReason(code).label for code in said["reasons"]), said["work_done"],
        f"患方：{said['patient_attitude']}\n医方：{said['hospital_attitude']}", said["risk"], said["request"],
        said.get("attachments") or "无",
    )  # fmt: skip
    beside = wrapped(said["contact_name"], said["contact_phone"])
    return beside + sum(lines(text, BRIEF_COLUMNS) for text in texts)
