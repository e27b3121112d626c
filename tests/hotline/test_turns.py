"""What an operator does with an order."""

from datetime import date

import pytest

from mediation.hotline import turns
from mediation.hotline.belonging import join
from mediation.hotline.entries import Entry
from mediation.hotline.intake import enter
from mediation.hotline.models import HotlineOrder, OrderReply
from tests.factories import NOW, at, case_at, organisation, persona
from tests.hotline.files import entry, operator, order, other_operator
from workflow.records import Event
from workflow.registry import NotAllowed, NotYours, Refused, Stale

pytestmark = pytest.mark.django_db

ANSWER = {"text": "已转市教育局办理。", "category": "other", "receiving_body": "市教育局"}
FACTS = {
    "sign": {}, "sort_out": {"category": "service"}, "answer": ANSWER, "send_return": {"reason": "不属本市", "unit": "示例市12345"},
    "extend": {"until": date(2026, 3, 31), "reason": "情况复杂"}, "redo": {"reason": "答复不清楚"}, "finish": {"rating": "fair"},
}  # fmt: skip


def do(name, held, *, now=NOW, by=None, **facts):
    return turns.TURNS[name](held, by=by or operator(), now=now, **(FACTS[name] | facts))


def in_state(state, number="2603010001"):
    held = order(number)
    walks = {
        "received": (),
        "signed": ("sign",),
        "replied": ("answer",),
        "closed": ("answer", "finish"),
        "returned": ("send_return",),
    }
    for name in walks[state]:
        do(name, held)
    held.refresh_from_db()
    assert held.state == state
    return held


ALLOWED = {
    "sign": {"received"}, "answer": {"received", "signed"}, "send_return": {"received", "signed"}, "redo": {"replied"},
    "finish": {"replied"}, "extend": {"received", "signed"},
}  # fmt: skip
TARGETS = {"sign": "signed", "answer": "replied", "send_return": "returned", "redo": "signed", "finish": "closed"}


@pytest.mark.parametrize("state", ["received", "signed", "replied", "closed", "returned"])
@pytest.mark.parametrize("name", sorted(ALLOWED))
def test_a_turn_is_possible_in_its_states_and_refused_in_all_others(name, state):
    held = in_state(state)
    if state in ALLOWED[name]:
        assert do(name, held).state == TARGETS.get(name, state)
    else:
        with pytest.raises(Refused):
            do(name, held)
        held.refresh_from_db()
        assert held.state == state


@pytest.mark.parametrize("name", sorted(FACTS))
def test_a_stale_page_changes_nothing(name):
    held = in_state("replied" if name in ("redo", "finish") else "received")
    with pytest.raises(Stale, match="已有新的办理"):
        do(name, held, version=held.version - 1)
    fresh = HotlineOrder.objects.get(pk=held.pk)
    assert (fresh.version, fresh.state) == (held.version, held.state)


@pytest.mark.parametrize("name", sorted(FACTS))
def test_to_strangers_the_order_does_not_exist(name):
    held = order()
    for stranger in (other_operator(), persona("town_wang"), persona("supervisor_zhou")):
        with pytest.raises(NotYours):
            do(name, held, by=stranger)


@pytest.mark.parametrize("name", sorted(FACTS))
def test_every_turn_counts_the_version_and_leaves_an_event(name):
    held = in_state("replied" if name in ("redo", "finish") else "received")
    changed = do(name, held, version=held.version)
    assert changed.version == held.version + 1
    kind = "order_return" if name == "send_return" else f"order_{name}"
    event = Event.objects.filter(chain="system", kind=kind).latest("seq")
    assert (event.data["order"], event.data["version"], event.actor_id) == (held.pk, changed.version, operator().pk)


def test_what_is_no_dispute_is_answered_with_the_unit_that_has_it_now():
    with pytest.raises(Refused, match="转往的单位") as refused:
        do("answer", order(), receiving_body=" ")
    assert refused.value.field == "receiving_body"


