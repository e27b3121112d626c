"""What holds the folder together: cover, contents, back cover (人民调解法 27)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, cast

from mediation.cases.case import DisputeCase
from mediation.cases.codes import Retention
from mediation.cases.record import Paper
from mediation.documents import contexts
from mediation.documents.drafting.addressing import DASH, NOT_STATED, Draft, common, drafter, matter, mediator_names
from mediation.documents.drafting.agreements import agreement_of
from mediation.organisations.models import Organisation, User
from mediation.settlement.dossier import ITEMS, contents
from workflow.records import Event
from workflow.registry import Move

Pages = tuple[list[str], int | None]


@drafter
def dossier_cover(move: Move) -> Iterator[Draft]:
    """卷宗封面."""
    case, issuer = move.case, _keeper(move.case)
    _, pages = _lines(case)
    yield Draft(issuer, contexts.DossierCover(
        **common(move, issuer), title=matter(case), file_number=case.title, year=move.happened_on.year, kind="医疗纠纷",
        mediators=mediator_names(case) or (DASH,), began_on=case.accepted_on or case.received_on, ended_on=_ended_on(move),
        outcome=case.get_outcome_display() or NOT_STATED, filed_on=case.dossier_submitted_on or move.happened_on,
        retention=dict(Retention.choices).get(case.retention, NOT_STATED), pages=pages, **_hands(move),
    ))  # fmt: skip


@drafter
def dossier_catalogue(move: Move) -> Iterator[Draft]:
    """卷内目录: everything in the folder, in the published order."""
    case, issuer = move.case, _keeper(move.case)
    lines, _ = _lines(case)
    yield Draft(issuer, contexts.DossierCatalogue(
        **common(move, issuer), file_number=case.title, items=(*lines, contexts.DossierItem(title="封底", note="不编页号")),
    ))  # fmt: skip


@drafter
def dossier_back_cover(move: Move) -> Iterator[Draft]:
    """卷宗封底, with what is to be said about the folder: the items that it lacks, and why (R32)."""
    case, issuer = move.case, _keeper(move.case)
    _, pages = _lines(case)
    titles = {item.key: item.title for item in ITEMS}
    lacking = case.dossier_items.filter(standing="explained").order_by("pk")
    yield Draft(issuer, contexts.DossierBackCover(
        **common(move, issuer), file_number=case.title, pages=pages, filed_on=case.dossier_submitted_on or move.happened_on,
        remarks=tuple(f"缺{titles[row.key]}：{row.reason}" for row in lacking), **_hands(move),
    ))  # fmt: skip


def _keeper(case: DisputeCase) -> Organisation:
    return case.committee if case.is_committee_case else case.town or case.desk


def _ended_on(move: Move) -> date:
    """The day mediation was over: an agreement took effect, the period ran out, or whatever else led to closing."""
    case, agreement = move.case, agreement_of(move.case)
    if agreement is not None and agreement.effective_on:
        return cast("date", agreement.effective_on)
    if case.outcome == "deemed_failed" and case.mediation_due_on:
        return case.mediation_due_on
    last = Event.objects.filter(chain=case.chain, target="closing").exclude(source="closing").order_by("seq").last()
    return last.happened_on if last else move.happened_on


def _hands(move: Move) -> dict[str, Any]:
    """Who put the folder together, and who looked through it: the mediator hands it in, the director closes."""
    closed_by = move.by.get_full_name() if move.by else "系统"
    handed_in = Event.objects.filter(chain=move.case.chain, kind="submit_dossier").order_by("seq").last()
    mediator = User.objects.filter(pk=handed_in.actor_id or 0).first() if handed_in else None
    return {"filed_by": mediator.get_full_name(), "checked_by": closed_by} if mediator else {"filed_by": closed_by}


def _lines(case: DisputeCase) -> tuple[list[contexts.DossierItem], int | None]:
    """The lines of the contents, and how many pages the folder has; None when nobody can know yet.

    What the mediator found in the folder goes before what page counts add up to. Behind a paper whose pages nobody has
    counted the numbers stay open, to be written by hand.
    """
    declared = {row.key: row for row in case.dossier_items.all()}
    lines: list[contexts.DossierItem] = []
    following: int | None = 1
    for key, title, inside in _items(case):
        said = declared.get(key)
        if not inside and said is not None and said.standing != "not_applicable":
            note = "缺，见封底说明" if said.standing == "explained" else ""
            lines.append(contexts.DossierItem(title=title, pages=said.pages, note=note))
            following = _after(said.pages, following)
            continue
        pages, following = _numbered(inside, said.pages if said else "", following)
        lines += [_line(one, where) for one, where in zip(inside, pages, strict=True)]
    return lines, following - 1 if following else None


def _items(case: DisputeCase) -> Iterator[tuple[str, str, list[Any]]]:
    folder = contents(case)
    return ((item.key, item.title, folder[item.key]) for item in ITEMS if item.key in folder)


def _numbered(inside: Sequence[Any], typed: str, following: int | None) -> Pages:
    """The page numbers of one item, and the number that comes next.

    Pages that were typed are those of the whole item; its papers share them out where their counts add up to it.
    """
    if not typed or not inside:
        return _counted(inside, following)
    numbers = [int(number) for number in re.findall(r"\d+", typed)]
    shared, after = _counted(inside, numbers[0] if numbers else None)
    if numbers and after == numbers[-1] + 1:
        return shared, after
    return [typed] * len(inside), _after(typed, following)


def _counted(inside: Sequence[Any], following: int | None) -> Pages:
    pages = []
    for one in inside:
        last = following + one.page_count - 1 if following and one.page_count else None
        pages.append("" if last is None else f"{following}-{last}" if last != following else f"{last}")
        following = last + 1 if last else None
    return pages, following


def _after(typed: str, following: int | None) -> int | None:
    """The page behind those that were typed: 6 behind 3-5."""
    numbers = re.findall(r"\d+", typed)
    return int(numbers[-1]) + 1 if numbers else following if not typed else None


def _line(one: Any, pages: str) -> contexts.DossierItem:
    if isinstance(one, Paper):
        return contexts.DossierItem(title=one.title, pages=pages, note=one.get_copy_display())
    return contexts.DossierItem(title=one.title, number=one.number, pages=pages)
