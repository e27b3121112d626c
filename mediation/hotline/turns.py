"""What an operator does with an order: sign, answer, send back, extend, redo, finish; each with the version seen.

Every function locks the order, compares the version that the page was rendered for, and leaves a line in the system's
record. A stale page gets :class:`Stale` and nothing happens. Times are arguments.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django_fsm import TransitionNotAllowed

from mediation.cases.codes import Category
from mediation.hotline.order import Appeal, HotlineOrder, OrderReply, Rating
from mediation.hotline.reckoning import due_of
from mediation.organisations.models import User
from mediation.privacy.keys import keyed_digest
from workflow.companions import ORDER
from workflow.records import record_system
from workflow.registry import NotYours, Refused, Stale
from workflow.rulebook import calendar_of, rules_of
from workflow.vocabulary import Role

LABELS = {turn.name: turn.label for turn in ORDER.turns}


@dataclass
class Turn:
    """One change of one order while it is made; ``data`` are codes and references for the record."""

    order: HotlineOrder
    now: datetime
    data: dict[str, Any]

    @property
    def today(self) -> date:
        """The day of the turn."""
        return timezone.localtime(self.now).date()

    def move(self, name: str) -> None:
        """Take the transition; raises :class:`Refused` when the state does not allow it."""
        try:
            getattr(self.order, name)()
        except TransitionNotAllowed:
            raise Refused(f"工单现为“{self.order.state_label}”，不能{LABELS[name]}") from None


@contextmanager
def turning(
    order: HotlineOrder, kind: str, by: User, now: datetime, version: int | None, **data: Any
) -> Iterator[Turn]:
    """Lock an order, let it be changed, and write it with a line in the record: completely or not at all."""
    with transaction.atomic():
        turn = Turn(locked(order, by, version), now, data)
        yield turn
        held = turn.order
        held.version += 1
        held.save()
        record_system(
            f"order_{kind}", actor_id=by.pk, role=Role.HOTLINE_OPERATOR.value, organisation_id=held.centre_id, now=now,
            data={"order": held.pk, "version": held.version, "state": held.state, **turn.data},
        )  # fmt: skip


def locked(order: HotlineOrder, by: User, version: int | None) -> HotlineOrder:
    """The order under lock, as it now stands. Raises :class:`NotYours` for strangers, :class:`Stale` for an old page."""
    fresh = HotlineOrder.objects.select_for_update(of=("self",)).filter(pk=order.pk).first()
    if fresh is None or fresh.centre_id not in by.organisations(Role.HOTLINE_OPERATOR):
        raise NotYours("没有这张工单")
    if version is not None and version != fresh.version:
        raise Stale(f"工单已有新的办理（现为“{fresh.state_label}”），本次提交未生效")
    return fresh


def written(text: str, what: str, *, field: str, most: int = 20_000) -> str:
    """A text that must be there; raises :class:`Refused`."""
    text = text.strip()
    if not text:
        raise Refused(f"请填写{what}", field=field)
    if len(text) > most:
        raise Refused(f"{what}不能超过 {most} 字", field=field)
    return text


def sign(order: HotlineOrder, *, by: User, now: datetime, version: int | None = None) -> HotlineOrder:
    """签收."""
    with turning(order, "sign", by, now, version) as turn:
        turn.move("sign")
        turn.order.signed_at = now
    return turn.order


def sort_out(
    order: HotlineOrder, *, category: str, appeal: str = "", by: User, now: datetime, version: int | None = None
) -> HotlineOrder:
    """A person decides what the matter is; another kind of appeal counts the order's date anew from its receipt."""
    if category not in Category.values:
        raise Refused("请选择类别", field="category")
    with turning(order, "sort_out", by, now, version, category=category) as turn:
        held = turn.order
        if held.case_id and category != Category.MEDICAL_DISPUTE:
            raise Refused("工单已关联案件，不能改判为其他类别；请先取消关联", field="category")
        turn.data["suggested"] = held.suggested
        held.category = category
        if appeal and appeal in Appeal.values and appeal != held.appeal:
            turn.data["appeal"] = held.appeal = appeal
            if not held.extended_to:
                count(held)
    return turn.order


def count(order: HotlineOrder) -> None:
    """Set the order's own date from its kind and receipt, under the rules and calendar it began with."""
    received_on = timezone.localtime(order.received_at).date()
    says = due_of(order.appeal, received_on, order.rulebook_id, order.calendar_edition)
    order.due_on, order.due_provisional = says.due_on, says.provisional


def answer(
    order: HotlineOrder, *, text: str, by: User, now: datetime, version: int | None = None, category: str = "",
    receiving_body: str = "", internal_note: str = "", is_founded: bool | None = None, is_solved: bool | None = None,
    prepared: OrderReply | None = None,
) -> HotlineOrder:  # fmt: skip
    """答复: the caller is told; the order's clock has done its duty, whatever the case still does (A5).

    What is not a medical dispute needs the body that will deal with it. ``prepared`` is the draft that the text was made
    of; it is spent.
    """
    text = written(text, "公开答复内容", field="text")
    with turning(order, "answer", by, now, version, digest=keyed_digest(text)) as turn:
        held = turn.order
        held.category = category or held.category
        _refuse_unsorted(held, receiving_body)
        turn.move("answer")
        held.reply, held.replied_on = text, turn.today
        held.signed_at = held.signed_at or now
        held.receiving_body = receiving_body.strip() or held.receiving_body
        held.internal_note = internal_note.strip() or held.internal_note
        held.is_founded, held.is_solved = is_founded, is_solved
        turn.data["category"] = held.category
        keep_reply(held, text, by=by, now=now, prepared=prepared)
    return turn.order


