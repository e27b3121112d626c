"""Importing a file of orders: upload, columns when they are unknown, the difference report, taking in."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from mediation.hotline import columns, differences, importing, sample
from mediation.hotline.batch import ImportBatch, ImportRow
from mediation.hotline.discretion import discreet
from mediation.hotline.entries import state_named
from mediation.hotline.forms import ColumnsForm, UploadForm
from mediation.hotline.order import HotlineOrder, OrderQuerySet
from mediation.hotline.pages.orders import centres_of, for_operators
from mediation.hotline.pages.rows import STATE_KINDS, kind_label, references, row_of
from mediation.hotline.sheets import SheetRefused
from mediation.hotline.triage import suggest
from mediation.organisations.signed_in import SignedIn
from mediation.privacy.masking import mask_name
from mediation.sessions import uncounted
from workflow.companions import ORDER
from workflow.registry import NotAllowed, Refused

PREVIEW_ROWS = 20
PAGE = 50
SHOWN_CELL = 60
DIFFERENT_SHOWN = 50
WHAT_TO_DO = {
    ("signed", "received"): "请签收并办理", ("received", "signed"): "待 12345 更新",
    ("replied", "received"): "请核对后答复", ("replied", "signed"): "请核对后答复",
    ("closed", "received"): "请核对后答复、办结", ("closed", "signed"): "请核对后答复、办结", ("closed", "replied"): "请登记办结",
    ("received", "replied"): "请导出答复回传", ("signed", "replied"): "请导出答复回传；被要求重办的，登记重办",
    ("received", "closed"): "请导出答复回传", ("signed", "closed"): "请导出答复回传", ("replied", "closed"): "待 12345 办结",
}  # fmt: skip
"""(the hotline's state, ours) → what sets it right; anything else a person asks the hotline about."""


def visible_batch(request: SignedIn, pk: int) -> ImportBatch:
    """The batch among those the person may see; anything else is the same 404."""
    return get_object_or_404(ImportBatch.objects.visible_to(request.user).select_related("centre", "by"), pk=pk)


def upload(request: SignedIn) -> HttpResponse:
    """Choose a file; the files imported lately."""
    if refusal := for_operators(request):
        return refusal
    form = UploadForm(request.POST or None, request.FILES or None, centres=centres_of(request.user))
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            batch = importing.stage(
                file, file.name, centre=form.cleaned_data["centre"], by=request.user, now=timezone.now()
            )
        except (SheetRefused, NotAllowed) as refused:
            form.add_error("file", str(refused))
        else:
            return redirect(batch if batch.columns else f"{batch.get_absolute_url()}columns/")
    batches = ImportBatch.objects.visible_to(request.user).select_related("by").order_by("-made_at")[:20]
    context = {"form": form, "title": "导入工单", "batches": [_batch_row(batch) for batch in batches]}
    return render(request, "hotline/upload.html", context, status=422 if form.is_bound and form.errors else 200)


def _batch_row(batch: ImportBatch) -> dict[str, Any]:
    return {
        "url": batch.get_absolute_url() if batch.columns else f"{batch.get_absolute_url()}columns/", "filename": batch.filename,
        "made_at": batch.made_at, "by": batch.by.get_full_name(), "tag": _tag(batch),
        "counts": [(label, batch.counts[key]) for key, label in ImportRow.Standing.choices if batch.counts.get(key)],
    }  # fmt: skip


def _tag(batch: ImportBatch) -> tuple[str, str]:
    """Where a file stands, with the colour of it."""
    if batch.done_at is not None:
        return "ok", "已导入"
    if batch.doing:
        return "b1", f"{batch.get_doing_display()}中"
    return "warn", "待确认" if batch.columns else "待选列"


def choose_columns(request: SignedIn, pk: int) -> HttpResponse:
    """Say once which column says what; twenty rows of the file are shown beside it."""
    batch = visible_batch(request, pk)
    if batch.done_at is not None or batch.doing:
        return redirect(batch)
    guessed = dict(batch.columns) or columns.guess(batch.header)
    form = ColumnsForm(request.POST or None, header=batch.header, guessed=guessed)
    if request.method == "POST" and form.is_valid():
        try:
            importing.settle_columns(batch, form.columns(), by=request.user, now=timezone.now())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "列对应已保存，下次同样表头的文件直接进入预览。")
            return redirect(batch)
    places = dict(guessed)
    plain, hidden = places.get("number", -1), {places[key] for key in ("caller", "phone", "id_no") if key in places}
    rows = [
        (row.line, [cell if at == plain else _shown(cell, hide=at in hidden) for at, cell in enumerate(row.raw)])
        for row in batch.rows.order_by("line")[:PREVIEW_ROWS]
    ]
    context = {"form": form, "title": "确认列对应", "batch": batch, "header": batch.header, "rows": rows}
    return render(request, "hotline/columns.html", context, status=422 if form.is_bound and form.errors else 200)


