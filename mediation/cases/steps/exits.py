"""Ways out before acceptance: diverted to whom it concerns, joined to a running case, or impossible to go on with."""

from __future__ import annotations

from datetime import datetime

from django.db import OperationalError
from django.utils import timezone

from mediation.cases import codes, grounds
from mediation.cases.case import DisputeCase
from mediation.cases.facts import chosen, written
from mediation.cases.filing import Filed, file_paper
from mediation.cases.linking import grow
from mediation.cases.office import OFFICE
from mediation.cases.parties import RouteStatus, alike
from mediation.cases.record import Contact, Notice
from mediation.cases.steps.contacts import log
from mediation.organisations.models import Organisation
from workflow import engine
from workflow.lifecycle import BEFORE_ACCEPTANCE
from workflow.records import Event
from workflow.registry import Move, Refused, effect
from workflow.rulebook import rules_of

SEVERAL_TIMES = 2
"""多次: more than once."""


@effect
def divert(
    move: Move, *, ground: str, receiving_body: str, reply: str, category: str = "", paper: Filed | None = None
) -> None:
    """It belongs elsewhere: the receiving body is named and the caller is told (A7)."""
    case, ground = move.case, chosen(ground, grounds.DivertGround, "转出理由", field="ground")
    written(receiving_body, "受理单位", field="receiving_body")
    written(reply, "对来电人的答复", field="reply")
    if ground == grounds.DivertGround.NOT_MEDICAL:
        _recategorise(move, category)
    elif ground in codes.Route.values:
        filed = file_paper(move, paper, kind=codes.PaperKind.ROUTES)
        case.other_route = ground
        RouteStatus(
            case=case, side=codes.Side.PATIENT, route=ground, answer=codes.RouteAnswer.ACCEPTED, on=move.happened_on,
            body=receiving_body.strip(), paper=filed,
        ).save(force_insert=True)  # fmt: skip
    case.outcome_code = move.data["ground"] = ground


@effect
def mark_duplicate(move: Move, *, original: DisputeCase, reason: str) -> None:
    """The same matter as a running case: its orders go there, nothing is merged, and unlinking opens a new case (A4)."""
    case = move.case
    written(reason, "认定为同一件事的依据", field="reason")
    if not DisputeCase.objects.visible_to(move.by).filter(pk=original.pk).exists():
        raise Refused("没有这件案件", field="original")
    if original.pk == case.pk:
        raise Refused("不能并入本案自己", field="original")
    original = _held(original)
    if original.is_closed:
        raise Refused(f"{original.title}已结案，只能并入正在办理的案件", field="original")
    if not alike(case, original):
        raise Refused(
            "两案没有相同的医疗机构和人员，看不出是同一件事；姓名、电话或医院登记有误的，请先更正", field="original"
        )
    if case.applications.exists() and not original.applications.exists():
        raise Refused("本案已有调解申请而原案没有，应以本案为主，请从另一案办理并案", field="original")
    orders = list(case.orders.order_by("pk"))
    OFFICE.move_orders(orders, original, by=move.by, now=move.now)
    case.duplicate_of, case.retention = original, codes.Retention.TEN
    move.data.update(original=original.number, orders=[order.pk for order in orders])
    hotline = orders[0].centre_id if orders else None
    engine.perform(original, "absorb", now=move.now, duplicate=case, orders=move.data["orders"], hotline=hotline)


@effect
def unlink(move: Move, *, reason: str) -> None:
    """It was not the same matter after all: a new case goes on with it, and gets back the orders that had moved (A4)."""
    case: DisputeCase = move.case
    original = case.duplicate_of
    assert original is not None, "joined_another"
    written(reason, "取消并案的理由", field="reason")
    linked = grow(
        case, hospitals=list(case.respondents.filter(kept=True)), desk=Organisation.objects.get(pk=move.right.organisation_id or 0),
        right=move.right, on=move.happened_on, by=move.by, now=move.now, late_reason=move.facts.get("late_reason", ""),
    )  # fmt: skip
    moved = Event.objects.get(chain=case.chain, kind="mark_duplicate").data["orders"]
    OFFICE.move_orders(original.orders.filter(pk__in=moved).order_by("pk"), linked, by=move.by, now=move.now)
    move.data["linked_case"] = linked.number


@effect
def absorb(move: Move, *, duplicate: DisputeCase, orders: list[int], hotline: int | None) -> None:
    """What follows from 并案关联 for the case that goes on: its record names the other case and the orders that came,
    the centre that answers for them can see how it goes on, and whoever has it hears that more belongs to it."""
    move.case.hotline_id = move.case.hotline_id or hotline
    move.data.update(duplicate=duplicate.number, orders=orders)
    _tell_keeper(move)


