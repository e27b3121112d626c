"""Issued papers: a list on the case page, and each as a PDF in its own tab under a sandboxing policy, on record."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from mediation.cases.case import DisputeCase
from mediation.cases.pages.detail import visible_case
from mediation.cases.readers import issued_to
from mediation.documents.catalogue import CATALOGUE
from mediation.documents.contexts import PaperRefused
from mediation.documents.issuing import pdf_of
from mediation.documents.models import IssuedDocument
from mediation.organisations.models import User
from mediation.organisations.signed_in import SignedIn
from workflow.records import record_system


def readable(case: DisputeCase, user: User) -> QuerySet[IssuedDocument]:
    """The documents of a visible case that this person may read, by the role held towards this case."""
    return IssuedDocument.objects.filter(issued_to(user, case), case=case)


def documents_of(case: DisputeCase, user: User) -> list[dict[str, Any]]:
    """The documents tab: newest first."""
    rows = readable(case, user).select_related("hospital").order_by("-pk")
    return [
        {
            "title": CATALOGUE[row.kind].title, "number": row.number,
            "state_label": "" if row.state == "draft" else row.get_state_display(),  # put to paper when first looked at
            "issued_on": row.dated_on, "kind": row.kind, "side": row.hospital.name if row.hospital else row.get_side_display(),
            "pages": row.page_count, "is_void": row.state == "void",
            "url": f"{case.get_absolute_url()}documents/{row.uid}/",
        }
        for row in rows
    ]  # fmt: skip


@never_cache
def document(request: SignedIn, number: str, uid: UUID) -> HttpResponse:
    """One document as a PDF, shown by the browser in a tab of its own."""
    case = visible_case(request, number)
    row = get_object_or_404(readable(case, request.user), uid=uid)
    try:
        pdf = pdf_of(row, timezone.now())
    except PaperRefused as refused:
        return render(request, "papers/unfinished.html", {"sentence": refused.sentence, "case": case}, status=409)
    data = {"case": case.pk, "document": row.pk, "sha256": row.sha256}
    record_system("read_document", actor_id=request.user.pk, data=data, now=timezone.now())
    response = HttpResponse(pdf, content_type="application/pdf")
    name = quote(f"{CATALOGUE[row.kind].title} {row.number or case.title}.pdf")
    response["Content-Disposition"] = f"inline; filename*=UTF-8''{name}"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'; object-src 'self'"
    return response