def _shown(cell: str, *, hide: bool) -> str:
    text = mask_name(cell) if hide and not any(char.isdigit() for char in cell) else discreet(cell)
    if hide and text == cell and len(cell) > 2:
        text = cell[:2] + "****"
    return text[:SHOWN_CELL] + ("…" if len(text) > SHOWN_CELL else "")


def report(request: SignedIn, pk: int) -> HttpResponse:
    """The difference report: before the file is taken in a preview, afterwards what came of it."""
    batch = visible_batch(request, pk)
    if not batch.columns:
        return redirect(f"{batch.get_absolute_url()}columns/")
    if batch.doing:
        return render(request, "hotline/progress.html", _progress(batch))
    standing = request.GET.get("standing", "")
    rows = batch.rows.select_related("order")
    if standing in ImportRow.Standing.values:
        rows = rows.filter(standing=standing)
    shown, page = _page(rows, request.GET.get("after", ""), standing)
    today = timezone.localdate()
    missing, dated = differences.missing_from(batch), differences.dated_differently(batch)
    stated = differences.stated_differently(batch)
    context = {
        "title": "导入预览" if batch.done_at is None else "导入结果", "batch": batch, "page": page,
        "rows": _rows(shown, batch), "standing": standing, "tabs": _tabs(batch, standing),
        "missing": [row_of(order, today) for order in _first(missing)], "missing_count": missing.count(),
        "stated": [_stated(row) for row in stated.select_related("order")[:DIFFERENT_SHOWN]],
        "stated_count": stated.count(), "unknown_states": differences.unknown_states(batch),
        "dated": [row_of(order, today) | {"stated": order.stated_due_on, "due": order.due_on} for order in _first(dated)],
        "dated_count": dated.count(), "shown": DIFFERENT_SHOWN,
    }  # fmt: skip
    return render(request, "hotline/_report.html" if request.htmx else "hotline/report.html", context)


def _first(orders: OrderQuerySet) -> OrderQuerySet:
    return orders.select_related("case", "hospital").order_by("due_on", "pk")[:DIFFERENT_SHOWN]


def _stated(row: ImportRow) -> dict[str, Any]:
    """An order whose state the hotline sees otherwise, and what sets it right."""
    order = row.order
    assert order is not None
    theirs = state_named(row.stated_state)
    return {
        "number": order.number, "url": order.get_absolute_url(), "title": discreet(order.title, order)[:SHOWN_CELL],
        "stated": row.stated_state, "means": ORDER.states[theirs], "state_label": order.state_label,
        "state_kind": STATE_KINDS[order.state], "to_do": WHAT_TO_DO.get((theirs, order.state), "请向 12345 核实"),
    }  # fmt: skip


def _progress(batch: ImportBatch) -> dict[str, Any]:
    return {
        "title": f"正在{batch.get_doing_display()}", "batch": batch, "is_stuck": importing.stuck(batch) is not None,
        "done": batch.rows.filter(line__lte=batch.reached).count(),
    }  # fmt: skip