def test_an_unsorted_order_is_not_answered():
    with pytest.raises(Refused, match="类别"):
        do("answer", order(), category="")


def test_a_medical_dispute_is_answered_only_once_it_belongs_to_a_case():
    held = order()
    with pytest.raises(Refused, match="登记或关联"):
        do("answer", held, category="medical_dispute")
    join(held, case_at("registered"), by=operator(), now=NOW)
    assert (
        do("answer", held, category="medical_dispute", text="已转入人民调解程序。", receiving_body="").state
        == "replied"
    )


def test_an_answer_while_the_case_runs_is_an_interim_one_and_the_case_goes_on():
    held = order()
    case = case_at("town_pending", orders=(held,))
    do("answer", held, category="medical_dispute", receiving_body="")
    assert OrderReply.objects.get(order=held, standing="given").kind == "interim"
    case.refresh_from_db()
    assert case.state == "town_pending"


def test_an_answer_is_kept_with_its_day():
    held = do("answer", order(), now=at("2026-03-04"))
    assert (held.reply, held.replied_on) == (ANSWER["text"], date(2026, 3, 4))


def test_a_return_is_asked_within_a_working_day_of_coming_here_and_once():
    held = order(now=at("2026-03-06"), received_at=at("2026-03-05"))  # a Friday
    with pytest.raises(Refused, match="2026-03-09"):
        do("send_return", held, now=at("2026-03-10"))
    assert do("send_return", held, now=at("2026-03-09")).returns == 1


def test_an_order_with_a_case_is_not_returned():
    held = order()
    join(held, case_at("registered"), by=operator(), now=NOW)
    with pytest.raises(Refused, match="已关联案件"):
        do("send_return", held)


@pytest.mark.parametrize(
    ("now", "until", "words"),
    [
        (at("2026-03-24"), date(2026, 4, 1), "已过"),
        (NOW, date(2026, 3, 20), "晚于"),
        (NOW, date(2026, 3, 28), "工作日"),
    ],
)
def test_an_extension_is_asked_before_the_date_for_a_later_working_day(now, until, words):
    with pytest.raises(Refused, match=words):
        do("extend", order(), now=now, until=until)


def test_an_extended_order_is_due_on_the_new_day_also_when_its_kind_is_corrected():
    held = do("extend", order())
    assert held.due_on == date(2026, 3, 31)
    assert do("sort_out", held, appeal="consult").due_on == date(2026, 3, 31)


def test_redoing_keeps_the_date_and_the_reason():
    held = do("redo", in_state("replied"))
    assert held.due_on == order("2").due_on
    assert "答复不清楚" in held.internal_note


def test_satisfaction_and_whether_it_is_solved_are_two_things():
    held = do("finish", in_state("replied"), rating="very_dissatisfied", is_solved=True)
    assert (held.rating, held.is_solved) == ("very_dissatisfied", True)


def test_the_caller_is_revealed_for_a_reason_that_is_recorded_without_its_words():
    held = order()
    shown = turns.reveal(held, reason="回拨核实", by=operator(), now=NOW)
    assert shown["电话"] == "13800000002"
    event = Event.objects.get(chain="system", kind="order_reveal")
    assert event.data["order"] == held.pk
    assert "回拨" not in str(event.data)
    with pytest.raises(Refused, match="查看理由"):
        turns.reveal(held, reason="  ", by=operator(), now=NOW)


def test_an_order_is_entered_by_hand_once():
    made = enter(entry("手1"), centre=organisation("hotline"), by=operator(), now=NOW)
    assert made.due_on == date(2026, 3, 23)
    with pytest.raises(Refused, match="已经录入"):
        enter(entry("手1"), centre=organisation("hotline"), by=operator(), now=NOW)
    with pytest.raises(NotAllowed):
        enter(entry("手2"), centre=organisation("hotline"), by=other_operator(), now=NOW)
    assert isinstance(entry("手3"), Entry)
