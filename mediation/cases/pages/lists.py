"""Desk and case list: what to do now, and every case one may know of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django import forms
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from mediation.cases import codes
from mediation.cases.case import CaseTask, DisputeCase, DisputeCaseQuerySet, ways_to
from mediation.cases.discretion import CONFIDENTIAL, hidden_patients
from mediation.cases.pages.chips import Row, row_of
from mediation.cases.pages.paging import Keyset, count_text
from mediation.cases.pages.searching import Asked, address, posted, searchable, typed, words_field
from mediation.cases.pages.shell import navigation
from mediation.cases.search import found
from mediation.cases.ways import any_of
from mediation.organisations.models import Organisation, User
from mediation.organisations.signed_in import SignedIn
from workflow.lifecycle import STATES
from workflow.rulebook import calendar_of, current_edition
from workflow.vocabulary import Role

WORKING_ROLES = (Role.HOTLINE_OPERATOR, Role.TOWN_OFFICIAL, Role.DISPATCHER, Role.DIRECTOR)


def my_tasks(user: User) -> QuerySet[CaseTask]:
    """The open tasks that await this person."""
    return CaseTask.objects.filter(any_of(_ways_to_tasks(user)), finished__isnull=True)


def walks_to_tasks(user: User) -> list[QuerySet[CaseTask]]:
    """The same tasks, one query for every way to them."""
    return [CaseTask.objects.filter(way, finished__isnull=True) for way in _ways_to_tasks(user)]


def _ways_to_tasks(user: User) -> list[Q]:
    """Why a task awaits this person: by role and organisation, a mediator's own by name."""
    roles = [
        Q(organisation=right.organisation_id, role=right.role.value)
        for right in user.roles() if right.role in WORKING_ROLES
    ]  # fmt: skip
    return roles + [Q(person=user.pk)] * any(right.role == Role.MEDIATOR for right in user.roles())


class CaseFilter(forms.Form):
    """The filter row above a list of cases."""

    q = words_field("案号、姓名、电话、证件号、工单号")
    state = forms.ChoiceField(label="环节", required=False)
    due = forms.ChoiceField(
        label="时限", required=False,
        choices=[("", "时限：全部"), ("late", "已超期"), ("today", "今日到期"), ("soon", "临期（5个工作日内）"),
                 ("stopped", "已停表"), ("provisional", "日期暂定")],
    )  # fmt: skip
    town = forms.ModelChoiceField(
        label="镇街", required=False, queryset=Organisation.objects.towns(), empty_label="镇街：全部"
    )
    source = forms.ChoiceField(label="来源", required=False)

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        self.user = user
        super().__init__(*args, **options)
        cast("forms.ChoiceField", self.fields["state"]).choices = [
            ("", "环节：全部"),
            *((key, state.label) for key, state in STATES.items()),
        ]
        cast("forms.ChoiceField", self.fields["source"]).choices = [("", "来源：全部"), *codes.Source.choices]

    def apply(self, cases: DisputeCaseQuerySet, today: date) -> DisputeCaseQuerySet:
        """The cases that pass the filter; an entry that makes no sense filters nothing."""
        self.is_valid()
        asked = self.cleaned_data
        if asked.get("q"):
            cases = found(cases, asked["q"], self.user)
        if asked.get("state"):
            cases = cases.filter(state=asked["state"])
        if asked.get("town"):
            cases = cases.filter(town=asked["town"])
        if asked.get("source"):
            cases = cases.filter(source=asked["source"])
        return _by_due(cases, asked.get("due", ""), today)

    @property
    def is_used(self) -> bool:
        """Whether anything was asked for."""
        return any(self.data.get(name) for name in self.fields)


def _by_due(cases: DisputeCaseQuerySet, due: str, today: date) -> DisputeCaseQuerySet:
    if due == "late":
        return cases.overdue(today)
    if due == "today":
        return cases.open().filter(due_on=today)
    if due == "soon":
        return cases.open().filter(due_on__gte=today, due_on__lte=soon(today))
    if due == "stopped":
        return cases.open().filter(stopped=True, state="under_appraisal")
    if due == "provisional":
        return cases.provisional()
    return cases


def soon(today: date) -> date:
    """The last day that counts as near (临期): five working days from today."""
    return calendar_of(current_edition()).add_working_days(today, 5)


@searchable("cases:desk")
def desk(request: SignedIn, asked: Asked) -> HttpResponse:
    """My desk: counters that open lists, and my tasks by date."""
    user, today = request.user, timezone.localdate()
    if not {right.role for right in user.roles()} & {*WORKING_ROLES, Role.MEDIATOR}:
        return redirect(landing(user))
    form = CaseFilter(asked, user=user)
    wanted = Q(process__in=form.apply(DisputeCase.objects.all(), today).values("pk")) if form.is_used else Q()
    tasks, walks = my_tasks(user).filter(wanted), [walk.filter(wanted) for walk in walks_to_tasks(user)]
    keys = Keyset(tasks.select_related("process__town"), ("due_on", "pk"), request.GET, walks)
    rows = rows_of([task.process for task in with_hospitals(keys.rows)], user, today, acting=True)
    context = {
        "kpis": _counters(user, today), "views": _views(user), "filters": form, "rows": rows, "page": keys.page(),
        "today": today, "sort": "时限 ↑", "title": "我的工作台", "caption": "待我办理的案件，按到期日先后",
    }  # fmt: skip
    return render(request, "desk/_queue.html" if request.htmx else "desk/index.html", context)


