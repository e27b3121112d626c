"""Registering a dispute from an order: the form begins with what the order says; hospital and parties a person chooses."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils import timezone

from mediation.cases import codes
from mediation.cases.pages.register import Beginning
from mediation.cases.registration import AlreadyRegistered
from mediation.hotline.order import HotlineOrder
from mediation.hotline.replies import local
from mediation.hotline.turns import reveal
from mediation.organisations.signed_in import SignedIn
from mediation.typed import row_number

LONGEST_SUMMARY = 2_000


def from_order(request: SignedIn, value: str) -> Beginning:
    """The beginning that ``?order=<pk>`` names; 404 for an order that the person may not see.

    Raises :class:`AlreadyRegistered` for one that has its case: another tab, or a colleague, was sooner.
    """
    orders = HotlineOrder.objects.visible_to(request.user).select_related("case")
    order = orders.filter(pk=row_number(value) or 0).first()
    if order is None:
        raise Http404("没有这张工单")
    if order.case is not None:
        raise AlreadyRegistered(order.case, f"12345 工单 {order.number} 已有案件")
    initial: dict[str, Any] = {}
    if request.method == "GET":
        # The form shows the caller in full; that is a disclosure like any other.
        reveal(order, reason="登记为纠纷", by=request.user, now=timezone.now())
        initial = initial_of(order)
    return Beginning(
        initial=initial, orders=[order], draft=f"register:order-{order.pk}", query=f"?order={order.pk}",
        note=f"由 12345 工单 {order.number}（{local(order.received_at)} 受理）登记；医院、患者和来电人请逐项核对。{_cut(order)}",
    )  # fmt: skip


def _cut(order: HotlineOrder) -> str:
    """What the form cannot hold is not lost, and the operator is told where it stays."""
    if len(_text(order)) <= LONGEST_SUMMARY:
        return ""
    return f"工单内容较长，事由简述只取前 {LONGEST_SUMMARY} 字，全文仍在工单中，请改写要点。"


def _text(order: HotlineOrder) -> str:
    return f"{order.title}\n{order.content}"


def initial_of(order: HotlineOrder) -> dict[str, Any]:
    """What an order tells of a dispute. It knows the caller; whether that is the patient, the operator says."""
    return {
        "desk": order.centre_id, "source": codes.Source.HOTLINE, "received_on": timezone.localtime(order.received_at).date(),
        "hospital": order.hospital_id, "relation": "", "caller_name": order.caller or "", "caller_phone": order.phone or "", "is_anonymous": not order.caller,
        "is_confidential": order.is_confidential, "category": codes.Category.MEDICAL_DISPUTE,
        "summary": _text(order)[:LONGEST_SUMMARY],
    }  # fmt: skip
