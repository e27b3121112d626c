"""Where a file of the hotline and our orders say different things, as both stand now; a person sets it right (U9).

What is in theirs and not in ours the import itself shows: these rows are new.
"""

from __future__ import annotations

from django.db.models import F, Max, Min, Q, QuerySet

from mediation.hotline.batch import ImportBatch, ImportRow
from mediation.hotline.entries import state_named
from mediation.hotline.order import HotlineOrder, OrderQuerySet


def missing_from(batch: ImportBatch) -> OrderQuerySet:
    """Orders that are here, unanswered, dated within the days of this file, and not in it (in ours, not in theirs)."""
    here = HotlineOrder.objects.filter(pk__in=batch.rows.filter(order__isnull=False).values("order"))
    span = here.aggregate(first=Min("message_at"), last=Max("message_at"))
    if batch.done_at is None or span["first"] is None:
        return HotlineOrder.objects.none()
    ours = HotlineOrder.objects.filter(centre=batch.centre_id, message_at__range=(span["first"], span["last"]))
    return ours.unanswered().exclude(pk__in=here.values("pk"))


def dated_differently(batch: ImportBatch) -> OrderQuerySet:
    """Orders of this file whose date of answer, as the hotline writes it, is not the one counted here."""
    orders = HotlineOrder.objects.filter(pk__in=batch.rows.filter(order__isnull=False).values("order"))
    return orders.filter(stated_due_on__isnull=False).exclude(stated_due_on=F("due_on"))


def stated_differently(batch: ImportBatch) -> QuerySet[ImportRow]:
    """Rows whose order stands elsewhere here than the hotline says, as it stands now, as they stand in the file; words
    we do not know are not compared."""
    stated = batch.rows.exclude(stated_state="").filter(order__isnull=False)
    differs = Q()
    for words in set(stated.values_list("stated_state", flat=True)):
        if state := state_named(words):
            differs |= Q(stated_state=words) & ~Q(order__state=state)
    return stated.filter(differs).order_by("line") if differs else stated.none()


def unknown_states(batch: ImportBatch) -> list[str]:
    """The hotline's words for a state that we cannot match with one of ours."""
    words = batch.rows.exclude(stated_state="").values_list("stated_state", flat=True)
    return sorted(one for one in set(words) if not state_named(one))
