"""One page for every step: shown with what it needs and what it will do, performed through the door."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import partial
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.choices import flatten_choices
from django.views.decorators.http import require_POST

from mediation.cases.case import DisputeCase
from mediation.cases.drafts import discard_draft, draft_of, save_draft
from mediation.cases.pages.chips import step_url
from mediation.cases.pages.detail import facts, head, load_for_judging, visible_case
from mediation.cases.pages.effects import consequences
from mediation.cases.pages.revealed import revealed
from mediation.cases.stepform import StepForm, form_of
from mediation.organisations.signed_in import SignedIn
from mediation.typed import row_number
from workflow import engine
from workflow.calendar import PROVISIONAL_SUFFIX
from workflow.lifecycle import STATES, STEPS
from workflow.records import Event
from workflow.registry import Busy, Move, NotAllowed, NotYours, Refused, Stale
from workflow.vocabulary import Step

Preview = tuple[str, Callable[[Move], Callable[[SignedIn], HttpResponse]]]
# Steps whose paper can be looked at before they are taken: the button's words, and what shows it once all is undone.
PREVIEWS: dict[str, Preview] = {}
# Steps whose answer is not the case page: what a step shows after it was performed.
AFTERWARDS: dict[str, Callable[[SignedIn, Move], HttpResponse]] = {"reveal": revealed}


def step(request: SignedIn, number: str, name: str) -> HttpResponse:
    """Show or perform one step."""
    case = visible_case(request, number)
    if name not in STEPS or STEPS[name].by_time:
        raise Http404(name)
    row, today = STEPS[name], timezone.localdate()
    load_for_judging(case, request.user)
    if engine.right_to(row, case, engine.office().rights(case, request.user)) is None:
        return refused(request, case, f"您的角色不能办理“{row.label}”")
    case.judged_on = today
    if request.method == "POST":
        return _performed(request, case, row, today)
    if case.state not in row.sources:
        return refused(request, case, f"案件现为“{case.state_label}”，不能办理“{row.label}”", status=409)
    asked = request.GET.get("target", "")  # a link beside a value or a row leads there, whatever was begun before
    saved = draft_of(request.user, _draft_key(case, row)) if not asked else None
    known = saved.values if saved else {"target": asked}
    form = form_of(row)(case=case, user=request.user, today=today, initial=known)
    return _page(request, case, row, form, today, saved_at=saved.saved_at if saved else None)


def _performed(request: SignedIn, case: DisputeCase, row: Step, today: date) -> HttpResponse:
    form = form_of(row)(request.POST, request.FILES, case=case, user=request.user, today=today)
    task, version = row_number(request.POST.get("task")), row_number(request.POST.get("version"))
    if version != case.version:  # asked first: choices of an old page may be gone, and that is not the person's mistake
        return conflict(request, case, row, form, f"案件已有新的办理（现为“{case.state_label}”），本次提交未生效")
    if not form.is_valid():
        return _page(request, case, row, form, today, status=422)
    perform = partial(
        engine.perform, case, row.name, by=request.user, now=timezone.now(), task=task, version=version, **form.facts()
    )
    try:
        if "preview" in request.POST and row.name in PREVIEWS:
            return _rehearsed(request, perform, PREVIEWS[row.name])
        move = perform()
    except Stale as stale:
        return conflict(request, case, row, form, str(stale))
    except (NotYours, NotAllowed) as refusal:
        return refused(request, case, str(refusal))
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return _page(request, case, row, form, today, status=503 if isinstance(refusal, Busy) else 422)
    discard_draft(request.user, _draft_key(case, row))
    messages.success(request, f"已办理“{row.label}”。{_now_stands(move.case)}")
    for sentence in move.warnings:
        messages.warning(request, sentence)
    if row.name in AFTERWARDS:
        return AFTERWARDS[row.name](request, move)
    return redirect(move.case)


def _rehearsed(request: SignedIn, perform: Callable[[], Move], preview: Preview) -> HttpResponse:
    """What the step would put on paper, after every check of the door; then everything is undone, its number too."""
    with transaction.atomic():
        show = preview[1](perform())
        transaction.set_rollback(True)
    return show(request)


def _now_stands(case: DisputeCase) -> str:
    due = f"，{case.clock_label}至 {case.due_on:%Y-%m-%d}" if case.due_on and not case.is_closed else ""
    due += PROVISIONAL_SUFFIX if due and case.due_provisional else ""
    return f"案件现为“{case.state_label}”{due}。"


def _page(
    request: SignedIn, case: DisputeCase, row: Step, form: StepForm, today: date,
    *, saved_at: datetime | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    open_task = case.tasks.filter(finished__isnull=True).values_list("pk", flat=True).first()
    blocked = engine.why_not(row, case, today)
    context = {
        "step": {
            "name": row.name, "label": row.label, "sentence": row.sentence, "article": row.article, "danger": row.danger,
            "source_label": case.state_label, "target_label": STATES[row.target].label if row.target else "",
        },
        "case": head(case, today, request.user), "form": form, "consequences": consequences(case, row, today),
        "summary": [(label, value) for label, value, wide in facts(case, request.user) if not wide][:6],
        "warnings": [*engine.advice_on(row, case, today)], "blocked": blocked,
        "task": request.POST.get("task") or open_task or "", "version": request.POST.get("version") or case.version,
        "preview": PREVIEWS[row.name][0] if row.name in PREVIEWS else "",
        "draft": {"saved_at": saved_at, "url": f"{case.get_absolute_url()}{row.name}/draft/"},
    }  # fmt: skip
    return render(request, "steps/_form.html", context, status=status)


def conflict(request: SignedIn, case: DisputeCase, row: Step, form: StepForm, sentence: str) -> HttpResponse:
    """409: what has happened meanwhile, and what was typed, so that nothing is lost."""
    from mediation.cases.pages.detail import timeline

    now = DisputeCase.objects.visible_to(request.user).filter(pk=case.pk).first() or case
    seen = row_number(request.POST.get("version")) or 0
    since = Event.objects.filter(chain=case.chain, seq__gt=seen).order_by("-seq")
    context = {
        "case": head(now, timezone.localdate(), request.user), "sentence": sentence, "typed": typed_in(form),
        "meanwhile": timeline(since[:10]), "step": {"label": row.label, "name": row.name}, "retry_url": request.path,
    }  # fmt: skip
    return render(request, "409.html", context, status=409)


def typed_in(form: Form) -> list[tuple[str, str]]:
    """What was typed, label by label, for a page that can only show it."""
    return [(str(form[name].label), said) for name in form.fields if (said := _in_words(form, name))]


def _in_words(form: Form, name: str) -> str:
    """What was typed into a field as the page showed it: a choice by its label, several one after another."""
    typed = form.data.getlist(name) if hasattr(form.data, "getlist") else [form.data.get(name, "")]
    offered: Iterable[tuple[Any, Any]] = flatten_choices(getattr(form.fields[name], "choices", ()))
    labels = {str(value): str(label) for value, label in offered}
    return "、".join(labels.get(one, one) for one in typed if one)


def refused(request: SignedIn, case: DisputeCase, sentence: str, *, status: int = 403) -> HttpResponse:
    """403, or 409 when the case has left the step behind: the reason, and the way back to the case."""
    context = {"case": head(case, timezone.localdate(), request.user), "sentence": sentence}
    return render(request, "409.html" if status == 409 else "403.html", context, status=status)


@require_POST
def draft(request: SignedIn, number: str, name: str) -> HttpResponse:
    """Keep a half-typed form for its author."""
    case = visible_case(request, number)
    if name not in STEPS:
        return JsonResponse({"error": "没有这个事项"}, status=404)
    saved = save_draft(request.user, _draft_key(case, STEPS[name]), request.POST, timezone.now())
    return draft_kept(request, saved.saved_at, step_url(case, name))


def draft_kept(request: SignedIn, at: datetime, back: str) -> HttpResponse:
    """The time for the script that asked; without a script, back to the form, which shows the draft."""
    if request.headers.get("X-Requested-With") == "XMLHttpRequest":
        return JsonResponse({"saved_at": timezone.localtime(at).strftime("%H:%M")})
    messages.success(request, "草稿已保存。")
    return redirect(back)


def _draft_key(case: DisputeCase, row: Step) -> str:
    return f"{case.number}:{row.name}"
