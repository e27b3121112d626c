"""Papers received, as files: always a download, never shown in the page; and each download is on record."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from mediation.cases.export import workbook
from mediation.cases.pages.detail import visible_case
from mediation.cases.pages.lists import listing
from mediation.cases.pages.searching import Asked, address, searchable
from mediation.cases.record import Paper
from mediation.cases.uploads import file_name, open_stored
from mediation.organisations.signed_in import SignedIn
from workflow.records import record_system

MOST_EXPORTED = 20_000  # what a server writes, and a spreadsheet opens, while somebody waits


def paper(request: SignedIn, number: str, uid: UUID) -> StreamingHttpResponse:
    """One paper of a visible case that the person may read, as an attachment."""
    case = visible_case(request, number)
    row = get_object_or_404(Paper.objects.readable_by(request.user, case), uid=uid, stored__gt="")
    record_system(
        "download", actor_id=request.user.pk, data={"case": case.pk, "paper": row.pk, "sha256": row.sha256},
        now=timezone.now(),
    )  # fmt: skip
    response = StreamingHttpResponse(open_stored(row.stored, row.uid), content_type="application/octet-stream")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file_name(row.title, row.mime))}"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@searchable("cases:list")
def export(request: SignedIn, asked: Asked) -> HttpResponse:
    """The filtered list as Excel: the same scope and rows as on the screen, masked like the screen, on record."""
    wanted = listing(request.user, asked)
    if wanted.cases.order_by()[: MOST_EXPORTED + 1].count() > MOST_EXPORTED:
        messages.error(request, f"超过 {MOST_EXPORTED} 件，一份表格放不下。请先按状态、镇街或时间筛选，再分次导出。")
        return redirect(address("cases:list", request.GET))
    data, count = workbook(wanted.cases, timezone.localdate(), request.user)
    record_system("export", actor_id=request.user.pk, data={"what": "cases", "rows": count}, now=timezone.now())
    response = HttpResponse(data, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    name = quote(f"案件清单 {timezone.localdate():%Y-%m-%d}.xlsx")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response
