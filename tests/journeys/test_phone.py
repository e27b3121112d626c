"""At 390 px nothing lies over anything else or runs out of the screen, with a script and without."""

import pytest

from tests.browsers import PHONE_SCREEN
from tests.factories import case_at, persona
from tests.factories_mediation import SUN

pytestmark = pytest.mark.django_db
CUT_OFF = """() => [...document.querySelectorAll(".tw, .bar .btn")]
    .filter(box => box.offsetParent !== null && box.scrollWidth > box.clientWidth).map(box => box.innerText)"""
OVERLAPPING = """selector => {
    const boxes = [...document.querySelectorAll(selector)].map(one => [one.innerText, one.getBoundingClientRect()]);
    const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
    return boxes.flatMap(([name, box], at) => boxes.slice(at + 1).filter(([, other]) => meet(box, other)).map(([one]) => [name, one]));
}"""


def phone(house, who, **options):
    return house.visitor(who, viewport=PHONE_SCREEN, **options)


def test_four_buttons_of_a_form_stand_side_by_side_or_in_two_rows(house):
    case = case_at("in_mediation", now=house.clock.now())
    visitor = phone(house, SUN)
    visitor.go(f"{case.get_absolute_url()}draft_agreement/")
    assert visitor.page.locator(".bar .btn").count() == 4
    assert visitor.page.evaluate(CUT_OFF) == []
    assert visitor.page.evaluate(OVERLAPPING, ".bar .btn") == []


@pytest.mark.parametrize("place", ["assign", "sheet"])
def test_a_wide_table_becomes_cards(house, place):
    case = case_at("awaiting_assignment", now=house.clock.now())
    persona(SUN)
    visitor = phone(house, "director_xu")
    visitor.go(f"{case.get_absolute_url()}assign/" if place == "assign" else "/desk/sheet/")
    assert visitor.page.locator(".cards tbody tr").count() >= 1
    assert visitor.page.evaluate(CUT_OFF) == []
    assert visitor.page.evaluate(OVERLAPPING, ".cards tbody td") == []


def test_without_a_script_no_button_shows_that_needs_one(house):
    case_at("registered", now=house.clock.now())
    visitor = phone(house, "clerk_chen", java_script_enabled=False)
    for address in ("/cases/", "/desk/"):
        visitor.go(address)
        assert [one.inner_text() for one in visitor.page.locator("[hidden]").all() if one.is_visible()] == []
