"""The town's turn: an extension, the way up, and back down."""

from __future__ import annotations

from mediation.cases import grounds
from mediation.cases.brief import ESSENTIALS, brief_on_file
from mediation.cases.facts import chosen, written
from workflow.registry import Move, Refused, effect
from workflow.rulebook import rules_of


@effect
def extend_handling(move: Move, *, reason: str) -> None:
    """Once, with a reason, before the period is over."""
    case = move.case
    written(reason, "延期理由", field="reason")
    if case.due_on is not None and move.happened_on > case.due_on:
        raise Refused(f"处置期限已于 {case.due_on:%Y-%m-%d} 届满，不能再延期", field="happened_on")
    case.handling_extensions += 1
    move.extension = move.data["days"] = rules_of(case.rulebook_id).number("town_extension")


@effect
def escalate(
    move: Move, *, reasons: list[str], work_done: str, patient_attitude: str, hospital_attitude: str, risk: str,
    request: str, contact_name: str, contact_phone: str, attachments: str = "",
) -> None:  # fmt: skip
    """Only with a complete brief (R27): what is missing is listed before anything is sent (B4)."""
    said = {
        "work_done": work_done, "patient_attitude": patient_attitude, "hospital_attitude": hospital_attitude,
        "risk": risk, "request": request, "contact_name": contact_name, "contact_phone": contact_phone,
    }  # fmt: skip
    codes = [chosen(code, grounds.EscalationReason, "上报理由", field="reasons") for code in reasons]
    missing = [] if codes else ["reasons"]
    missing += [name for name, text in said.items() if not text.strip()]
    if missing:
        raise Refused(f"呈批表尚缺：{'、'.join(ESSENTIALS[name] for name in missing)}", field=missing[0])
    if grounds.EscalationReason.MAJOR in codes:
        move.case.is_major = True
    move.data["reasons"] = codes
    move.facts = {**move.facts, "reasons_text": "\n".join(grounds.EscalationReason(code).label for code in codes)}


@effect
def escalate_overdue(move: Move) -> None:
    """The town slept: the brief says what is on file, and that nobody wrote it."""
    move.facts = {**move.facts, **brief_on_file(move.case)}
    move.data["reasons"] = [grounds.EscalationReason.PERIOD_OVER.value]


@effect
def take_over(move: Move, *, note: str = "") -> None:
    """The committee is responsible from here on; the town stays the local contact (R27)."""
    move.data["town"] = move.case.town_id


@effect
def send_back(move: Move, *, reason: str, note: str, avoidable: bool | None = None) -> None:
    """Once, with a coded reason; the town's period starts anew (B5)."""
    case = move.case
    move.data.update(reason=chosen(reason, grounds.SendBackReason, "退回理由", field="reason"), town=case.town_id)
    if avoidable is not None:
        move.data["avoidable"] = avoidable
    written(note, "退回说明", field="note")
    case.send_backs += 1
    case.hops += 1
    case.handling_extensions = 0