@effect
def drop(move: Move, *, ground: str, note: str) -> None:
    """Nobody to mediate with: anonymous, out of reach for the rulebook's days, or guided more than once in vain."""
    case, ground = move.case, chosen(ground, grounds.DropGround, "无法继续的原因", field="ground")
    written(note, "办理情况", field="note")
    if sentence := _still_possible(move, grounds.DropGround(ground)):
        raise Refused(sentence, field="ground")
    case.outcome_code = move.data["ground"] = ground


@effect
def withdraw(
    move: Move, *, side: str, means: str, reason: str, at: datetime | None = None, paper: Filed | None = None
) -> None:
    """The sole applicant, or all of them, take the application back (调解法 23): by a logged call before acceptance, by
    a signed request after it."""
    case, side = move.case, chosen(side, codes.Side, "撤回的一方", field="side")
    chosen(means, codes.Means, "方式", field="means")
    written(reason, "撤回的原话或理由", field="reason")
    _refuse_not_all(case, side)
    if case.accepted_on is not None and paper is None:
        raise Refused("受理后撤回须附申请人签名的书面请求（人民调解法第23条）", field="paper")
    if paper is None and at is None:
        raise Refused("请填写来电、来访的时间，或附上书面请求", field="at")
    if at is not None:
        log(move, side=side, purpose=Contact.Purpose.OTHER, means=means, at=at, reached=True, content=reason)
    file_paper(move, paper, kind=codes.PaperKind.WITHDRAWAL, side=side)
    move.data.update(side=side, means=means, before_acceptance=case.state in BEFORE_ACCEPTANCE)


def _held(original: DisputeCase) -> DisputeCase:
    """The original under lock: it must not be closed, or joined to this very case, by somebody else meanwhile."""
    try:
        return DisputeCase.objects.select_for_update(nowait=True, of=("self",)).get(pk=original.pk)
    except OperationalError as busy:
        raise Refused("原案正在由他人办理，请稍后再试", field="original") from busy


def _recategorise(move: Move, category: str) -> None:
    case = move.case
    category = category or (case.category if case.category != codes.Category.MEDICAL_DISPUTE else "")
    category = chosen(category, codes.Category, "它属于哪一类", field="category")
    if category == codes.Category.MEDICAL_DISPUTE:
        raise Refused("以“不是医疗纠纷”转出的，类别不能是医疗纠纷", field="category")
    case.category = move.data["category"] = category


def _still_possible(move: Move, ground: grounds.DropGround) -> str | None:
    """Why the case can go on after all; nothing when the ground holds."""
    contacts = [c for c in move.case.contacts.all() if c.side in (codes.Side.PATIENT, codes.Side.BOTH)]
    if ground == grounds.DropGround.ANONYMOUS:
        known = any(party.phone for party in move.case.parties.all() if party.until is None)
        return "本案登记有联系电话，请先联系" if known else None
    if ground == grounds.DropGround.GUIDED_IN_VAIN:
        guided = sum(contact.reached for contact in contacts)
        return "尚无两次以上联系上患方的记录，不能以多次引导仍不申请结束" if guided < SEVERAL_TIMES else None
    days = rules_of(move.case.rulebook_id).number("unreachable")
    last_reached = max((contact.at for contact in contacts if contact.reached), default=None)
    tried = [c.at for c in contacts if not c.reached and (last_reached is None or c.at > last_reached)]
    if (on_days := len({timezone.localtime(at).date() for at in tried})) < days:
        return f"须在 {days} 个不同的日期都联系不上患方，现有 {on_days} 天的联系记录"
    return None


def _refuse_not_all(case: DisputeCase, side: str) -> None:
    applied = {application.by_side for application in case.applications.all()} or {codes.Side.PATIENT.value}
    if applied == {codes.Side.PATIENT} and side != codes.Side.PATIENT:
        raise Refused("本案由患方提出，只能由患方撤回；医方不愿调解的，请办理“一方拒绝”或“对方拒绝”", field="side")
    if applied == {codes.Side.HOSPITAL} and side != codes.Side.HOSPITAL:
        raise Refused("本案由医方申请，只能由医方撤回", field="side")
    if len(applied) + (codes.Side.BOTH in applied) > 1 and side != codes.Side.BOTH:
        raise Refused("本案由双方申请，须双方一致撤回；一方不愿继续的，请办理“一方拒绝”", field="side")


def _tell_keeper(move: Move) -> None:
    role, organisation_id, person_id = OFFICE.holder(move.case)
    Notice(
        case=move.case, organisation_id=organisation_id, role=role.value, person_id=person_id, step=move.step.name,
        made_at=move.now,
    ).save(force_insert=True)  # fmt: skip
