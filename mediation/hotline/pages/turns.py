"""What is sent from the order page: each turn with the version seen; a stale page gets 409 and nothing happens."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from mediation.cases.case import DisputeCase
from mediation.hotline import belonging, turns
from mediation.hotline.export import export_replies, replied_between
from mediation.hotline.forms import TURN_FORMS, LeaveForm, LinkForm, PeriodForm, RevealForm, chosen
from mediation.hotline.order import HotlineOrder
from mediation.hotline.pages.orders import centres_of, for_operators, show, visible_order
from mediation.organisations.signed_in import SignedIn
from workflow.registry import NotAllowed, NotYours, Refused, Stale

Doing = Callable[[], object]
DONE_WORDS = {
    "sign": "已签收", "sort_out": "已确定类别", "answer": "已答复", "send_return": "已退单", "extend": "已延期", "redo": "已重办",
    "finish": "已办结",
}  # fmt: skip


@require_POST
def turn(request: SignedIn, pk: int, name: str) -> HttpResponse:
    """Take one turn on an order."""
    order = visible_order(request, pk)
    if name not in turns.TURNS:
        raise Http404
    facts: dict[str, Any] = {}
    forms: dict[str, Any] = {}
    if name in TURN_FORMS:
        form = forms[name] = TURN_FORMS[name](request.POST, prefix=name)
        if not form.is_valid():
            return show(request, order, forms=forms, status=422)
        facts = _facts(order, form.cleaned_data)
    do = turns.TURNS[name]
    return _done(
        request, order, lambda: do(order, by=request.user, now=timezone.now(), version=_version(request), **facts),
        DONE_WORDS[name], forms=forms, name=name,
    )  # fmt: skip


def _facts(order: HotlineOrder, said: dict[str, Any]) -> dict[str, Any]:
    facts = {key: chosen(value) if key in ("is_founded", "is_solved") else value for key, value in said.items()}
    if "prepared" in facts:
        pk = facts["prepared"]
        facts["prepared"] = order.replies.filter(pk=pk).first() if pk else None
    return facts


def _done(
    request: SignedIn,
    order: HotlineOrder,
    do: Doing,
    words: str,
    *,
    forms: dict[str, Any] | None = None,
    name: str = "",
) -> HttpResponse:
    """Do it; a stale page, a stranger or a refusal each gets its own answer."""
    try:
        do()
    except Stale as stale:
        return _conflict(request, order, str(stale), (forms or {}).get(name))
    except NotYours as stranger:
        raise Http404(str(stranger)) from stranger
    except NotAllowed as refusal:
        return render(request, "403.html", {"sentence": str(refusal)}, status=403)
    except Refused as refusal:
        form = (forms or {}).get(name)
        if form is None:
            messages.error(request, str(refusal))
            return show(request, visible_order(request, order.pk), status=422)
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return show(request, visible_order(request, order.pk), forms=forms, status=422)
    messages.success(request, f"{words}。")
    return redirect(order)


def _conflict(request: SignedIn, order: HotlineOrder, sentence: str, form: Any) -> HttpResponse:
    typed = [(form[key].label, form.data.get(form.add_prefix(key))) for key in form.fields] if form is not None else []
    now = visible_order(request, order.pk)
    context = {
        "title": "工单已有新的办理", "order": now, "sentence": sentence, "typed": [(label, value) for label, value in typed if value],
    }  # fmt: skip
    return render(request, "hotline/conflict.html", context, status=409)


@require_POST
def link(request: SignedIn, pk: int) -> HttpResponse:
    """Make the order part of a case that is there already: one of the candidates, or by its number."""
    order = visible_order(request, pk)
    form = LinkForm(request.POST, prefix="link")
    if not form.is_valid():
        return show(request, order, forms={"link": form}, status=422)
    case = case_named(request, form.cleaned_data["number"])
    if case is None:
        form.add_error("number", "没有这件案件，或您看不到它")
        return show(request, order, forms={"link": form}, status=422)
    version = _version(request)
    return _done(
        request, order, lambda: belonging.join_visible(order, case, by=request.user, now=timezone.now(), version=version),
        f"已关联到 {case.title}", forms={"link": form}, name="link",
    )  # fmt: skip


def case_named(request: SignedIn, words: str) -> DisputeCase | None:
    """The visible case with this number, in either way of writing it."""
    found = re.search(r"(20\d\d)\D{1,3}0*(\d{1,6})\s*号?\s*$", words.strip())
    if not found:
        return None
    number = f"{found[1]}-{int(found[2]):05d}"
    return DisputeCase.objects.visible_to(request.user).filter(number=number).first()


@require_POST
def unlink(request: SignedIn, pk: int) -> HttpResponse:
    """Take the order out of its case again, once that is confirmed."""
    order, version = visible_order(request, pk), _version(request)
    form = LeaveForm(request.POST, prefix="leave")
    if version == order.version and not form.is_valid():  # a stale page is told so first
        return show(request, order, forms={"leave": form}, status=422)
    return _done(
        request, order, lambda: belonging.leave(order, by=request.user, now=timezone.now(), version=version), "已取消关联",
    )  # fmt: skip


@require_POST
def judge(request: SignedIn, pk: int, other: int) -> HttpResponse:
    """Keep, or take back, the judgement that two orders are the same matter."""
    order, second = visible_order(request, pk), visible_order(request, other)
    says = request.POST.get("judged", "")
    if says == "forget":
        return _done(
            request, order, lambda: belonging.forget(order, second, by=request.user, now=timezone.now()), "已撤销判断"
        )
    if says not in ("same", "different"):
        raise Http404
    is_same = says == "same"
    return _done(
        request, order, lambda: belonging.judge(order, second, is_same=is_same, by=request.user, now=timezone.now()),
        f"已记为{'同一件事' if is_same else '不是同一件事'}",
    )  # fmt: skip


@require_POST
def reveal(request: SignedIn, pk: int) -> HttpResponse:
    """The caller in full, once, for a reason that is recorded."""
    order = visible_order(request, pk)
    form = RevealForm(request.POST, prefix="reveal")
    if not form.is_valid():
        return show(request, order, forms={"reveal": form}, status=422)
    shown = turns.reveal(order, reason=form.cleaned_data["reason"], by=request.user, now=timezone.now())
    return show(request, order, revealed=shown)


@require_GET
def export(request: SignedIn) -> HttpResponse:
    """The replies of a period in the hotline's own columns."""
    if refusal := for_operators(request):
        return refusal
    form = PeriodForm(request.GET)
    centre = centres_of(request.user)[0]
    if not form.is_valid() or form.cleaned_data["first"] > form.cleaned_data["last"]:
        messages.error(request, "请填写答复日期的起止")
        return redirect("hotline:list")
    asked = form.cleaned_data
    orders = replied_between(
        HotlineOrder.objects.visible_to(request.user).filter(centre=centre), asked["first"], asked["last"]
    )
    data, _ = export_replies(orders, centre, by=request.user, now=timezone.now())
    response = HttpResponse(data, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    name = quote(f"12345答复 {asked['first']:%Y-%m-%d} 至 {asked['last']:%Y-%m-%d}.xlsx")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response


def _version(request: SignedIn) -> int:
    """The version the page was rendered for; a page without one is as good as stale."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else -1
