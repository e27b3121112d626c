"""Orders and cases: joined, moved, let go; judged to be the same matter, and taken back."""

import pytest

from mediation.cases.case import DisputeCase
from mediation.cases.office import OFFICE
from mediation.hotline import belonging
from mediation.hotline.models import HotlineOrder, OrderLink
from mediation.hotline.turns import answer, send_return, sort_out
from tests.factories import NOW, case_at, take
from tests.hotline.files import operator, order, other_operator
from workflow.records import Event, verify
from workflow.registry import NotYours, Refused, Stale

pytestmark = pytest.mark.django_db


def test_registering_from_an_order_joins_and_signs_it():
    held = order()
    case = case_at("registered", orders=(held,))
    held.refresh_from_db()
    assert (held.case_id, held.state, held.category, held.signed_at) == (case.pk, "signed", "medical_dispute", NOW)


def test_an_order_is_registered_once():
    held = order()
    case_at("registered", orders=(held,))
    with pytest.raises(Refused, match="已经关联"):
        case_at("registered", orders=(HotlineOrder.objects.get(pk=held.pk),))
    assert DisputeCase.objects.count() == 1


def test_only_a_medical_dispute_is_registered():
    held = order()
    sort_out(held, category="fees", by=operator(), now=NOW)
    with pytest.raises(Refused, match="医疗收费"):
        case_at("registered", orders=(held,))
    assert not DisputeCase.objects.exists()


def test_a_returned_order_is_not_registered():
    held = order()
    send_return(held, reason="不属本市", unit="示例市", by=operator(), now=NOW)
    with pytest.raises(Refused, match="已退单"):
        case_at("registered", orders=(held,))


def test_an_answered_order_can_still_be_joined_and_stays_answered():
    held = order()
    sort_out(held, category="service", by=operator(), now=NOW)
    answer(held, text="已转。", receiving_body="市卫生健康局", by=operator(), now=NOW)
    HotlineOrder.objects.filter(pk=held.pk).update(category="medical_dispute")
    belonging.join(held, case_at("registered"), by=operator(), now=NOW)
    assert held.state == "replied"


def test_many_orders_belong_to_one_case_and_each_can_leave():
    first, second = order("1"), order("2")
    case = case_at("registered", orders=(first,))
    belonging.join_visible(second, case, by=operator(), now=NOW, version=0)
    assert case.orders.count() == 2
    belonging.leave(second, by=operator(), now=NOW)
    second.refresh_from_db()
    assert second.case_id is None
    assert list(case.orders.all()) == [first]


def test_linking_to_a_case_that_one_may_not_see_is_as_if_it_were_not_there():
    case = case_at("registered", desk="441900124", by="town_wang")
    with pytest.raises(NotYours):
        belonging.join_visible(order(), case, by=operator(), now=NOW, version=0)


def test_linking_with_a_stale_page_does_nothing():
    held, case = order(), case_at("registered")
    sort_out(held, category="medical_dispute", by=operator(), now=NOW)
    with pytest.raises(Stale):
        belonging.join_visible(held, case, by=operator(), now=NOW, version=0)


def test_orders_follow_a_duplicate_to_the_case_that_goes_on():
    held = order()
    duplicate = case_at("town_handling", orders=(held,))
    original = case_at("registered", desk="441900124", by="town_wang")
    held.refresh_from_db()
    due, state = held.due_on, held.state
    assert original not in DisputeCase.objects.visible_to(operator())
    take(duplicate, "mark_duplicate", "town_wang", original=original, reason="同一患者同一次住院")
    held.refresh_from_db()
    assert (held.case_id, held.due_on, held.state) == (original.pk, due, state)
    assert original in DisputeCase.objects.visible_to(operator())  # the centre sees how it goes on


def test_the_case_that_goes_on_has_it_in_its_own_record():
    held = order()
    duplicate, original = case_at("registered", orders=(held,)), case_at("town_handling")
    version = original.version
    take(duplicate, "mark_duplicate", "hotline_lin", original=original, reason="同一患者同一次住院")
    original.refresh_from_db()
    event = Event.objects.filter(chain=original.chain).latest("seq")
    assert (event.kind, event.data) == ("absorb", {"duplicate": duplicate.number, "orders": [held.pk]})
    assert (original.version, original.state) == (version + 1, "town_handling")
    assert verify().ok


def test_moving_twice_is_moving_once():
    held = order()
    case = case_at("registered", orders=(held,))
    held.refresh_from_db()
    OFFICE.move_orders([held], case, by=operator(), now=NOW)
    assert HotlineOrder.objects.get(pk=held.pk).version == held.version


def test_a_judgement_is_kept_once_for_the_pair_and_merges_nothing():
    first, second = order("1"), order("2")
    before = (first.version, second.version)
    belonging.judge(second, first, is_same=True, by=operator(), now=NOW)
    belonging.judge(first, second, is_same=False, by=operator(), now=NOW)
    assert [(link.order, link.other, link.is_same) for link in OrderLink.objects.all()] == [(first, second, False)]
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.version, second.version) == before


def test_taking_a_judgement_back_leaves_both_orders_as_they_were():
    first, second = order("1"), order("2")
    belonging.judge(first, second, is_same=True, by=operator(), now=NOW)
    belonging.forget(second, first, by=operator(), now=NOW)
    assert not OrderLink.objects.exists()


def test_nobody_judges_orders_of_another_centre_or_an_order_against_itself():
    first, second = order("1"), order("2")
    with pytest.raises(NotYours):
        belonging.judge(first, second, is_same=True, by=other_operator(), now=NOW)
    with pytest.raises(Refused):
        belonging.judge(first, first, is_same=True, by=operator(), now=NOW)
