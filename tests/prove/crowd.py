"""Eight people of eight roles and places with work of their own, and what a page tells about whose it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from mediation.cases.case import DisputeCase
from mediation.organisations.models import User
from tests.factories import DAOJIAO, GAOBU, HOSPITAL, NOW, OTHER_HOSPITAL, SHILONG, case_at, organisation, persona, take
from tests.factories_mediation import SUN

WHO = re.compile(r'<span class="who no-m">([^<]*)</span>')
MENU = re.compile(r'<span class="tx">([^<]*)</span>')
NUMBER = re.compile(r"\b20\d\d-\d{5}\b")


@dataclass(frozen=True)
class Member:
    """One of the crowd: a case that is only looked at, one to write on (not everybody has one), and one of others'."""

    user: User
    looks_at: DisputeCase
    writes_on: DisputeCase | None
    may_not_see: DisputeCase | None

    @property
    def pages(self) -> list[str]:
        """What this person reads, over and over."""
        number = self.looks_at.number
        pages = ["/cases/", "/notices/", f"/cases/{number}/", f"/cases/{number}/print/"]
        if self.writes_on:
            pages += ["/desk/", f"/cases/{self.writes_on.number}/log_contact/"]
        return [*pages, self.forbidden] if self.forbidden else pages

    @property
    def forbidden(self) -> str:
        """The address that answers 404 to this person; nothing for who sees everything."""
        return f"/cases/{self.may_not_see.number}/" if self.may_not_see else ""


@dataclass(frozen=True)
class Told:
    """What a page says of whose it is: the person with roles, the menu of these roles, the cases named."""

    status: int | None
    who: tuple[str, ...]
    menu: tuple[str, ...]
    cases: tuple[str, ...]


def told(status: int | None, page: str) -> Told:
    """Read off a page."""
    return Told(status, tuple(WHO.findall(page)), tuple(MENU.findall(page)), tuple(sorted(set(NUMBER.findall(page)))))


def crowd(now: datetime = NOW) -> list[Member]:
    """The eight, each beside the others' cases."""

    def handled_in(town: str, hospital: str, by: str) -> DisputeCase:
        case = case_at("registered", hospitals=(hospital,), now=now)
        where = {"town": organisation(town), "basis": "hospital", "residence_town": organisation(SHILONG)}
        case = take(case, "dispatch", "hotline_lin", **where, now=now)
        return take(case, "sign_for", by, now=now)

    wang, liang = "town_wang", "town_of_residence"
    in_daojiao = [handled_in(DAOJIAO, HOSPITAL, wang) for _ in range(2)]
    in_gaobu = [handled_in(GAOBU, OTHER_HOSPITAL, liang) for _ in range(2)]
    at_desk = [case_at("registered", now=now) for _ in range(2)]
    reviewed = [case_at("under_review", now=now) for _ in range(2)]
    unassigned = [case_at("awaiting_assignment", now=now) for _ in range(2)]
    investigated = [case_at("investigating", now=now) for _ in range(2)]
    return [
        Member(persona("hotline_lin"), *at_desk, None),
        Member(persona(wang), *in_daojiao, in_gaobu[0]),
        Member(persona(liang), *in_gaobu, in_daojiao[0]),
        Member(persona("clerk_chen"), *reviewed, None),
        Member(persona("director_xu"), *unassigned, None),
        Member(persona(SUN), *investigated, in_daojiao[1]),
        Member(persona("liaison_he"), in_daojiao[0], None, in_gaobu[0]),
        Member(persona("supervisor_zhou"), in_gaobu[0], None, None),
    ]


def contact(content: str, now: datetime) -> dict[str, Any]:
    """The facts of a contact with these words."""
    return {
        "side": "patient", "purpose": "explain", "means": "phone", "at": now - timedelta(minutes=5), "reached": True,
        "content": content,
    }  # fmt: skip


def contact_form(case: DisputeCase, content: str) -> dict[str, Any]:
    """The same as the page sends it."""
    version = DisputeCase.objects.values_list("version", flat=True).get(pk=case.pk)
    return {
        "happened_on": timezone.localdate(), "version": version, "side": "patient", "purpose": "explain",
        "means": "phone", "at": "00:00", "reached": "yes", "content": content,
    }  # fmt: skip
