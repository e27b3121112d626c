"""Finding a case by what a caller on the phone can say: number, order, name, phone, identity number."""

from __future__ import annotations

import re

from django.db.models import Q

from mediation.cases.case import CaseHospital, DisputeCaseQuerySet
from mediation.cases.counter import CaseCounter
from mediation.cases.discretion import shown_parties
from mediation.organisations.models import Kind, Organisation, User
from mediation.privacy.searchkeys import search_key

_NUMBER = re.compile(r"(20\d\d)\D{1,4}(\d{1,6})\s*号?$")


def found(cases: DisputeCaseQuerySet, words: str, user: User) -> DisputeCaseQuerySet:
    """The cases that the words point at: exactly by person (keyed hashes), case or order, else by part of a hospital's name.

    The search runs inside the cases given, so nobody learns of a case that they may not see; a caller who asked to
    stay hidden is found by nobody from whom they are hidden.
    """
    words = words.strip()
    everywhere = cases.model.objects
    hits = [
        shown_parties(user).filter(_keys(words)).values("case"),
        everywhere.filter(orders__centre__kind=Kind.HOTLINE, orders__number=words).values("pk"),
        everywhere.filter(number__in=_numbers(words)).values("pk"),
    ]
    # One list of keys: joined by OR, the same conditions would be tried on every case there is.
    exact = cases.filter(pk__in=hits[0].union(*hits[1:], all=True))
    hospitals = list(Organisation.objects.filter(kind=Kind.HOSPITAL, name__contains=words))
    if not hospitals or exact.exists():
        return exact
    return cases.filter(pk__in=CaseHospital.objects.filter(hospital__in=hospitals).values("case"))


def _numbers(words: str) -> list[str]:
    """The case numbers that may be meant: the whole number as it is written, or the serial number of any year."""
    if match := _NUMBER.search(words):
        return [f"{match[1]}-{int(match[2]):05d}"]
    if words.isdecimal() and len(words) <= 6:
        years = CaseCounter.objects.values_list("year", flat=True)
        return [f"{year}-{int(words):05d}" for year in years]
    return []


def _keys(words: str) -> Q:
    """Whoever has this name, phone or identity number."""
    keys = Q(name_key=search_key("name", words))
    digits = re.sub(r"[\s-]", "", words)
    if re.fullmatch(r"\+?\d{7,14}", digits):
        keys |= Q(phone_key=search_key("phone", digits))
    if re.fullmatch(r"[0-9A-Za-z()（）]{6,20}", digits):
        keys |= Q(id_key=search_key("id_no", digits))
    return keys
