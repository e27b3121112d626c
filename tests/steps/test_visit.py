"""完成回访: person, time, method, result; nothing is pre-written (R21)."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest

from mediation.cases.case import DisputeCase
from mediation.settlement.dossier import checklist
from tests.factories import NOW, at, case_at, persona, take
from tests.factories_mediation import pay_all, visit, visited
from tests.steps.test_resolve import explained
from tests.steps.test_settle_locally import settled
from workflow.registry import Refused

pytestmark = pytest.mark.django_db


@pytest.mark.rule("R21")
def test_a_visit_says_who_was_asked_when_how_and_what_came_of_it() -> None:
    case = take(case_at("follow_up"), "visit", "mediator_sun", **visit())

    row = case.visits.get()
    assert (case.state, row.person, row.means, row.reached, row.by) == (
        "closing",
        "甄示例",
        "phone",
        True,
        persona("mediator_sun"),
    )
    assert (row.at, row.satisfaction, row.is_solved) == (at("2026-03-02", 9, 0), "4", True)


@pytest.mark.rule("R21")
def test_the_record_of_the_visit_says_what_was_heard_and_supplies_no_rating() -> None:
    case = take(case_at("follow_up"), "visit", "mediator_sun", **visit(satisfaction="", is_solved=None))

    says = case.documents.get(kind="follow_up_record").says
    agreement = case.documents.filter(kind="mediation_agreement").first()
    assert (says["person"], says["performance"], says["remaining"]) == ("甄示例（患方）", visit()["result"], "")
    assert says["satisfaction"] == "满意程度：未表示；是否解决：未表示。"
    assert agreement is not None
    assert says["agreement_number"] == agreement.number


@pytest.mark.rule("R21")
def test_after_a_mere_explanation_there_is_no_agreement_whose_keeping_could_be_recorded() -> None:
    case = take(case_at("town_handling"), "resolve", "town_wang", **explained())

    case = take(case, "visit", "town_wang", **visit())

    assert case.visits.exists()
    assert not case.documents.filter(kind="follow_up_record").exists()


@pytest.mark.rule("R21")
def test_a_town_records_the_visit_after_its_own_settlement() -> None:
    case = take(case_at("town_handling"), "settle_locally", "town_wang", **settled())
    case = pay_all(case, now=NOW, by="town_wang")
    case = take(case, "performed", "town_wang", obligations_done=True)

    case = take(case, "visit", "town_wang", **visit())

    says = case.documents.get(kind="follow_up_record").says
    assert says["agreement_number"] == case.documents.get(kind="settlement_agreement").number
    assert case.town is not None
    assert says["issuer"]["name"] == case.town.paper_name


@pytest.mark.rule("R21")
@pytest.mark.parametrize(("name", "sentence"), [
    ("person", "请填写被回访人"), ("result", "请填写回访结果"), ("means", "请选择回访方式"), ("side", "请选择回访对象"),
])  # fmt: skip
def test_none_of_it_may_be_missing(name: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        take(case_at("follow_up"), "visit", "mediator_sun", **visit(**{name: ""}))


@pytest.mark.rule("R21")
def test_rating_and_being_solved_are_two_questions_and_neither_must_be_answered() -> None:
    case = take(case_at("follow_up"), "visit", "mediator_sun", **visit(satisfaction="", is_solved=None))

    assert (case.visits.get().satisfaction, case.visits.get().is_solved) == ("", None)


def unreached(**changes: Any) -> dict[str, Any]:
    return visit(reached=False, satisfaction="", is_solved=None, result="三次拨打无人接听。") | changes


def tried(case: DisputeCase, *, reached: bool = False) -> DisputeCase:
    return take(case, "log_contact", "mediator_sun", side="patient", purpose="other", means="phone", at=at("2026-03-02", 9, 10),
                reached=reached, content="无人接听。")  # fmt: skip


@pytest.mark.rule("R21")
def test_who_cannot_be_reached_is_tried_three_times() -> None:
    case = tried(case_at("follow_up"))
    with pytest.raises(Refused, match="须满 3 次才能结束，现为第 2 次"):
        take(case, "visit", "mediator_sun", **unreached())

    case = take(tried(case), "visit", "mediator_sun", **unreached())
    assert (case.state, case.visits.get().reached) == ("closing", False)


def test_a_talk_that_did_take_place_is_no_failed_attempt() -> None:
    case = tried(tried(case_at("follow_up")), reached=True)

    with pytest.raises(Refused, match="现为第 2 次"):
        take(case, "visit", "mediator_sun", **unreached())


def test_what_was_tried_before_the_visit_was_due_does_not_count() -> None:
    case = case_at("follow_up")
    DisputeCase.objects.filter(pk=case.pk).update(entered_on=date(2026, 3, 3))
    case = tried(tried(tried(case)))  # on 2 March

    with pytest.raises(Refused, match="现为第 1 次"):
        take(case, "visit", "mediator_sun", now=at("2026-03-04"), **unreached())


def test_nobody_is_satisfied_without_having_been_reached() -> None:
    with pytest.raises(Refused, match="不填写满意程度和是否解决"):
        take(case_at("follow_up"), "visit", "mediator_sun", **unreached(satisfaction="5"))


def test_a_visit_is_not_recorded_beforehand() -> None:
    with pytest.raises(Refused, match="回访时间不能晚于现在"):
        take(case_at("follow_up"), "visit", "mediator_sun", **visit(began=time(23, 0)))


def test_a_closed_case_is_visited_again_and_stays_closed() -> None:
    case = visited()
    case = take(case, "submit_dossier", "mediator_sun", items=gaps_explained(case))
    case = take(case, "close", "director_xu", retention="30")

    case = take(case, "visit_again", "mediator_sun", now=at("2026-05-08"), **visit(result="已康复，无其他要求。"))
    case = take(case, "visit_again", "mediator_sun", now=at("2026-05-09"), **unreached(result="无人接听。"))

    assert (case.state, [row.reached for row in case.visits.order_by("pk")]) == ("closed", [True, True, False])
    with pytest.raises(Refused, match="您的角色不能办理"):
        take(case, "visit_again", "town_wang", now=at("2026-05-09"), **visit())


def test_what_was_never_visited_is_not_visited_again() -> None:
    with pytest.raises(Refused, match="没有回访记录"):
        take(case_at("closed"), "visit_again", "town_wang", **visit())


def gaps_explained(case: DisputeCase) -> dict[str, Any]:
    """Whatever the checklist still misses is explained."""
    missing = [line.item.key for line in checklist(case) if line.must and not line.found]
    return {key: {"standing": "explained", "pages": "", "reason": "当事人未提供。"} for key in missing}
