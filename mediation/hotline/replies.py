"""What the caller is told: texts to begin from, drafts prepared when the case moves, and the export for the hotline.

The wording is data (``fixtures/replies.csv``); what is sent is always what a person has looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from django.conf import settings
from django.utils import timezone

from mediation.cases.case import DisputeCase
from mediation.cases.codes import Category
from mediation.hotline.order import HotlineOrder, OrderReply
from mediation.hotline.triage import Suggestion
from workflow.lifecycle import STATES
from workflow.notices import decode, rows
from workflow.outbox import OutboxMessage, enqueue, handles
from workflow.records import Event
from workflow.registry import Move

COLUMNS = ("kind", "key", "body", "text")
KIND = "hotline_reply"
PREPARED, FINAL, INTERIM = OrderReply.Standing.PREPARED, OrderReply.Kind.FINAL, OrderReply.Kind.INTERIM


@lru_cache(maxsize=1)
def wordings() -> Mapping[tuple[str, str], tuple[str, str]]:
    """(kind, key) → (receiving body, text). The key is a category, or a step of the case ("" for any other step)."""
    text = decode((Path(settings.BASE_DIR) / "fixtures" / "replies.csv").read_bytes())
    return MappingProxyType({(row["kind"], row["key"]): (row["body"], row["text"]) for _, row in rows(text, COLUMNS)})


def body_for(category: str, suggestion: Suggestion | None = None) -> str:
    """The unit that usually deals with such a matter; of what is not medical, as far as the words tell."""
    if category == Category.OTHER:
        return suggestion.body if suggestion else ""
    return wordings()["category", category][0] if category else ""


def begin_reply(order: HotlineOrder, category: str, body: str) -> str:
    """The text that the reply form begins with."""
    if ("category", category) not in wordings():
        return ""
    return wordings()["category", category][1].format_map(_Values(number=order.number, body=body or "有关单位"))


class _Values(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def tell_hotline(move: Move) -> None:
    """The case took a step that callers hear of: one message for each of its orders, in the step's transaction."""
    for pk in HotlineOrder.objects.filter(case=move.case).values_list("pk", flat=True):
        payload = {"order": pk, "case": move.case.pk, "seq": move.seq}
        enqueue(KIND, f"{KIND}:{pk}:{move.case.pk}:{move.seq}", payload, now=move.now, case_id=move.case.pk)


@handles(KIND)
def prepare_reply(message: OutboxMessage, *, now: datetime) -> None:
    """Lay a draft beside the order; told twice, there is one. It waits for the operator, and later for the API."""
    refs = message.payload
    order = HotlineOrder.objects.get(pk=refs["order"])
    event = Event.objects.get(chain=f"case-{refs['case']}", seq=refs["seq"])
    OrderReply.objects.get_or_create(
        key=message.key,
        defaults={
            "order": order, "kind": FINAL if event.target == "closed" else INTERIM, "standing": PREPARED,
            "step": event.kind, "text": step_text(order, event), "made_at": now,
        },
    )  # fmt: skip


def step_text(order: HotlineOrder, event: Event) -> str:
    """The text for a step of the case."""
    known = wordings()
    _, text = known.get(("step", event.kind), known["step", ""])
    state = STATES[event.target].label if event.target in STATES else ""
    return text.format_map(_Values(number=order.number, state=state, on=f"{event.happened_on:%Y年%-m月%-d日}"))


def drafts_of(order: HotlineOrder) -> list[OrderReply]:
    """The drafts that wait to be used, the newest first."""
    return list(order.replies.filter(standing=PREPARED).order_by("-made_at", "-pk"))


def case_text(order: HotlineOrder, case: DisputeCase) -> str:
    """An interim reply about a case when nothing was prepared: where it stands."""
    text = wordings()["step", ""][1]
    return text.format_map(_Values(number=order.number, state=case.state_label))


def given_on(order: HotlineOrder) -> str:
    """The day of the answer for lists."""
    return f"{order.replied_on:%Y-%m-%d}" if order.replied_on else ""


def local(moment: datetime | None) -> str:
    """A moment as lists and exports write it."""
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M") if moment else ""