def rows_of(cases: list[DisputeCase], user: User, today: date, *, acting: bool) -> list[Row]:
    """A page of cases as lines of a list; who asked to stay hidden stays so."""
    hidden = {pk: {"patient": CONFIDENTIAL} for pk in hidden_patients(cases, user)}
    return [row_of(case, today, acting=acting) | hidden.get(case.pk, {}) for case in cases]


def landing(user: User) -> str:
    """Where somebody without tasks of their own begins: the first entry of the side bar."""
    return str(next((item["url"] for item in navigation(user, "")), "/cases/"))


def with_hospitals(tasks: list[CaseTask]) -> list[CaseTask]:
    """Load the hospitals of a page of tasks in one query."""
    from django.db.models import prefetch_related_objects

    prefetch_related_objects([task.process for task in tasks], "respondents__hospital")
    return tasks


def _counters(user: User, today: date) -> list[dict[str, Any]]:
    mine = my_tasks(user).order_by()[:5000]
    counts = CaseTask.objects.filter(pk__in=mine.values("pk")).aggregate(
        all=Count("pk"), late=Count("pk", Q(due_on__lt=today)), today=Count("pk", Q(due_on=today)),
        soon=Count("pk", Q(due_on__gt=today, due_on__lte=soon(today))), stopped=Count("pk", Q(process__stopped=True, state="under_appraisal")),
    )  # fmt: skip
    return [
        {"n": counts["all"], "label": "待我办理", "sub": "按到期日先后", "kind": "", "url": "/desk/"},
        {"n": counts["late"], "label": "已超期", "sub": "请先办理", "kind": "late", "url": "/desk/?due=late"},
        {"n": counts["today"], "label": "今日到期", "sub": "17:30 前办结", "kind": "due", "url": "/desk/?due=today"},
        {"n": counts["soon"], "label": "临期", "sub": "5 个工作日内", "kind": "warn", "url": "/desk/?due=soon"},
        {"n": counts["stopped"], "label": "已停表", "sub": "鉴定中", "kind": "hold", "url": "/desk/?due=stopped"},
    ]


def _views(user: User) -> list[dict[str, Any]]:
    return [
        {"label": "待我办理", "count": None, "url": "/desk/", "current": True},
        {"label": "全部案件", "count": None, "url": "/cases/", "current": False},
        {"label": "今日办件单", "count": None, "url": "/desk/sheet/", "current": False},
    ]


@dataclass(frozen=True)
class Listing:
    """A filtered list of visible cases, for the page and for the export alike: the same scope, the same rows."""

    form: CaseFilter
    cases: DisputeCaseQuerySet
    walks: list[DisputeCaseQuerySet]


def listing(user: User, asked: Asked) -> Listing:
    """What this person asked to see, out of what this person may see."""
    form, today = CaseFilter(asked, user=user), timezone.localdate()
    # What a search finds is little: it is looked through, instead of walking the list until enough of it turns up.
    ways = [] if form.data.get("q") else ways_to(user)
    walks = [form.apply(DisputeCase.objects.filter(way), today) for way in ways]
    return Listing(form, form.apply(DisputeCase.objects.visible_to(user), today), walks)


@searchable("cases:list")
def case_list(request: SignedIn, asked: Asked) -> HttpResponse:
    """All cases one may know of, newest activity first."""
    today, wanted = timezone.localdate(), listing(request.user, asked)
    keys = Keyset(
        wanted.cases.select_related("town").prefetch_related("respondents__hospital"),
        ("-latest_at", "-pk"),
        request.GET,
        wanted.walks,
    )
    rows = rows_of(keys.rows, request.user, today, acting=False)
    context = {
        "filters": wanted.form, "rows": rows, "page": keys.page() | {"count_text": count_text(wanted.cases, wanted.walks)},
        "title": list_title(request.user), "sort": "最近动态 ↓", "export_url": address("cases:export", request.GET),
        "today": today, "caption": "案件列表，按最近动态排列",
    }  # fmt: skip
    return render(request, "cases/_rows.html" if request.htmx else "cases/list.html", context)


def list_title(user: User) -> str:
    """What the list is called for a role."""
    roles = {right.role for right in user.roles()}
    if Role.HOSPITAL_LIAISON in roles:
        return "本院纠纷"
    return "本镇街案件" if Role.TOWN_OFFICIAL in roles else "案件管理"


def search(request: SignedIn) -> HttpResponse:
    """The search box of the top bar: one hit goes straight to the case."""
    words = typed(request)
    hits = list(found(DisputeCase.objects.visible_to(request.user), words, request.user)[:2]) if words else []
    return redirect(hits[0]) if len(hits) == 1 else posted(request, "cases:list")


def day_sheet(request: SignedIn) -> HttpResponse:
    """Today's list on paper: what is due up to the end of the near days."""
    today = timezone.localdate()
    tasks = my_tasks(request.user).filter(Q(due_on__lte=soon(today)) | Q(due_on__isnull=True))
    tasks = tasks.select_related("process__town").order_by(F("due_on").asc(nulls_last=True), "pk")[:200]
    rows = rows_of([task.process for task in with_hospitals(list(tasks))], request.user, today, acting=True)
    return render(request, "desk/sheet.html", {"rows": rows, "today": today, "title": "今日办件单"})
