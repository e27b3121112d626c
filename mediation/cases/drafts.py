"""Half-typed forms survive: kept sealed on the server for their author until the step is done."""

from __future__ import annotations

from datetime import datetime

from django.http import QueryDict
from django.utils import timezone

from mediation.cases.record import Draft
from mediation.organisations.models import User

NEVER_KEPT = {"csrfmiddlewaretoken", "task", "version"}


def draft_of(user: User, key: str) -> Draft | None:
    """The author's draft of a form, if there is one."""
    return Draft.objects.filter(user=user, key=key).first()


def save_draft(user: User, key: str, typed: QueryDict, now: datetime) -> Draft:
    """Replace the author's draft of a form. The day is kept only when it is not today's: tomorrow is another day."""
    values = {
        name: held if len(held) > 1 else held[0] for name, held in typed.lists() if name not in NEVER_KEPT and held
    }
    if values.get("happened_on") == timezone.localdate(now).isoformat():
        del values["happened_on"]
    draft = draft_of(user, key) or Draft(user=user, key=key)
    draft.values, draft.saved_at = values, now
    draft.save()
    return draft


def discard_draft(user: User, key: str) -> None:
    """The step is done: the draft has served."""
    Draft.objects.filter(user=user, key=key).delete()
