"""Notices: a case has arrived, or something happened to it."""

from __future__ import annotations

from django.db.models import Max
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from mediation.cases.case import DisputeCase
from mediation.cases.pages.paging import Keyset
from mediation.cases.record import Notice, NoticeReading, ways_to_notices
from mediation.organisations.signed_in import SignedIn
from workflow.lifecycle import REGISTER, STEPS

# What a notice says that no step of the table is behind; the subjects above the cases add theirs.
LABELS: dict[str, str] = {}


def notices(request: SignedIn) -> HttpResponse:
    """Notices to me and to my roles, newest first, as long as the case may still be seen."""
    seen = DisputeCase.objects.visible_to(request.user)
    mine = Notice.objects.addressed_to(request.user).filter(case__in=seen.values("pk")).select_related("case")
    walks = [Notice.objects.filter(way, case__in=seen.values("pk")) for way in ways_to_notices(request.user)]
    keys = Keyset(mine, ("-made_at", "-pk"), request.GET, walks)
    read = set(NoticeReading.objects.filter(user=request.user, notice__in=keys.rows).values_list("notice", flat=True))
    newest = dict(
        Notice.objects.filter(case__in=[n.case_id for n in keys.rows], is_task=True)
        .values_list("case")
        .annotate(Max("pk"))
    )
    rows = [
        {
            "title": LABELS.get(n.step) or STEPS.get(n.step, REGISTER).label, "case": n.case.title, "at": timezone.localtime(n.made_at),
            "state_label": n.case.state_label, "is_task": newest.get(n.case_id) == n.pk and not n.case.is_closed, "unread": n.pk not in read, "url": f"/notices/{n.pk}/",
        }
        for n in keys.rows
    ]  # fmt: skip
    return render(request, "notices/list.html", {"rows": rows, "page": keys.page(), "title": "消息"})


def open_notice(request: SignedIn, pk: int) -> HttpResponse:
    """Go to the case of a notice, where it counts as read."""
    seen = DisputeCase.objects.visible_to(request.user)
    mine = Notice.objects.addressed_to(request.user).filter(case__in=seen.values("pk"))
    notice = get_object_or_404(mine.select_related("case"), pk=pk)
    return redirect(notice.case)


@require_POST
def read_all(request: SignedIn) -> HttpResponse:
    """Mark everything addressed to me as read."""
    Notice.objects.unread_by(request.user).read_by(request.user, timezone.now())
    return redirect("cases:notices")
