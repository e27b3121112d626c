"""What may be corrected of what was recorded while the case ran: contacts, services, papers, seats."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import ManyToOneRel, QuerySet
from django.utils import timezone

from mediation.cases import codes
from mediation.cases.case import CaseMediator, DisputeCase
from mediation.cases.conditions import missing_papers
from mediation.cases.correctable import (
    Correctable,
    Recorded,
    by_event,
    nobody,
    not_before,
    of_part,
    record,
    within,
)
from mediation.cases.discretion import shown
from mediation.cases.filing import whose
from mediation.cases.pages.effects import PAPER_LABELS
from mediation.cases.pages.eyes import Eyes, Reader
from mediation.cases.parties import Application
from mediation.cases.record import Contact, Paper, Service
from mediation.cases.steps.contacts import made_out_to
from mediation.cases.templatetags.face import moment as in_words
from mediation.cases.values import OneOf, Short, count, day, flag, moment, text
from workflow.clocks import MarkKind
from workflow.reckoning import new_mark, read_marks
from workflow.registry import Move, Refused

OF_THE_PATIENT = (codes.Side.PATIENT, codes.Side.BOTH)
ENDED_ON_CONTACTS = ("dropped", "not_performed")


# --- contacts ---------------------------------------------------------------------------------------------------------


def _of_contact(move: Move, row: Contact, field: str, old: Any) -> None:
    """When, with whom and whether anybody was reached is evidence: what was decided on it keeps it (B3, R21)."""
    if field in ("content", "means"):
        return
    _refuse_decided(move.case)
    if field == "at":
        within(move, _day(row))
        if row.at > move.now:
            raise Refused("联系时间不能晚于现在", field="value")
    _end_first_contact_again(move, row)


def _refuse_decided(case: DisputeCase) -> None:
    if case.outcome in ENDED_ON_CONTACTS:
        raise Refused(
            f"本案已依据联系记录以“{case.get_outcome_display()}”结束，联系的时间、对象、目的和结果不能更正；"
            "有出入的，请另行登记联系记录说明", field="target",
        )  # fmt: skip
    if case.visits.filter(reached=False).exists():
        raise Refused(
            "未联系上的回访已依据联系记录计次，其时间、对象、目的和结果不能更正；有出入的，请另行登记联系记录说明",
            field="target",
        )


def _end_first_contact_again(move: Move, row: Contact) -> None:
    """The clock of the first contact ends on the day on which the patient's side was first reached, as it is told now."""
    marks = [one for one in read_marks(move.case) if one.clock == "first_contact"]
    started = max((place for place, one in enumerate(marks) if one.kind == MarkKind.START), default=None)
    if started is None:
        return
    others = [one for one in move.case.contacts.all() if one.pk != row.pk]
    reached = [_day(one) for one in (*others, row) if one.reached and one.side in OF_THE_PATIENT]
    ended = marks[-1].on if marks[-1].kind == MarkKind.END else None
    first = min((on for on in reached if on >= marks[started].on), default=None)
    if first == ended:
        return
    if ended is not None:
        move.marks.append(new_mark(move, "first_contact", MarkKind.RESUME, on=ended))
    if first is not None:
        move.marks.append(new_mark(move, "first_contact", MarkKind.END, on=first))


def _day(contact: Contact) -> date:
    return timezone.localtime(contact.at).date()


def _contact(row: Contact, eyes: Eyes) -> str:
    return f"{in_words(row.at)} {row.get_side_display()}{row.get_means_display()}"


# --- services ---------------------------------------------------------------------------------------------------------


def _of_service(move: Move, row: Service, field: str, old: Any) -> None:
    """Not before the document was made out, nor out of the time on which an ending was built."""
    if field == "means":
        if row.means == codes.Means.LETTER and row.paper_id is None:
            raise Refused("书面、邮寄送达须附送达凭据，本次登记没有凭据；请重新登记“送达”并附上", field="value")
        return
    within(move, row.on)
    for document in made_out_to(move.case, row.document, row.side, row.hospital)[-1:]:
        not_before(row.on, document.dated_on, "文书日期")
    if move.case.accepted_on is not None and old >= move.case.accepted_on:
        not_before(row.on, move.case.accepted_on, "受理日期")


