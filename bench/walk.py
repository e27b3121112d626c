"""The nine human steps of the comparison, with their real facts: a town settles by explanation what the city sent back.

Seven move the case and two stay; one issues a paper (the brief, with its message to the worker), seven keep sealed facts,
and clocks start, end anew and are extended.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from mediation.cases import codes
from mediation.organisations.models import User
from tests import factories

NOW = factories.NOW


@dataclass(frozen=True)
class Act:
    """One step, who takes it, and what is typed."""

    step: str
    by: User
    facts: Mapping[str, Any]


def nine() -> list[Act]:
    """The steps in their order; people and organisations are made when they are not there yet."""
    desk, town, clerk = (factories.persona(name) for name in ("hotline_lin", "town_wang", "clerk_chen"))
    phone = codes.Means.PHONE
    contact = {
        "side": "patient",
        "purpose": "first",
        "means": phone,
        "at": NOW.replace(hour=9, minute=0),
        "reached": True,
        "content": "已电话联系患者，说明处置程序。",
    }
    explained = {
        "began": time(9, 0),
        "means": phone,
        "explanation": "院方已当面解释，患者表示理解。",
        "caller_content": True,
        "no_terms": True,
    }
    visit = {
        "began": time(9, 0),
        "side": "patient",
        "person": "甄示例",
        "means": phone,
        "reached": True,
        "result": "表示满意。",
    }
    return [
        Act("dispatch", desk, {"town": factories.organisation(factories.DAOJIAO), "basis": "hospital"}),
        Act("sign_for", town, {}),
        Act("log_contact", town, contact),
        Act("escalate", town, factories.brief()),
        Act("take_over", clerk, {}),
        Act("send_back", clerk, {"reason": "local", "note": "争议不大，可由镇街继续化解。"}),
        Act("extend_handling", town, {"reason": "须等院方书面答复。"}),
        Act("resolve", town, explained),
        Act("visit", town, visit),
    ]


def registered(count: int) -> list[int]:
    """So many newly registered cases, through the door."""
    from django.db import transaction

    from mediation.cases.registration import register

    desk, form = factories.persona("hotline_lin"), factories.registration()
    made = []
    for _ in range(count):
        with transaction.atomic():
            made.append(register(form, by=desk, now=NOW).pk)
    return made
