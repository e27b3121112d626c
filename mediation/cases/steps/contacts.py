"""Contacts with the parties, papers received, notices served."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from mediation.cases import codes
from mediation.cases.case import DisputeCase
from mediation.cases.facts import chosen, handed_in, one_side, written
from mediation.cases.filing import Filed, file_paper
from mediation.cases.parties import Application
from mediation.cases.record import Contact, PaperRequest, Service
from mediation.organisations.models import Organisation
from workflow.clocks import MarkKind
from workflow.reckoning import new_mark, read_marks
from workflow.registry import Move, Refused, effect
from workflow.rulebook import calendar_of, rules_of
from workflow.vocabulary import Role


@effect
def log_contact(move: Move, *, side: str, purpose: str, means: str, at: datetime, reached: bool, content: str) -> None:
    """With whom, when, how, and what came of it. Reaching the patient's side ends the clock of the first contact (B3)."""
    chosen(side, codes.Side, "联系对象", field="side")
    chosen(purpose, Contact.Purpose, "目的", field="purpose")
    chosen(means, codes.Means, "方式", field="means")
    written(content, "内容与结果", field="content")
    log(move, side=side, purpose=purpose, means=means, at=at, reached=reached, content=content)
    move.data.update(side=side, purpose=purpose, means=means, reached=reached)
    if reached and side in (codes.Side.PATIENT, codes.Side.BOTH):
        _end_first_contact(move)


def log(move: Move, *, side: str, purpose: str, means: str, at: datetime, reached: bool, content: str) -> Contact:
    """Put a contact of the day of the step on record. Raises :class:`Refused` for an hour that has not come yet."""
    if timezone.localtime(at).date() != move.happened_on:
        raise Refused(f"联系时间须在发生日期 {move.happened_on:%Y-%m-%d} 当天", field="at")
    if at > move.now:
        raise Refused("联系时间不能晚于现在", field="at")
    contact = Contact(
        case=move.case, side=side, purpose=purpose, means=means, at=at, reached=reached, content=content.strip(),
        by=move.by, organisation_id=move.right.organisation_id,
    )  # fmt: skip
    contact.save(force_insert=True)
    return contact


def _end_first_contact(move: Move) -> None:
    """Only while that clock runs, and not by a contact from before the case was dispatched."""
    marks = [row for row in read_marks(move.case) if row.clock == "first_contact"]
    if marks and marks[-1].kind == MarkKind.START and marks[-1].on <= move.happened_on:
        move.marks.append(new_mark(move, "first_contact", MarkKind.END))


@effect
def add_paper(move: Move, *, kind: str, paper: Filed | None, side: str = "") -> None:
    """A paper was handed in. The signed form of an application confirms the one that waits for it (R02)."""
    case = move.case
    chosen(kind, codes.PaperKind, "材料类别", field="kind")
    handed = handed_in(paper, "材料，或登记它的名称和存放情况")
    written(handed.title, "材料名称", field="title")
    if side:
        chosen(side, codes.Side, "提交方", field="side")
    if move.role == Role.HOSPITAL_LIAISON and side != codes.Side.HOSPITAL:
        raise Refused("医院联络员只登记医方提交的材料", field="side")
    if handed.sha256 and case.papers.filter(sha256=handed.sha256).exists():
        raise Refused("这份文件已经登记过了", field="paper")
    filed = file_paper(move, handed, kind=kind, side=side)
    if kind == codes.PaperKind.APPLICATION:
        waiting = Application.objects.filter(case=case, paper=None)
        same = waiting.filter(by_side=side) if side in (codes.Side.PATIENT, codes.Side.HOSPITAL) else waiting
        same.update(paper=filed)  # what both sides have signed is also what one of them asked for


@effect
def serve_notice(
    move: Move, *, document: str, side: str, means: str, hospital: Organisation | None = None,
    paper: Filed | None = None,
) -> None:  # fmt: skip
    """A document reached its addressee: only one that was made out to them can, and a letter needs its proof.

    A notice may be served again: the second service of a 征求意见函 is what silence is measured by.
    """
    chosen(means, codes.Means, "送达方式", field="means")
    receiver = one_side(move, side, hospital)
    issued = made_out_to(move.case, document, side, receiver)
    if not issued:
        raise Refused("本案没有向该方出具过这种文书，不能登记送达", field="document")
    if means == codes.Means.LETTER and paper is None:
        raise Refused("书面、邮寄送达须附送达凭据（回证、回执或签收单）", field="paper")
    if move.happened_on < issued[-1].dated_on:
        raise Refused(f"送达日期不能早于文书日期 {issued[-1].dated_on:%Y-%m-%d}", field="happened_on")
    filed = file_paper(move, paper, kind=codes.PaperKind.SERVICE, side=side, hospital=receiver)
    service = Service(
        case=move.case, document=document, side=side, hospital=receiver, means=means, on=move.happened_on, paper=filed
    )  # fmt: skip
    service.save(force_insert=True)
    for one in issued:
        if one.state == "draft":  # numbered and dated, but nobody has opened its PDF yet
            one.put_out()
        one.hand_over()
        one.save(update_fields=["state"])
    hospital_id = receiver.pk if receiver else None
    move.data.update(document=document, side=side, hospital=hospital_id, means=means, service=service.pk)


def made_out_to(case: DisputeCase, kind: str, side: str, receiver: Organisation | None) -> list[Any]:
    """The documents of a kind that are not void and address this side; one that names no addressee is for everybody."""
    hospital_id = receiver.pk if receiver else None
    return [
        one for one in case.documents.exclude(state="void").filter(kind=kind).order_by("pk")
        if one.side in ("", codes.Side.BOTH, side) and one.hospital_id in (None, hospital_id)
    ]  # fmt: skip


@effect
def request_papers(move: Move, *, side: str, wanted: list[str], note: str = "") -> None:
    """What is missing, from whom, by when: the patient has 5 working days, the hospital 3 (rulebook)."""
    side = chosen(side, codes.Side, "向谁要求补正", field="side")
    if not wanted:
        raise Refused("请列明缺少的材料", field="wanted")
    kinds = [chosen(kind, codes.PaperKind, "缺少的材料", field="wanted") for kind in wanted]
    asked = [codes.Side.PATIENT, codes.Side.HOSPITAL] if side == codes.Side.BOTH else [codes.Side(side)]
    for one in asked:
        due_on = papers_due_on(move, one)
        request = PaperRequest(case=move.case, side=one, wanted=kinds, asked_on=move.happened_on, due_on=due_on)
        request.save(force_insert=True)
        move.data.setdefault("requests", []).append(request.pk)
        move.data[f"due_{one.value}"] = due_on.isoformat()
    move.data.update(side=side, wanted=kinds)


def papers_due_on(move: Move, side: str) -> date:
    """By when a side hands in what is missing, counted from the day of the request."""
    rules, calendar = rules_of(move.case.rulebook_id), calendar_of(move.case.calendar_edition)
    return calendar.add_working_days(move.happened_on, rules.number(f"papers_{side}"))
