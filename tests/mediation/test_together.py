"""Rows that are read in one statement are those that their queries would have given one by one."""

import pytest

from bench.measure import statements
from mediation.cases.pages import onfile
from mediation.cases.record import Contact
from mediation.cases.together import together
from mediation.organisations.models import Organisation, User
from mediation.privacy.sealed import Sealed
from tests.factories import case_at, take
from tests.mediation.test_on_file import contact, whole_life

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def test_every_part_of_a_file_is_read_as_if_it_had_been_asked_alone() -> None:
    case = whole_life()
    asked = [part.rows(case) for part in onfile.PARTS]
    with statements() as seen:
        found = together(*asked)
    assert len(seen) == 1
    for rows, alike in zip(found, asked, strict=True):
        alone = list(alike if alike.ordered else alike.order_by("pk"))
        assert [(row, held(row)) for row in rows] == [(row, held(row)) for row in alone]
        assert rows


def held(row: object) -> dict[str, object]:
    """What a row knows without asking again, sealed values in their envelopes, related rows with what they know."""
    own = {name: value for name, value in vars(row).items() if not name.startswith("_") and name != "in_order"}
    related = row._state.fields_cache.items()  # type: ignore[attr-defined]
    return {name: value.envelope if isinstance(value, Sealed) else value for name, value in own.items()} | {
        f"{name} itself": held(one) for name, one in related if one and name not in ("case", "agreement")
    }


def test_each_query_keeps_its_order_and_its_conditions() -> None:
    case = case_at("town_handling")
    for words in ("先说的", "后说的"):
        case = take(case, "log_contact", "town_wang", **contact(words))
    newest, oldest, none, one = together(
        case.contacts.all(), case.contacts.order_by("pk"), Contact.objects.filter(pk__in=[]),
        User.objects.filter(username="town_wang").only("full_name"),
    )  # fmt: skip
    assert [row.content for row in newest] == ["后说的", "先说的"]
    assert [row.content for row in oldest] == ["先说的", "后说的"]
    assert none == []
    assert [row.full_name for row in one] == ["王示例"]


def test_who_asks_for_nothing_sends_nothing() -> None:
    with statements() as seen:
        assert together() == []
        assert together(Organisation.objects.none(), Contact.objects.filter(pk__in=[])) == [[], []]
    assert len(seen) == 0
