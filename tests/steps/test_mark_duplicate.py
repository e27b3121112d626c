"""The same matter twice: linked, never merged, and unlinking gives both back (A4)."""

from dataclasses import replace

import pytest

from mediation.cases.case import DisputeCase
from mediation.cases.record import Notice
from mediation.cases.registration import Person
from mediation.hotline.models import HotlineOrder
from tests.factories import NOW, OTHER_HOSPITAL, PATIENT, case_at, fresh, organisation, persona, take
from workflow.machine import blocker
from workflow.records import Event
from workflow.registry import NotYours, Refused
from workflow.rulebook import current_edition, current_rulebook


def order_of(case: DisputeCase) -> HotlineOrder:
    order = HotlineOrder(
        centre=organisation("hotline"), number="2603020930001", received_at=NOW, imported_at=NOW, title="示例", content="示例",
        rulebook_id=current_rulebook(), calendar_edition=current_edition(), case=case,
    )  # fmt: skip
    order.save()
    return order


def duplicate() -> tuple[DisputeCase, DisputeCase, HotlineOrder]:
    original, case = case_at("town_handling"), case_at("registered")
    order = order_of(case)
    case = take(case, "mark_duplicate", "hotline_lin", original=original, reason="同一患者同一次住院")
    return original, case, order


def test_the_orders_move_and_the_case_is_closed_as_a_duplicate() -> None:
    original, case, order = duplicate()

    order.refresh_from_db()
    assert (case.state, case.outcome, case.duplicate_of, case.closed_on) == (
        "closed",
        "duplicate",
        original,
        NOW.date(),
    )
    assert order.case == original
    assert Notice.objects.addressed_to(persona("town_wang")).filter(case=original, step="absorb").exists()


def test_unlinking_opens_a_new_case_that_points_back_and_returns_the_orders() -> None:
    original, case, order = duplicate()

    case = take(case, "unlink", "hotline_lin", reason="核对后系同名的另一患者")

    grown = case.later_cases.get()
    order.refresh_from_db()
    assert (grown.state, grown.previous_case, order.case) == ("registered", case, grown)
    assert [party.name for party in grown.parties.all()] == [party.name for party in case.parties.all()]
    assert (fresh(case).state, fresh(original).state) == ("closed", "town_handling")
    assert Event.objects.get(chain=case.chain, kind="unlink").data == {"linked_case": grown.number}
    with pytest.raises(Refused, match="已经取消并案"):
        take(case, "unlink", "hotline_lin", reason="再次取消")


def test_only_what_was_joined_is_unlinked_and_why_is_said() -> None:
    original, case, _ = duplicate()
    with pytest.raises(Refused, match="请填写取消并案的理由"):
        take(case, "unlink", "hotline_lin", reason=" ")
    assert blocker(original, "joined_another", NOW.date()) == "本案没有并入其他案件"


def test_a_stranger_cannot_unlink() -> None:
    _, case, _ = duplicate()
    with pytest.raises(NotYours):
        take(case, "unlink", "town_zhao", reason="另一患者")


def test_only_a_running_case_takes_it() -> None:
    _, closed, _ = duplicate()
    with pytest.raises(Refused, match="已结案，只能并入正在办理的案件"):
        take(case_at("registered"), "mark_duplicate", "hotline_lin", original=closed, reason="同一件事")
    case = case_at("registered")
    with pytest.raises(Refused, match="不能并入本案自己"):
        take(case, "mark_duplicate", "hotline_lin", original=case, reason="同一件事")


@pytest.mark.parametrize("word", ["匿名", "市民"])
def test_only_the_same_people_at_the_same_hospital_can_be_the_same_matter(word: str) -> None:
    """A slip in the number must not close somebody else's case."""
    original = case_at("town_handling")
    elsewhere = case_at("registered", hospitals=(OTHER_HOSPITAL,))
    somebody = case_at("registered", people=(replace(PATIENT, name="贾示例", phone="13900009999", id_no=""),))
    citizen = Person(kind="caller", name=word)
    nobody = case_at("registered", people=(citizen,))

    for case in (elsewhere, somebody):
        with pytest.raises(Refused, match="看不出是同一件事") as refused:
            take(case, "mark_duplicate", "hotline_lin", original=original, reason="同一件事")
        assert refused.value.field == "original"
    assert (
        take(nobody, "mark_duplicate", "hotline_lin", original=original, reason="来电内容相同").duplicate_of == original
    )


def test_a_case_the_person_may_not_see_does_not_exist() -> None:
    hidden = case_at("registered", desk="441900102", by="town_zhao")
    with pytest.raises(Refused, match="没有这件案件"):
        take(case_at("town_handling"), "mark_duplicate", "town_wang", original=hidden, reason="同一件事")


def test_the_case_with_the_application_is_the_one_that_stays() -> None:
    with pytest.raises(Refused, match="应以本案为主"):
        take(case_at("under_review"), "mark_duplicate", "clerk_chen", original=case_at("escalated"), reason="同一件事")
