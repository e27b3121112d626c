"""The list as a workbook (台账): written row by row, so ten years of cases need no more memory than one page."""

from __future__ import annotations

import io
from datetime import date

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from mediation.cases.case import DisputeCase, DisputeCaseQuerySet
from mediation.cases.discretion import CONFIDENTIAL, hidden_patients
from mediation.cases.pages.chips import deadline_chip
from mediation.organisations.models import User

COLUMNS = ("案号", "状态", "时限", "到期日", "患方", "医疗机构", "责任镇街", "来源", "类别", "案由", "损害后果", "索赔金额（元）",
           "接收日期", "受理日期", "结果", "结案日期", "最近动态")  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def workbook(cases: DisputeCaseQuerySet, today: date, user: User | None = None) -> tuple[bytes, int]:
    """The workbook as bytes and the number of its rows. Names are masked as this person's screen shows them."""
    book, count = Workbook(write_only=True), 0
    sheet = book.create_sheet("案件")
    sheet.freeze_panes = "A2"
    for letter, width in zip(
        "ABCDEFGHIJKLMNOPQ", (20, 14, 16, 12, 10, 28, 12, 12, 18, 14, 12, 14, 12, 12, 14, 12, 14), strict=True
    ):
        sheet.column_dimensions[letter].width = width
    header = [WriteOnlyCell(sheet, value=name) for name in COLUMNS]
    for cell in header:
        cell.font = Font(bold=True)
    sheet.append(header)
    rows = cases.select_related("town").prefetch_related("respondents__hospital").order_by("-latest_at", "-pk")
    hidden = hidden_patients(cases, user)
    for case in rows.iterator(chunk_size=500):
        count += 1
        if case.pk in hidden:
            case.patient_label = CONFIDENTIAL
        sheet.append([harmless(value) for value in _row(case, today)])
    held = io.BytesIO()
    book.save(held)
    return held.getvalue(), count


def _row(case: DisputeCase, today: date) -> list[object]:
    hospitals = "、".join(r.hospital.name for r in case.respondents.all())
    return [
        case.title, case.state_label, deadline_chip(case, today)["text"], case.due_on, case.patient_label, hospitals,
        case.town.name if case.town else "", case.get_source_display(), case.get_category_display().split("（")[0],
        case.get_cause_display(), case.get_harm_display(), case.claimed_amount, case.received_on, case.accepted_on,
        case.get_outcome_display(), case.closed_on, case.latest_step,
    ]  # fmt: skip


def harmless(value: object) -> object:
    """Text that a spreadsheet would run as a formula is prefixed, so it is shown instead."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
