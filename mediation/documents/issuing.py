"""Issuing a document: its number and its words are fixed in the step's transaction, its PDF follows outside of it.

What the document says is frozen as JSON and sealed; the worker renders it, stores it sealed and writes down its digest.
Rendering the same words again gives the same bytes, so a worker that dies in between does no harm. Demonstration years
leave the rendering to the first reader.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from mediation.documents.catalogue import CATALOGUE, PaperKind
from mediation.documents.drafting import DRAFTERS, Draft
from mediation.documents.freezing import freeze, thaw
from mediation.documents.models import IssuedDocument
from mediation.documents.numbering import give_number
from mediation.documents.rendering import render
from mediation.organisations.models import Organisation
from mediation.privacy import vault
from workflow.outbox import OutboxMessage, enqueue, handles
from workflow.registry import Move

RENDER = "render_document"
_on_demand: ContextVar[bool] = ContextVar("papers_on_demand", default=False)


@contextmanager
def papers_on_demand() -> Iterator[None]:
    """Within it documents are issued and not sent to the worker: they are rendered when first opened."""
    token = _on_demand.set(True)
    try:
        yield
    finally:
        _on_demand.reset(token)


def issue(move: Move, key: str) -> None:
    """One document for every addressee of this kind of paper, in the transaction of the step."""
    kind = CATALOGUE[key]
    for draft in DRAFTERS[key](move):
        document = _document(move, kind, draft)
        document.save(force_insert=True)
        move_references(move, document)
        if not _on_demand.get():
            enqueue(RENDER, f"{RENDER}:{document.uid}", {"document": document.pk}, now=move.now, case_id=move.case.pk)


def _document(move: Move, kind: PaperKind, draft: Draft) -> IssuedDocument:
    number = draft.number
    if kind.is_numbered and not number:
        number = give_number(draft.issuer.pk, kind, year=move.happened_on.year, base=number_base(draft.issuer))
    context = replace(draft.context, number=number)
    return IssuedDocument(
        case=move.case, kind=kind.key, number=number, event_seq=move.seq, dated_on=move.happened_on, asked_at=move.now,
        asked_by=move.by, says=freeze(context), side=draft.side, hospital_id=draft.hospital_id,
        edition=draft.edition,
    )  # fmt: skip


def move_references(move: Move, document: IssuedDocument) -> None:
    """Numbers given are told to whoever performed the step."""
    move.issued.append(document.pk)


def number_base(organisation: Organisation) -> str:
    """The organisation's own prefix; a town that has set none gets its name's: 道滘镇 → 道滘医."""
    if organisation.number_prefix:
        return organisation.number_prefix
    return organisation.name.removesuffix("街道").removesuffix("镇") + "医"


def annul(move: Move, key: str) -> None:
    """Void the case's documents of a kind; each keeps its number."""
    for document in IssuedDocument.objects.filter(case=move.case, kind=key).exclude(state="void"):
        document.annul()
        document.save(update_fields=["state"])


@handles(RENDER)
def render_requested(message: OutboxMessage, *, now: datetime) -> None:
    """The worker's part; a document that is rendered already is left alone."""
    document = IssuedDocument.objects.get(pk=message.payload["document"])
    if not document.stored:
        put_to_paper(document, now)


def put_to_paper(document: IssuedDocument, now: datetime) -> bytes:
    """Render a document, store it sealed, write down its digest; answer the PDF. Never inside a transaction."""
    kind = CATALOGUE[document.kind]
    paper = render(kind, thaw(kind.context, document.says), made_at=document.asked_at, uid=document.uid)
    file_uid = uuid.uuid4()
    stored = vault.put(paper.pdf, file_uid)
    with transaction.atomic():
        row = IssuedDocument.objects.select_for_update().get(pk=document.pk)
        if not row.stored:
            if row.state == "draft":
                row.put_out()
            row.file_uid, row.stored, row.sha256, row.page_count = file_uid, stored, paper.sha256, paper.pages
            row.template_version, row.rendered_at = paper.template_version, now
            row.save(
                update_fields=["state", "file_uid", "stored", "sha256", "page_count", "template_version", "rendered_at"]
            )
    document.refresh_from_db()
    return paper.pdf


def pdf_of(document: IssuedDocument, now: datetime) -> bytes:
    """The PDF: from store, or rendered now when nobody has yet."""
    if not document.stored:
        put_to_paper(document, now)
    assert document.file_uid is not None, "a constraint keeps file and identifier together"
    return vault.fetch_bytes(document.stored, document.file_uid)
