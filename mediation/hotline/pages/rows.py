"""How an order looks in a list and on its page: masked, with the badge of its own clock. Plain data for the templates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from mediation.cases.case import DisputeCase
from mediation.cases.codes import Category
from mediation.hotline.discretion import discreet
from mediation.hotline.duplicates import Alike
from mediation.hotline.order import HotlineOrder, OrderLink
from mediation.hotline.replies import local
from mediation.organisations.models import User
from mediation.privacy.masking import mask_id_no, mask_name, mask_phone
from workflow.rulebook import calendar_of
from workflow.urgency import urgency_of

STATE_KINDS = {"received": "warn", "signed": "b1", "replied": "ok", "closed": "", "returned": ""}


def chip(order: HotlineOrder, today: date) -> dict[str, str]:
    """The badge of the order's own clock."""
    below = f"答复期限 {order.due_on:%m-%d}" if order.due_on else ""
    if order.is_answered:
        return {
            "kind": "hold",
            "text": order.state_label,
            "sub": f"{order.replied_on:%Y-%m-%d}" if order.replied_on else below,
        }
    badge = urgency_of(order.due_on, today, calendar_of(order.calendar_edition), provisional=order.due_provisional)
    return {"kind": badge.level.value, "text": badge.words, "sub": below}


def kind_label(category: str) -> str:
    """A category in short."""
    return str(Category(category).label).split("（")[0] if category else ""


def row_of(order: HotlineOrder, today: date) -> dict[str, Any]:
    """One line of the list."""
    badge = chip(order, today)
    return {
        "pk": order.pk, "number": order.number, "url": order.get_absolute_url(), "chip": badge, "sla": badge,
        "title": discreet(order.title, order), "appeal": order.get_appeal_display(), "caller": mask_name(order.caller or "") or "—",
        "hospital": order.hospital.name if order.hospital else discreet(order.hospital_text or "") or "—",
        "category": kind_label(order.category), "suggested": kind_label(order.suggested) if not order.category else "",
        "state_label": order.state_label, "state_kind": STATE_KINDS[order.state], "received_at": local(order.received_at),
        "case": order.case.title if order.case else "", "case_url": order.case.get_absolute_url() if order.case else "",
        "is_late": badge["kind"] == "late",
    }  # fmt: skip


def facts(order: HotlineOrder) -> list[tuple[str, str, bool]]:
    """The order's facts: label, value, and whether the value wants the full width."""
    days = {"stated": f"{order.stated_due_on:%Y-%m-%d}" if order.stated_due_on else "—",
            "due": f"{order.due_on:%Y-%m-%d}{'（暂定）' if order.due_provisional else ''}" if order.due_on else "—"}  # fmt: skip
    return [
        ("诉求类型", order.get_appeal_display(), False), ("来文分类", order.source_category or "—", False),
        ("12345受理", local(order.received_at), False), ("答复期限", days["due"], False),
        ("来电、留言", local(order.message_at) or "—", False), ("来文所写期限", days["stated"], False),
        ("来电人", mask_name(order.caller or "") or "—", False), ("电话", mask_phone(order.phone or "") or "—", False),
        ("证件号码", mask_id_no(order.id_no or "") or "—", False), ("要求保密", "是" if order.is_confidential else "否", False),
        ("所涉单位", discreet(order.hospital_text or "") or "—", True),
        ("标题", discreet(order.title, order), True), ("内容", discreet(order.content, order), True),
    ]  # fmt: skip


def alike_rows(order: HotlineOrder, found: Iterable[Alike], user: User) -> list[dict[str, Any]]:
    """The panel of likely duplicates with score, reasons and what was judged; judged ones stay listed."""
    judged = {
        (link.other_id if link.order_id == order.pk else link.order_id): link
        for link in OrderLink.objects.filter(order=order).union(OrderLink.objects.filter(other=order))
    }
    scored = {one.order_id: one for one in found if one.order_id is not None}
    wanted = [*scored, *(pk for pk in judged if pk not in scored)]
    orders = HotlineOrder.objects.visible_to(user).select_related("case").in_bulk(wanted)
    return [_alike(orders[pk], scored.get(pk), judged.get(pk)) for pk in wanted if pk in orders]


def _alike(other: HotlineOrder, one: Alike | None, link: OrderLink | None) -> dict[str, Any]:
    return {
        "pk": other.pk, "number": other.number, "url": other.get_absolute_url(), "title": discreet(other.title, other)[:40],
        "score": one.score if one else None, "why": "、".join(one.why) if one else "", "received_at": local(other.received_at),
        "state_label": other.state_label, "case": other.case.title if other.case else "",
        "case_pk": other.case_id, "judged": "" if link is None else "same" if link.is_same else "different",
    }  # fmt: skip


def references(alike: Iterable[Mapping[str, Any]], numbers: Mapping[int, str]) -> list[dict[str, Any]]:
    """The likely duplicates of a row in the preview."""
    return [
        {
            "text": f"工单 {numbers[one['order']]}" if one["order"] in numbers else f"本文件第 {one['line']} 行",
            "url": f"/orders/{one['order']}/" if one["order"] in numbers else "", "score": one["score"],
            "why": "、".join(one["why"]),
        }
        for one in alike
    ]  # fmt: skip


def of_case(case: DisputeCase, user: User) -> list[dict[str, Any]]:
    """The orders of a case for its page: numbers and dates; only those who may open an order get its address."""
    mine = set(HotlineOrder.objects.visible_to(user).filter(case=case).values_list("pk", flat=True))
    return [
        {
            "number": order.number, "url": order.get_absolute_url() if order.pk in mine else "",
            "appeal": order.get_appeal_display(), "received_at": local(order.received_at), "due_on": order.due_on,
            "state_label": order.state_label, "state_kind": STATE_KINDS[order.state], "replied_on": order.replied_on,
        }
        for order in HotlineOrder.objects.filter(case=case).order_by("received_at", "pk")
    ]  # fmt: skip
