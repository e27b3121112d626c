"""What the administrator and the auditor watch: calendar, rules, provisional dates, outbox, record. No case is opened here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db.models import BigIntegerField, Exists, OuterRef
from django.db.models.functions import Cast, Substr
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from mediation.cases.case import DisputeCase
from mediation.cases.pages.paging import Keyset
from mediation.cases.pages.timeline import timeline
from mediation.cases.record import StepFacts
from mediation.organisations.signed_in import SignedIn
from mediation.oversight import trail as watched
from mediation.oversight.wording import GROUPS
from workflow import timekeeping
from workflow.calendar import PROVISIONAL_SUFFIX, DayKind
from workflow.notices import SheetRefused, decode, read_notice, refuse_part_of_a_year
from workflow.outbox import OutboxMessage, retry
from workflow.records import AnchorLine, Event, record_system
from workflow.rulebook import CalendarEdition, Rulebook, publish_calendar
from workflow.vocabulary import Role

ADMINISTRATOR, WATCHERS = (Role.ADMINISTRATOR,), (Role.ADMINISTRATOR, Role.AUDITOR)
View = Callable[..., HttpResponse]


def only(*roles: Role) -> Callable[[View], View]:
    """Hide a page from everybody who holds none of the roles: for them it does not exist."""

    def hide(view: View) -> View:
        @wraps(view)
        def shown(request: SignedIn, *args: Any, **named: Any) -> HttpResponse:
            if not {right.role for right in request.user.roles()} & set(roles):
                raise Http404
            return view(request, *args, **named)

        return shown

    return hide


class CalendarForm(forms.Form):
    """The State Council's notice of a year, as a sheet."""

    file = forms.FileField(label="节假日表（CSV）", help_text="三列：date,kind(off 放假|work 上班),name；见“下载样例”")
    year = forms.IntegerField(label="年度", min_value=2024, max_value=2100)
    source = forms.CharField(label="通知名称", max_length=200, help_text="例：国务院办公厅关于某年部分节假日安排的通知")
    notice_no = forms.CharField(label="文号", max_length=80, required=False)


@only(*ADMINISTRATOR)
def calendar(request: SignedIn) -> HttpResponse:
    """Editions of the calendar, dates that are only provisional, and loading a new year (R34)."""
    form = CalendarForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and _publish(request, form):
        return redirect("oversight:calendar")
    provisional = DisputeCase.objects.provisional().order_by("due_on", "pk")
    context = {
        "title": "工作日历", "form": form, "editions": CalendarEdition.objects.order_by("-number")[:20],
        "provisional": [
            {
                "number": case.title, "state": case.state_label,
                "due_on": _dated(case.due_on, case.due_provisional),
                "lapse_on": _dated(case.mediation_due_on, case.mediation_provisional),
            }
            for case in provisional[:200]
        ],
        "provisional_count": provisional.count(), "uncounted": timekeeping.uncounted().count(), "years": _covered_years(),
    }  # fmt: skip
    return render(request, "oversight/calendar.html", context, status=422 if form.errors else 200)


