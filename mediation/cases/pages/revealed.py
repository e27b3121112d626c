"""What stands behind a mask, shown once: the answer to the step itself, kept by no browser and found at no address."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render

from mediation.cases.pages.detail import head
from mediation.cases.revealable import behind
from mediation.organisations.signed_in import SignedIn
from workflow.registry import Move

SAID = "只显示这一次，离开本页后重新隐去；谁、何时、为什么查看，已经写入办理记录。"


def revealed(request: SignedIn, move: Move) -> HttpResponse:
    """What was asked for, in full: one value, or all of a person's."""
    _, row, fields = behind(move.case, request.POST["target"])
    context = {
        "case": head(move.case, move.happened_on, request.user), "step": {"label": move.step.label}, "sentence": SAID,
        "shown": [(name, _in_full(getattr(row, field))) for field, name in fields.items()],
    }  # fmt: skip
    return render(request, "steps/done.html", context)


def _in_full(value: object) -> str:
    if isinstance(value, list):
        return "、".join(map(str, value))
    return f"{value:%Y-%m-%d}" if isinstance(value, date) else str(value)
