"""Issued papers: a list on the case page, and each as a PDF in its own tab under a sandboxing policy, on record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

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
from mediation.documents.freezing import thaw
from mediation.documents.issuing import pdf_of
from mediation.documents.models import IssuedDocument
from mediation.documents.rendering import render as put_on_paper
from mediation.organisations.models import User
from mediation.organisations.signed_in import SignedIn
from workflow.records import record_system
from workflow.registry import Move


def readable(case: DisputeCase, user: User) -> QuerySet[IssuedDocument]:
    """The documents of a visible case that this person may read, by the role held towards this case."""
    return IssuedDocument.objects.filter(issued_to(user, case), case=case)


def documents_of(case: DisputeCase, user: User) -> list[dict[str, Any]]:
    """The documents tab: newest first."""
    rows = readable(case, user).select_related("hospital").order_by("-pk")
    return [
        {
            "title": row.title, "number": row.number,
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
        return _unfinished(request, case, refused)
    data = {"case": case.pk, "document": row.pk, "sha256": row.sha256}
    record_system("read_document", actor_id=request.user.pk, data=data, now=timezone.now())
    return _shown(pdf, f"{row.title} {row.number or case.title}")


def preview_agreement(move: Move) -> Callable[[SignedIn], HttpResponse]:
    """The agreement as it would be put before the parties: marked as a draft, without a number, and kept nowhere."""
    kind, words = CATALOGUE["mediation_agreement"], IssuedDocument.objects.get(pk=move.issued[0]).says
    said = replace(thaw(kind.context, words), is_draft=True, number="")

    def show(request: SignedIn) -> HttpResponse:
        try:
            pdf = put_on_paper(kind, said, made_at=move.now, uid=uuid4()).pdf
        except PaperRefused as refused:
            return _unfinished(request, move.case, refused)
        data = {"case": move.case.pk, "step": move.step.name}
        record_system("preview_document", actor_id=move.by.pk, data=data, now=move.now)
        return _shown(pdf, f"{kind.title}（征求意见稿） {move.case.title}")

    return show


def _unfinished(request: SignedIn, case: DisputeCase, refused: PaperRefused) -> HttpResponse:
    return render(request, "papers/unfinished.html", {"sentence": refused.sentence, "case": case}, status=409)


def _shown(pdf: bytes, name: str) -> HttpResponse:
    response = HttpResponse(pdf, content_type="application/pdf")
    name = quote(f"{name}.pdf")
    response["Content-Disposition"] = f"inline; filename*=UTF-8''{name}"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'; object-src 'self'"
    return response
