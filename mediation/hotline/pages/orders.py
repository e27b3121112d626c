"""The list of orders, one order with all that can be done about it, and the entry of one by hand."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from mediation.cases.codes import Category
from mediation.cases.pages.lists import soon
from mediation.cases.pages.paging import Keyset, count_text
from mediation.cases.pages.register import candidates
from mediation.cases.pages.searching import Asked, searchable
from mediation.hotline import replies
from mediation.hotline.discretion import discreet
from mediation.hotline.duplicates import alike_to
from mediation.hotline.export import last_days
from mediation.hotline.forms import (
    AnswerForm,
    ExtendForm,
    FinishForm,
    LeaveForm,
    LinkForm,
    OrderFilter,
    OrderForm,
    PeriodForm,
    RedoForm,
    ReturnForm,
    RevealForm,
    SortForm,
)
from mediation.hotline.intake import enter
from mediation.hotline.order import DONE, HotlineOrder
from mediation.hotline.pages.rows import alike_rows, chip, facts, kind_label, row_of
from mediation.hotline.reckoning import due_of
from mediation.hotline.triage import Suggestion, suggest
from mediation.organisations.models import Organisation, User
from mediation.organisations.signed_in import SignedIn
from workflow.registry import Refused
from workflow.vocabulary import Role

Forms = dict[str, Any]


def centres_of(user: User) -> list[Organisation]:
    """The hotline centres on which this person is an operator."""
    return list(Organisation.objects.filter(pk__in=user.organisations(Role.HOTLINE_OPERATOR), active=True))


def for_operators(request: SignedIn) -> HttpResponse | None:
    """A 403 page for people who are no operators; nothing for those who are."""
    if centres_of(request.user):
        return None
    return render(request, "403.html", {"sentence": "12345 工单由坐席办理"}, status=403)


def visible_order(request: SignedIn, pk: int) -> HotlineOrder:
    """The order among those the person may see; anything else is the same 404."""
    orders = HotlineOrder.objects.visible_to(request.user).select_related("case", "hospital", "centre")
    return get_object_or_404(orders, pk=pk)


@searchable("hotline:list")
def order_list(request: SignedIn, asked: Asked) -> HttpResponse:
    """The orders by their own date, those that wait for an answer first."""
    if refusal := for_operators(request):
        return refusal
    today, filters = timezone.localdate(), OrderFilter(asked)
    seen = HotlineOrder.objects.visible_to(request.user)
    orders = filters.apply(seen, today) if filters.is_used else seen.unanswered()
    keys = Keyset(orders.select_related("case", "hospital"), ("due_on", "pk"), request.GET)
    context = {
        "title": "12345 工单", "filters": filters, "rows": [row_of(order, today) for order in keys.rows], "today": today,
        "page": keys.page() | {"count_text": count_text(orders)}, "kpis": _counters(request.user),
        "caption": "12345 工单，按答复期限先后", "sort": "答复期限 ↑", "period": PeriodForm(initial=_period()),
    }  # fmt: skip
    return render(request, "hotline/_rows.html" if request.htmx else "hotline/list.html", context)


def _period() -> dict[str, Any]:
    first, last = last_days(timezone.now())
    return {"first": first, "last": last}


def _counters(user: User) -> list[dict[str, Any]]:
    today = timezone.localdate()
    counts = HotlineOrder.objects.visible_to(user).exclude(state__in=DONE).aggregate(
        late=Count("pk", Q(due_on__lt=today)), today=Count("pk", Q(due_on=today)),
        soon=Count("pk", Q(due_on__gt=today, due_on__lte=soon(today))), unsorted=Count("pk", Q(category="")),
        received=Count("pk", Q(state="received")),
    )  # fmt: skip
    return [
        {"n": counts["received"], "label": "待签收", "sub": "12345 已派", "kind": "", "url": "/orders/?state=received"},
        {"n": counts["late"], "label": "已超期", "sub": "请先答复", "kind": "late", "url": "/orders/?due=late"},
        {"n": counts["today"], "label": "今日到期", "sub": "须今日答复", "kind": "due", "url": "/orders/?due=today"},
        {"n": counts["soon"], "label": "临期", "sub": "5 个工作日内", "kind": "warn", "url": "/orders/?due=soon"},
        {
            "n": counts["unsorted"],
            "label": "待分类",
            "sub": "由人决定",
            "kind": "hold",
            "url": "/orders/?belongs=unsorted",
        },
    ]


def order_page(request: SignedIn, pk: int) -> HttpResponse:
    """One order."""
    return show(request, visible_order(request, pk))


def show(
    request: SignedIn, order: HotlineOrder, *, forms: Forms | None = None, status: int = 200,
    revealed: dict[str, str] | None = None,
) -> HttpResponse:  # fmt: skip
    """The order page with its forms; those that were sent and refused come back as they were typed."""
    now, today = timezone.now(), timezone.localdate()
    suggestion = suggest(order.title, order.content)
    alike = alike_rows(order, alike_to(order, now=now), request.user)
    received_on = timezone.localtime(order.received_at).date()
    context = {
        "title": f"工单 {order.number}", "order": order, "facts": facts(order), "chip": chip(order, today), "version": order.version,
        "category": kind_label(order.category), "suggestion": suggestion, "alike": alike, "cases": _cases(request.user, order),
        "forms": _forms(order, suggestion) | (forms or {}), "today": today, "revealed": revealed, "can": _can(order),
        "lead": lead_of(order, suggestion),
        "reply": discreet(order.reply or ""), "note": order.internal_note or "",
        "drafts": replies.drafts_of(order), "given": order.replies.filter(standing="given").order_by("-made_at", "-pk")[:10],
        "revisions": order.revisions.order_by("-pk")[:10],
        "case": {"title": order.case.title, "url": order.case.get_absolute_url(), "state_label": order.case.state_label,
                 "due_on": order.case.due_on, "clock_label": order.case.clock_label} if order.case else None,
        "deadline": due_of(order.appeal, received_on, order.rulebook_id, order.calendar_edition, today=today),
    }  # fmt: skip
    return render(request, "hotline/order.html", context, status=status)


def _cases(user: User, order: HotlineOrder) -> list[dict[str, str]]:
    if order.case_id:
        return []
    typed = {"phone": order.phone, "id_no": order.id_no, "patient_name": order.caller, "caller_name": order.caller,
             "hospital": str(order.hospital_id or "")}  # fmt: skip
    return candidates(user, typed)


def _can(order: HotlineOrder) -> dict[str, bool]:
    """Which of the forms are shown; whether they may is decided again when they are sent."""
    open_ = not order.is_answered
    dispute = order.category in ("", Category.MEDICAL_DISPUTE)
    return {
        "sign": order.state == "received", "answer": open_, "sort_out": open_, "extend": open_,
        "send_return": open_ and not order.case_id and order.returns == 0, "redo": order.state == "replied",
        "finish": order.state == "replied", "register": order.state != "returned" and not order.case_id and dispute,
        "leave": bool(order.case_id),
    }  # fmt: skip


def lead_of(order: HotlineOrder, suggestion: Suggestion) -> str:
    """What the page proposes first: to register what is, or seems to be, a medical dispute; to answer everything else;
    to finish what is answered. The rest stands beside it: a person decides."""
    can = _can(order)
    is_dispute = (order.category or suggestion.category) == Category.MEDICAL_DISPUTE
    if can["register"] and not order.is_answered and is_dispute:
        return "register"
    return "answer" if can["answer"] else "finish" if can["finish"] else ""


def _forms(order: HotlineOrder, suggestion: Suggestion) -> Forms:
    category = order.category or suggestion.category
    body = order.receiving_body or replies.body_for(category, suggestion)
    text, prepared = _reply(order, category, body)
    return {
        "sort_out": SortForm(prefix="sort_out", initial={"category": category, "appeal": order.appeal}),
        "answer": AnswerForm(prefix="answer", initial={
            "category": category, "receiving_body": body, "text": text, "prepared": prepared,
            "internal_note": order.internal_note or "",
        }),
        "send_return": ReturnForm(prefix="send_return"), "extend": ExtendForm(prefix="extend"),
        "redo": RedoForm(prefix="redo"), "finish": FinishForm(prefix="finish"), "link": LinkForm(prefix="link"), "leave": LeaveForm(prefix="leave"),
        "reveal": RevealForm(prefix="reveal"),
    }  # fmt: skip


def _reply(order: HotlineOrder, category: str, body: str) -> tuple[str, int | None]:
    """What the reply form begins with: the newest draft, else the wording for the category."""
    if order.case is not None:
        drafts = replies.drafts_of(order)
        return (drafts[0].text, drafts[0].pk) if drafts else (replies.case_text(order, order.case), None)
    return replies.begin_reply(order, category, body), None


def new_order(request: SignedIn) -> HttpResponse:
    """Enter one order by hand."""
    if refusal := for_operators(request):
        return refusal
    now, centres = timezone.now(), centres_of(request.user)
    form = OrderForm(request.POST or None, centres=centres, now=now)
    if request.method == "POST" and form.is_valid():
        try:
            order = enter(form.entry(), centre=form.cleaned_data["centre"], by=request.user, now=now)
        except Refused as refusal_:
            form.add_error(refusal_.field or None, str(refusal_))
        else:
            messages.success(request, f"已录入工单 {order.number}，答复期限 {order.due_on:%Y-%m-%d}。")
            return redirect(order)
    context = {"form": form, "title": "录入工单"}
    return render(request, "hotline/new.html", context, status=422 if form.is_bound else 200)


def wording(request: SignedIn, pk: int) -> HttpResponse:
    """The reply form anew for another category: its wording and the unit that usually deals with it."""
    order = visible_order(request, pk)
    category = request.GET.get("answer-category", "")
    if category not in Category.values:
        category = order.category or order.suggested
    body = replies.body_for(category, suggest(order.title, order.content))
    form = AnswerForm(prefix="answer", initial={
        "category": category, "receiving_body": body, "text": replies.begin_reply(order, category, body),
    })  # fmt: skip
    return render(request, "hotline/_answer.html", {"order": order, "form": form, "version": order.version})