def _refuse_unsorted(order: HotlineOrder, receiving_body: str) -> None:
    if not order.category:
        raise Refused("请先确定类别", field="category")
    if order.category == Category.MEDICAL_DISPUTE:
        if order.case_id is None:
            raise Refused("医疗纠纷应当登记或关联案件后再答复", field="category")
    elif not (receiving_body.strip() or order.receiving_body):
        raise Refused("不是医疗纠纷的，请写明转往的单位", field="receiving_body")


def keep_reply(order: HotlineOrder, text: str, *, by: User, now: datetime, prepared: OrderReply | None) -> None:
    """Keep the answer among the order's replies; the drafts that were not used are put aside."""
    kind = OrderReply.Kind.INTERIM if order.case_id and not order.case.is_closed else OrderReply.Kind.FINAL  # type: ignore[union-attr]
    if prepared is not None and (prepared.order_id != order.pk or prepared.standing != OrderReply.Standing.PREPARED):
        raise Refused("所选的答复稿已用过，请刷新后再试", field="text")
    drafts = order.replies.filter(standing=OrderReply.Standing.PREPARED)
    step = prepared.step if prepared else ""
    if prepared is not None:
        drafts = drafts.filter(pk__lte=prepared.pk)
    drafts.update(standing=OrderReply.Standing.DISCARDED)
    OrderReply(
        order=order, kind=kind, standing=OrderReply.Standing.GIVEN, key=f"answer:{order.pk}:{order.version + 1}",
        step=step, text=text, by=by, made_at=now,
    ).save(force_insert=True)  # fmt: skip


def send_return(
    order: HotlineOrder, *, reason: str, unit: str, by: User, now: datetime, version: int | None = None
) -> HotlineOrder:
    """退单: only once, within a working day of coming here, with the reason and the unit that should have it."""
    reason, unit = (
        written(reason, "退单理由", field="reason", most=2_000),
        written(unit, "建议承办单位", field="unit", most=80),
    )
    with turning(order, "return", by, now, version) as turn:
        held, rules = turn.order, rules_of(turn.order.rulebook_id)
        if held.case_id:
            raise Refused("工单已关联案件，不能退单；请先取消关联")
        if held.returns >= rules.number("hotline_returns"):
            raise Refused(f"退单至多 {rules.number('hotline_returns')} 次")
        came_on = timezone.localtime(held.imported_at).date()
        last_day = calendar_of(held.calendar_edition).add_working_days(came_on, rules.number("hotline_return"))
        if turn.today > last_day:
            raise Refused(f"退单须在 {last_day:%Y-%m-%d} 前提出")
        turn.move("send_return")
        held.return_reason, held.return_unit, held.returns = reason, unit, held.returns + 1
    return turn.order


def extend(
    order: HotlineOrder, *, until: date, reason: str, by: User, now: datetime, version: int | None = None
) -> HotlineOrder:
    """延期: asked before the date has passed, with the reason and the new date."""
    reason = written(reason, "延期理由", field="reason", most=2_000)
    with turning(order, "extend", by, now, version, until=until.isoformat()) as turn:
        held = turn.order
        if held.is_answered:
            raise Refused(f"工单现为“{held.state_label}”，不需要延期")
        if held.due_on and turn.today > held.due_on:
            raise Refused("答复期限已过，不能再延期", field="until")
        if until <= (held.due_on or turn.today):
            raise Refused("新期限应当晚于现期限", field="until")
        if not calendar_of(held.calendar_edition).is_working_day(until):
            raise Refused("新期限应当是工作日", field="until")
        held.extended_to, held.extension_reason, held.due_on = until, reason, until
        held.due_provisional = not calendar_of(held.calendar_edition).is_official(until)
    return turn.order


def redo(order: HotlineOrder, *, reason: str, by: User, now: datetime, version: int | None = None) -> HotlineOrder:
    """重办: the hotline sends an answer back; the order's date stays what it was."""
    reason = written(reason, "重办原因", field="reason", most=2_000)
    with turning(order, "redo", by, now, version) as turn:
        turn.move("redo")
        turn.order.internal_note = _added(turn.order.internal_note, f"重办（{turn.today:%Y-%m-%d}）：{reason}")
    return turn.order


def finish(
    order: HotlineOrder, *, rating: str = "", is_solved: bool | None = None, by: User, now: datetime,
    version: int | None = None,
) -> HotlineOrder:  # fmt: skip
    """办结 the order, with what the caller said when called back; the case, if there is one, goes on by itself."""
    if rating and rating not in Rating.values:
        raise Refused("请选择满意度", field="rating")
    with turning(order, "finish", by, now, version, rating=rating) as turn:
        turn.move("finish")
        turn.order.rating = rating
        turn.order.is_solved = turn.order.is_solved if is_solved is None else is_solved
    return turn.order


def reveal(order: HotlineOrder, *, reason: str, by: User, now: datetime) -> dict[str, str]:
    """The caller's name, phone and certificate in full, for a reason that is kept on record as a digest."""
    reason = written(reason, "查看理由", field="reason", most=500)
    with transaction.atomic():
        held = locked(order, by, None)
        record_system(
            "order_reveal", actor_id=by.pk, role=Role.HOTLINE_OPERATOR.value, organisation_id=held.centre_id, now=now,
            data={"order": held.pk, "reason": keyed_digest(reason)},
        )  # fmt: skip
    return {"来电人": held.caller or "", "电话": held.phone or "", "证件号码": held.id_no or ""}


def _added(note: str | None, line: str) -> str:
    return f"{note}\n{line}" if note else line


TURNS: dict[str, Callable[..., HotlineOrder]] = {
    "sign": sign, "sort_out": sort_out, "answer": answer, "send_return": send_return, "extend": extend, "redo": redo,
    "finish": finish,
}  # fmt: skip