@uncounted
def progress(request: SignedIn, pk: int) -> HttpResponse:
    """How far a large file has come, for the page that asks every two seconds; the report itself once it is there."""
    batch = visible_batch(request, pk)
    if batch.doing and request.htmx:
        return render(request, "hotline/_progress.html", _progress(batch))
    return HttpResponseClientRedirect(batch.get_absolute_url()) if request.htmx else redirect(batch)


@require_POST
def try_again(request: SignedIn, pk: int) -> HttpResponse:
    """Let the work that stands still go on."""
    batch = visible_batch(request, pk)
    importing.try_again(batch, now=timezone.now())
    return redirect(batch)


def _page(rows: QuerySet[ImportRow], after: str, standing: str) -> tuple[list[ImportRow], dict[str, Any]]:
    """The rows after a line of the file, fifty at a time."""
    start = int(after) if after.isdecimal() and len(after) < 9 else 0
    found = list(rows.filter(line__gt=start).order_by("line")[: PAGE + 1])
    shown, query = found[:PAGE], f"standing={standing}&" if standing else ""
    return shown, {
        "has_prev": start > 0, "prev_url": f"?{query}".rstrip("?&") or "?", "has_next": len(found) > PAGE, "size": len(shown),
        "next_url": f"?{query}after={shown[-1].line}" if shown else "", "count_text": "",
    }  # fmt: skip


def _tabs(batch: ImportBatch, standing: str) -> list[dict[str, Any]]:
    url = batch.get_absolute_url()
    tabs = [{"label": "全部", "url": url, "count": sum(batch.counts.values()), "current": not standing}]
    return tabs + [
        {"label": label, "url": f"{url}?standing={key}", "count": batch.counts.get(key, 0), "current": standing == key}
        for key, label in ImportRow.Standing.choices
    ]


KINDS = {"new": "b1", "changed": "warn", "same": "", "rejected": "late"}


def _rows(rows: list[ImportRow], batch: ImportBatch) -> list[dict[str, Any]]:
    named = {one["order"] for row in rows for one in row.alike if one["order"]}
    numbers = dict(HotlineOrder.objects.filter(pk__in=named, centre=batch.centre_id).values_list("pk", "number"))
    return [_row(row, batch, numbers) for row in rows]


def _row(row: ImportRow, batch: ImportBatch, numbers: dict[int, str]) -> dict[str, Any]:
    said = {key: row.raw[place] for key, place in batch.columns.items() if place < len(row.raw)}
    content = said.get("content", "")
    title = said.get("title") or content[:40]
    suggestion = suggest(title, content)
    return {
        "line": row.line, "standing": row.get_standing_display(), "kind": KINDS.get(row.standing, ""), "reason": row.reason,
        "number": row.order.number if row.order else said.get("number", "") or "（自编）",
        "url": row.order.get_absolute_url() if row.order else "", "title": discreet(title)[:SHOWN_CELL],
        "suggested": kind_label(suggestion.category) if row.standing == "new" else "",
        "words": "、".join(word for word, _ in suggestion.words[:4]) if row.standing == "new" else "", "alike": references(row.alike, numbers),
    }  # fmt: skip


@require_POST
def take_in(request: SignedIn, pk: int) -> HttpResponse:
    """Make orders of the batch; sent twice, it happened once."""
    batch = visible_batch(request, pk)
    try:
        taken = importing.take_in(batch, by=request.user, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(batch)
    if taken is not None:
        messages.success(
            request, f"已导入：新增 {taken.new}、变更 {taken.changed}、无变化 {taken.same}、未导入 {taken.rejected}。"
        )
    return redirect(batch)


@require_POST
def discard(request: SignedIn, pk: int) -> HttpResponse:
    """Throw a staged file away."""
    batch = visible_batch(request, pk)
    try:
        importing.discard(batch, by=request.user, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(batch)
    messages.success(request, "已丢弃上传的文件。")
    return redirect("hotline:import")


def example(request: SignedIn) -> HttpResponse:
    """The product's own workbook in the shape that hotlines export, to try the import with."""
    if refusal := for_operators(request):
        return refusal
    data = sample.workbook(timezone.localdate())
    response = HttpResponse(data, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote('示例工单.xlsx')}"
    return response
