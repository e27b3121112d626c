"""Organisations that are there before the first case: towns, public hospitals, the hotline, committee, bureau, system.

Rows are matched by code and only added, never overwritten: what an administrator has corrected stays corrected.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from mediation.organisations.models import Kind, Organisation, Ownership
from workflow.notices import decode, rows

TOWN_COLUMNS = ("code", "name", "kind", "tile_column", "tile_row", "handles_cases")
HOSPITAL_COLUMNS = ("code", "name", "level", "ownership", "town_code", "confidence")
BODY_COLUMNS = ("kind", "code", "name", "formal_name", "number_prefix", "confidence")
OWNERSHIPS = {"公立": Ownership.PUBLIC, "民营": Ownership.PRIVATE}


def load_organisations() -> None:
    """Towns, bodies and the public list of hospitals; no invented one. Running it again changes nothing."""
    _add(_towns())
    _add(_bodies())
    _add(_hospitals("hospitals.csv"))


def load_example_hospitals() -> list[Organisation]:
    """The invented hospitals (示例…) in real towns: for demonstration and tests only, because no invented dispute may
    name a real one. The towns must be there already."""
    _add(_hospitals("example_hospitals.csv"))
    codes = [row["code"] for row in _sheet("example_hospitals.csv", HOSPITAL_COLUMNS)]
    return list(Organisation.objects.filter(code__in=codes).order_by("code"))


def _sheet(name: str, columns: tuple[str, ...]) -> Iterator[dict[str, str]]:
    path = Path(settings.BASE_DIR) / "fixtures" / "organisations" / name
    for _, row in rows(decode(path.read_bytes()), columns):
        yield row


def _add(organisations: Iterator[Organisation]) -> None:
    known = set(Organisation.objects.values_list("code", flat=True))
    Organisation.objects.bulk_create([one for one in organisations if one.code not in known])


def _towns() -> Iterator[Organisation]:
    for row in _sheet("towns.csv", TOWN_COLUMNS):
        yield Organisation(
            kind=Kind.TOWN, code=row["code"], name=row["name"], grade=row["kind"], confidence="M-H",
            active=row["handles_cases"] == "yes",
        )  # fmt: skip


def _bodies() -> Iterator[Organisation]:
    for row in _sheet("bodies.csv", BODY_COLUMNS):
        yield Organisation(**row)


def _hospitals(name: str) -> Iterator[Organisation]:
    towns = dict(Organisation.objects.filter(kind=Kind.TOWN).values_list("code", "pk"))
    for row in _sheet(name, HOSPITAL_COLUMNS):
        yield Organisation(
            kind=Kind.HOSPITAL, code=row["code"], name=row["name"], grade=row["level"], confidence=row["confidence"],
            town_id=towns.get(row["town_code"]), ownership=OWNERSHIPS.get(row["ownership"], Ownership.UNKNOWN),
        )  # fmt: skip
