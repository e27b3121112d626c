"""Registering a dispute by hand, in under two minutes: one page, likely earlier cases beside it, a draft that survives."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db.models import Exists, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from mediation.cases.case import CaseHospital, DisputeCase
from mediation.cases.discretion import shown_parties
from mediation.cases.drafts import discard_draft, draft_of, save_draft
from mediation.cases.forms import RegistrationForm
from mediation.cases.pages.detail import head
from mediation.cases.pages.steps import draft_kept, typed_in
from mediation.cases.registration import AlreadyRegistered, register, registered_with
from mediation.organisations.models import Organisation, User
from mediation.organisations.signed_in import SignedIn
from mediation.privacy.searchkeys import nameless_keys, search_key
from mediation.typed import row_number
from workflow.lifecycle import REGISTER
from workflow.registry import Refused
from workflow.rulebook import current_rulebook, rules_of

DRAFT = "register"


@dataclass(frozen=True)
class Beginning:
    """What a registration begins from: initial values, the orders it answers, its own draft, a note above the form."""

    initial: Mapping[str, Any] = field(default_factory=dict)
    orders: Sequence[Any] = ()
    draft: str = DRAFT
    note: str = ""
    query: str = ""


# Where a registration can begin besides an empty page: the name of the query parameter → what it brings. The subjects
# above the cases add theirs; they raise Http404 for what the person may not see, AlreadyRegistered for what has a case.
BEGINNINGS: dict[str, Callable[[SignedIn, str], Beginning]] = {}


def beginning_of(request: SignedIn) -> Beginning:
    """The beginning that the address names, or the empty one."""
    for name, begin in BEGINNINGS.items():
        if value := request.GET.get(name):
            return begin(request, value)
    return Beginning()


def desks_of(user: User) -> list[Organisation]:
    """The windows at which this person may register."""
    return list(Organisation.objects.filter(pk__in=user.organisations(*REGISTER.by), active=True))


def new_case(request: SignedIn) -> HttpResponse:
    """The registration form."""
    desks = desks_of(request.user)
    if not desks:
        return render(request, "403.html", {"sentence": "您的角色不能登记案件"}, status=403)
    try:
        beginning = beginning_of(request)
        if request.method == "POST":
            return _sent(request, desks, beginning)
    except AlreadyRegistered as made:
        return _already(request, desks, made)
    saved = draft_of(request.user, beginning.draft)
    typed = {**beginning.initial, **(saved.values if saved else {})}
    form = RegistrationForm(user=request.user, today=timezone.localdate(), desks=desks, initial=typed)
    token = token_in(typed)
    return _page(request, form, beginning, token=uuid4() if token is None or registered_with(token) else token)


def token_in(typed: Mapping[str, Any]) -> UUID | None:
    """The token of the form as it was rendered; nothing for a page older than tokens, or for no token at all."""
    try:
        return UUID(str(typed.get("token", "")))
    except ValueError:
        return None


def _sent(request: SignedIn, desks: list[Organisation], beginning: Beginning) -> HttpResponse:
    """Register what was typed, once for every form that was rendered."""
    token = token_in(request.POST)
    if made := registered_with(token):  # asked first: whether what a second click sends is complete does not matter
        raise AlreadyRegistered(made)
    form = RegistrationForm(request.POST, user=request.user, today=timezone.localdate(), desks=desks)
    if token is None:  # without one the same form could make two cases; with this one the next click makes one
        form.add_error(None, "页面已经过时，所填内容仍在，请核对后再次登记")
    if form.is_valid():
        entry = replace(form.registration(), orders=beginning.orders, token=token)
        try:
            case = register(entry, by=request.user, now=timezone.now())
        except AlreadyRegistered:
            raise
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            discard_draft(request.user, beginning.draft)
            messages.success(request, f"已登记 {case.title}，请派至镇街或继续办理。")
            return redirect(case)
    return _page(request, form, beginning, token=token or uuid4(), status=422)


def _already(request: SignedIn, desks: list[Organisation], made: AlreadyRegistered) -> HttpResponse:
    """409: the case that is there already, for whoever may see it, and what was typed, so that nothing is lost."""
    today = timezone.localdate()
    form = RegistrationForm(request.POST, user=request.user, today=today, desks=desks)
    case = DisputeCase.objects.visible_to(request.user).select_related("town").filter(pk=made.case.pk).first()
    context = {
        "case": head(case, today, request.user) if case else None, "sentence": str(made), "typed": typed_in(form) if request.method == "POST" else [],
    }  # fmt: skip
    return render(request, "cases/registered.html", context, status=409)


def _page(
    request: SignedIn, form: RegistrationForm, beginning: Beginning, *, token: UUID, status: int = 200
) -> HttpResponse:
    typed = form.data if form.is_bound else {name: str(value) for name, value in beginning.initial.items()}
    context = {
        "form": form, "title": "登记案件", "candidates": candidates(request.user, typed) if typed else [], "token": token,
        "draft": {"url": f"/cases/new/draft/{beginning.query}", "saved_at": None}, "check_url": "/cases/new/similar/",
        "note": beginning.note,
    }  # fmt: skip
    return render(request, "cases/register.html", context, status=status)


@require_POST
def similar(request: SignedIn) -> HttpResponse:
    """The panel of likely duplicates, for what has been typed so far; posted, because addresses end up in logs."""
    return render(request, "cases/_candidates.html", {"candidates": candidates(request.user, request.POST)})


_ALIKE = (
    ("phone", "phone", "phone_key", "同一电话"), ("caller_phone", "phone", "phone_key", "同一电话"),
    ("id_no", "id_no", "id_key", "同一证件"), ("patient_name", "name", "name_key", "同名"),
    ("caller_name", "name", "name_key", "同名"),
)  # fmt: skip
"""What is typed, what kind of value it is, by which column people are found, and what they then have in common."""


def candidates(user: User, typed) -> list[dict[str, str]]:  # type: ignore[no-untyped-def]  # any mapping of text
    """Visible cases of the last 90 days with the same phone, number or name at the same hospital; link, never merge."""
    sought = [
        (column, key, why) for name, kind, column, why in _ALIKE
        if (key := search_key(kind, typed.get(name))) and key not in nameless_keys()
    ]  # fmt: skip
    why: dict[int, dict[str, None]] = {}
    for person in _people_alike(user, sought, row_number(typed.get("hospital"))):
        same = [reason for column, key, reason in sought if person[column] == key]
        why.setdefault(person["case"], {}).update(dict.fromkeys(r + "同院" * person["at_hospital"] for r in same))
    if not why:
        return []
    today = timezone.localdate()
    since = today - timedelta(days=int(rules_of(current_rulebook(today)).number("duplicate_window")))
    return [
        {"title": case.title, "url": case.get_absolute_url(), "state_label": case.state_label, "why": "、".join(why[case.pk])}
        for case in DisputeCase.objects.visible_to(user).filter(received_on__gte=since, pk__in=why)[:10]
    ]  # fmt: skip


def _people_alike(
    user: User, sought: Sequence[tuple[str, str, str]], hospital: int | None
) -> Iterable[Mapping[str, Any]]:
    """The latest people with one of these keys; a name says something only at the same hospital."""
    if not sought:
        return []
    at_hospital = Q(Exists(CaseHospital.objects.filter(case=OuterRef("case"), hospital=hospital)))
    alike = Q()
    for column, key, _ in sought:
        alike |= Q(**{column: key}) & (at_hospital if column == "name_key" else Q())
    people = shown_parties(user).filter(alike).annotate(at_hospital=at_hospital).order_by("-case")
    return people.values("case", "phone_key", "id_key", "name_key", "at_hospital")[:50]


@require_POST
def register_draft(request: SignedIn) -> HttpResponse:
    """Keep the half-typed registration."""
    try:
        beginning = beginning_of(request)
    except AlreadyRegistered as made:
        return _already(request, desks_of(request.user), made)
    saved = save_draft(request.user, beginning.draft, request.POST, timezone.now())
    return draft_kept(request, saved.saved_at, f"/cases/new/{beginning.query}")