@only(*ADMINISTRATOR)
def calendar_sample(request: SignedIn) -> HttpResponse:
    """The newest year that came with the product, as the sheet that a new year is typed into."""
    newest = max((Path(settings.BASE_DIR) / "fixtures" / "calendar").glob("*.csv"))
    # With a mark that lets a spreadsheet read the Chinese in it.
    response = HttpResponse(
        newest.read_text(encoding="utf-8").encode("utf-8-sig"), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f"attachment; filename={newest.name}"
    return response


def _dated(on: date | None, provisional: bool) -> str:  # noqa: FBT001 — the two columns of a case
    return f"{on}{PROVISIONAL_SUFFIX if provisional else ''}" if on else "—"


def _covered_years() -> list[int]:
    edition = CalendarEdition.objects.latest("number")
    return sorted(set(edition.days.values_list("notice_year", flat=True)))


def _publish(request: SignedIn, form: CalendarForm) -> bool:
    said = form.cleaned_data
    try:
        days = read_notice(decode(said["file"].read()), said["year"])
        refuse_part_of_a_year(days, said["year"])
    except SheetRefused as refused:
        form.add_error("file", str(refused))
        return False
    edition = publish_calendar(
        days, source=said["source"], notice_no=said["notice_no"], by=request.user.pk, now=timezone.now()
    )
    off = sum(day.kind is DayKind.OFF for day in days)
    messages.success(
        request,
        f"{said['year']} 年放假 {off} 日、调休上班 {len(days) - off} 日；日历现为第 {edition} 版。"
        "在办案件的期限由后台逐件重新计算，记入各案记录。",
    )
    return True


@only(*WATCHERS)
def rules(request: SignedIn) -> HttpResponse:
    """Periods, thresholds and limits in force, each with its article and how sure we are of it."""
    book = Rulebook.objects.latest("number")
    return render(request, "oversight/rules.html", {"title": "时限与限额", "book": book, "rows": book.rules.all()})


@only(*ADMINISTRATOR)
def outbox(request: SignedIn) -> HttpResponse:
    """What waits to leave, and what was given up."""
    context = {
        "title": "待发事项", "given_up": OutboxMessage.objects.given_up().order_by("-pk")[:100],
        "waiting": OutboxMessage.objects.open().order_by("pk")[:50], "waiting_count": OutboxMessage.objects.open().count(),
    }  # fmt: skip
    return render(request, "oversight/outbox.html", context)


@require_POST
@only(*ADMINISTRATOR)
def try_again(request: SignedIn, pk: int) -> HttpResponse:
    """Give a message that was given up another try."""
    message = get_object_or_404(OutboxMessage.objects.given_up(), pk=pk)
    if retry(message, now=timezone.now()):
        record_system(
            "outbox_retried", actor_id=request.user.pk, data={"message": pk, "kind": message.kind}, now=timezone.now()
        )
        messages.success(request, "已重新排队。")
    return redirect("oversight:outbox")


@only(*WATCHERS)
def trail(request: SignedIn) -> HttpResponse:
    """The system's chain, from sign-ins to exports, and every look behind a mask, newest first; the anchor lines to print."""
    group = request.GET.get("of", "")
    keys = Keyset(watched.events(group), ("-recorded_at", "-pk"), request.GET)
    groups = {"": "全部"} | {key: label for key, (label, _) in GROUPS.items()}
    context = {
        "title": "操作日志", "rows": watched.described(keys.rows), "page": keys.page(),
        "tabs": [{"url": f"?of={key}" if key else "?", "label": label, "current": key == group} for key, label in groups.items()],
        "anchors": AnchorLine.objects.order_by("-seq")[:5],
    }  # fmt: skip
    return render(request, "oversight/trail.html", context)


@only(Role.DIRECTOR)
def late_entries(request: SignedIn) -> HttpResponse:
    """Steps entered more than three working days after they happened, with the reason, for the director."""
    case = Cast(Substr("chain", len("case-") + 1), BigIntegerField())
    late = Event.objects.filter(data__has_key="backdated", chain__startswith="case-").annotate(case_id=case)
    seen = DisputeCase.objects.visible_to(request.user)
    keys = Keyset(late.filter(Exists(seen.filter(pk=OuterRef("case_id")))), ("-recorded_at", "-pk"), request.GET)
    cases, reasons = seen.in_bulk([event.case_id for event in keys.rows]), _reasons(keys.rows)
    rows = [
        {"case": cases[event.case_id], "moment": moment, "days": event.data["backdated"], "reason": reasons.get(event.pk, "")}
        for event, moment in zip(keys.rows, timeline(keys.rows), strict=True)
    ]  # fmt: skip
    return render(request, "oversight/late_entries.html", {"title": "补录情况", "rows": rows, "page": keys.page()})


def _reasons(events: Sequence[Any]) -> dict[int, str]:
    places = {(event.case_id, event.seq): event.pk for event in events}
    kept = StepFacts.objects.filter(case__in={case for case, _ in places}, seq__in={seq for _, seq in places})
    said = {(row.case_id, row.seq): row.facts.get("late_reason", "") for row in kept}
    return {pk: said.get(place, "") for place, pk in places.items()}