def _service(row: Service, eyes: Eyes) -> str:
    who = row.hospital.name if row.hospital else row.get_side_display()
    return f"{PAPER_LABELS.get(row.document, row.document)} {who} {row.on:%Y-%m-%d}"


# --- papers -----------------------------------------------------------------------------------------------------------


def _papers(case: DisputeCase, eyes: Eyes) -> QuerySet[Any] | None:
    """A paper is read by its own table (``readers``); whoever else sees its title on file does not correct it."""
    if eyes.user is None or eyes.reader not in (Reader.COMMITTEE, Reader.TOWN):
        return None
    return Paper.objects.readable_by(eyes.user, case).order_by("pk")


def _of_paper(move: Move, row: Paper, field: str, old: Any) -> tuple[str, ...]:
    """Kind and side decide who reads it and what it proves."""
    if field == "received_on":
        within(move, row.received_on)
    if field not in ("kind", "side"):
        return ()
    if what := _proves(row):
        raise Refused(f"这份材料是“{what}”的凭据，类别和提交方不能更正；附错的，请重新登记该事项", field="target")
    if field == "kind" and move.case.is_closed:
        raise Refused("卷宗已经封存，材料类别不能更正；漏缺的材料，请另行登记", field="target")
    _refuse_missing(move.case, row)
    if row.kind == codes.PaperKind.APPLICATION:
        waiting = Application.objects.filter(case=move.case, paper=None)
        (waiting.filter(by_side=row.side) if row.side else waiting).update(paper=row)
    row.hospital_id = whose(move.case, row.side, row.organisation_id)
    return ("hospital",)


def _proves(paper: Paper) -> str:
    """What of the case names this paper as its proof."""
    for relation in Paper._meta.get_fields(include_hidden=True):
        if isinstance(relation, ManyToOneRel):
            rows = relation.related_model._base_manager.filter(**{relation.field.name: paper.pk})
            if rows.exists():
                return str(relation.related_model._meta.verbose_name)
    return ""


def _refuse_missing(case: DisputeCase, paper: Paper) -> None:
    """What acceptance demanded is still there after the correction."""
    if case.accepted_on is None:
        return
    others = {(one.kind, one.side) for one in case.papers.exclude(pk=paper.pk)}
    if missing := missing_papers({*others, (paper.kind, paper.side)}):
        raise Refused(f"本案已受理，更正后必备材料将缺少：{'、'.join(missing)}；请先登记该材料", field="value")


def _paper(row: Paper, eyes: Eyes) -> str:
    return "，".join(filter(None, (shown(row.title, row.case, eyes.user), row.get_side_display())))


# --- seats ------------------------------------------------------------------------------------------------------------


def _seat(row: CaseMediator, eyes: Eyes) -> str:
    return str(row.user)


# fmt: off
record(
    Recorded("contact", "联系记录", (
        Correctable("at", "联系时间", moment),
        Correctable("side", "联系对象", OneOf(codes.Side)),
        Correctable("purpose", "目的", OneOf(Contact.Purpose)),
        Correctable("means", "方式", OneOf(codes.Means)),
        Correctable("reached", "是否联系上", flag),
        Correctable("content", "内容与结果", text),
    ), of_part("contacts"), _contact, by=lambda case, row: row.organisation_id, follow=_of_contact),
    Recorded("service", "送达", (
        Correctable("on", "送达日期", day),
        Correctable("means", "方式", OneOf(codes.Means)),
    ), of_part("services", "hospital"), _service, by=by_event("service", "serve_notice"), follow=_of_service),
    Recorded("paper", "材料", (
        Correctable("title", "名称", Short(120)),
        Correctable("kind", "类别", OneOf(codes.PaperKind)),
        Correctable("side", "提交方", OneOf(codes.Side)),
        Correctable("copy", "原件或复印件", OneOf(codes.Copy)),
        Correctable("page_count", "页数", count),
        Correctable("received_on", "收到日期", day),
    ), _papers, _paper, by=lambda case, row: row.organisation_id, follow=_of_paper),
    Recorded("seat", "承办调解员", (
        Correctable("chosen", "产生方式", OneOf(codes.Chosen), by_committee=True),
    ), of_part("seats", "user"), _seat, by=nobody, committee="调解员的产生方式由市医调委更正"),
)
# fmt: on
