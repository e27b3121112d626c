"""Other cases that a case's record names: where it came from, what grew out of it, what it was joined with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from mediation.cases.case import DisputeCase
from mediation.organisations.models import User
from workflow.records import Event

NAMED = {"previous_case": "前案", "linked_case": "另立案件", "original": "并入案件", "duplicate": "并入本案"}
"""What an event's data calls another case, and what the page calls it."""
FACTS = ("previous_case", "linked_case", "original")
Known = Mapping[str, DisputeCase]


def related(events: Iterable[Event], user: User) -> Known:
    """The cases that these events name, by number, as far as this person may know of them.

    The record knows them all, so that the many cases without any cost no query.
    """
    numbers = {number for event in events for _, number in _named(event)}
    if not numbers:
        return {}
    cases = DisputeCase.objects.visible_to(user).filter(number__in=numbers).only("number")
    return {case.number: case for case in cases}


def facts_of(events: Iterable[Event], known: Known) -> Iterator[tuple[str, SafeString, bool]]:
    """The facts about them, oldest first, each with its way there; a closed book says nothing of what may not be seen."""
    named = [pair for event in sorted(events, key=lambda event: event.seq) for pair in _named(event)]
    for key in FACTS:
        links = [_link(known[number]) for kind, number in named if kind == key and number in known]
        if links:
            yield (
                NAMED[key],
                format_html_join("、", "{}", ((link,) for link in links)),
                True,
            )  # the ten below stand in pairs


def said_of(event: Event, known: Known) -> list[tuple[str, SafeString]]:
    """What one line of the record says about another case."""
    return [(NAMED[key], _link(known[number])) for key, number in _named(event) if number in known]


def _named(event: Event) -> list[tuple[str, str]]:
    data: Mapping[str, Any] = event.data
    return [(key, data[key]) for key in NAMED if isinstance(data.get(key), str)]


def _link(case: DisputeCase) -> SafeString:
    return format_html('<a href="{}">{}</a>', case.get_absolute_url(), case.title)
