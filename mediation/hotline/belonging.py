"""Which case an order belongs to, and which orders are the same matter: judged by people, undone as easily."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from mediation.cases.case import DisputeCase
from mediation.cases.codes import Category
from mediation.cases.registration import AlreadyRegistered
from mediation.hotline.order import HotlineOrder, OrderLink
from mediation.hotline.turns import turning
from mediation.organisations.models import User
from workflow.records import record_system
from workflow.registry import NotYours, Refused
from workflow.vocabulary import Role


def join(
    order: HotlineOrder, case: DisputeCase, *, by: User, now: datetime, version: int | None = None
) -> HotlineOrder:
    """Make the order part of a case: when it is registered, or because the case is there already.

    Only a medical dispute can be; an order that nobody has sorted yet is taken for one by this very decision. The order
    keeps its own state and date, but a person who registers it has received it.
    """
    with turning(order, "join", by, now, version, case=case.pk) as turn:
        held = turn.order
        if held.case is not None:
            raise AlreadyRegistered(held.case, "这张工单已经关联了案件，请刷新后查看")
        if held.state == "returned":
            raise Refused("工单已退单，不能登记或关联案件")
        if held.category not in ("", Category.MEDICAL_DISPUTE):
            raise Refused(f"工单已判为“{held.get_category_display()}”，不能登记为纠纷；确是医疗纠纷的请先改判")
        held.case, held.category = case, Category.MEDICAL_DISPUTE
        if held.state == "received":
            turn.move("sign")
            held.signed_at = now
    order.refresh_from_db()
    return turn.order


def join_visible(
    order: HotlineOrder, case: DisputeCase, *, by: User, now: datetime, version: int | None
) -> HotlineOrder:
    """The same, for a case chosen by hand: only one that the person may see, and that is not closed."""
    if not DisputeCase.objects.visible_to(by).filter(pk=case.pk).exists():
        raise NotYours("没有这件案件")
    if case.is_closed:
        raise Refused("该案已经结案；请登记为新案件并关联前案", field="number")
    return join(order, case, by=by, now=now, version=version)


def leave(order: HotlineOrder, *, by: User, now: datetime, version: int | None = None) -> HotlineOrder:
    """Undo a wrong link: the order stands for itself again, the case stays as it is."""
    with turning(order, "leave", by, now, version) as turn:
        if turn.order.case_id is None:
            raise Refused("工单没有关联案件")
        turn.data["case"] = turn.order.case_id
        turn.order.case = None
    return turn.order


def move_orders(orders: Iterable[HotlineOrder], case: DisputeCase, *, by: User | None, now: datetime) -> None:
    """Let orders go on with another case, when cases are joined or parted; their own state, date and reply do not change.

    Called by what is done to the cases, within its transaction; the case itself is not changed here.
    """
    for order in orders:
        _move(order, case, by=by, now=now)


def _move(order: HotlineOrder, case: DisputeCase, *, by: User | None, now: datetime) -> None:
    with transaction.atomic():
        held = HotlineOrder.objects.select_for_update(of=("self",)).get(pk=order.pk)
        if held.case_id == case.pk:
            return
        moved_from, held.case, held.version = held.case_id, case, held.version + 1
        held.save(update_fields=["case", "version"])
        record_system(
            "order_move", actor_id=getattr(by, "pk", None), organisation_id=held.centre_id, now=now,
            data={"order": held.pk, "version": held.version, "from_case": moved_from, "case": case.pk},
        )  # fmt: skip


def judge(order: HotlineOrder, other: HotlineOrder, *, is_same: bool, by: User, now: datetime) -> OrderLink:
    """Keep the judgement that two orders are, or are not, the same matter. Neither order changes."""
    first, second = _pair(order, other, by)
    with transaction.atomic():
        link, _ = OrderLink.objects.update_or_create(
            order=first, other=second, defaults={"is_same": is_same, "by": by, "at": now}
        )
        _record("order_judge", first, second, by, now, is_same=is_same)
    return link


def forget(order: HotlineOrder, other: HotlineOrder, *, by: User, now: datetime) -> None:
    """Take a judgement back: both orders stand as before."""
    first, second = _pair(order, other, by)
    with transaction.atomic():
        if OrderLink.objects.filter(order=first, other=second).delete()[0]:
            _record("order_unlink", first, second, by, now)


def _pair(order: HotlineOrder, other: HotlineOrder, by: User) -> tuple[HotlineOrder, HotlineOrder]:
    mine = by.organisations(Role.HOTLINE_OPERATOR)
    if order.centre_id not in mine or other.centre_id not in mine:
        raise NotYours("没有这张工单")
    if order.pk == other.pk:
        raise Refused("不能与自己关联")
    return (order, other) if order.pk < other.pk else (other, order)


def _record(kind: str, first: HotlineOrder, second: HotlineOrder, by: User, now: datetime, **data: Any) -> None:
    record_system(
        kind, actor_id=by.pk, role=Role.HOTLINE_OPERATOR.value, organisation_id=first.centre_id, now=now,
        data={"order": first.pk, "other": second.pk, **data},
    )  # fmt: skip
