"""协议生效: four marks, in force on the day of the last (条例 39; R17, R19)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from mediation.cases import codes
from mediation.cases.registration import Respondent
from mediation.settlement.models import MarkKind
from tests.factories import HOSPITAL, OTHER_HOSPITAL, TODAY, at, case_at, move, organisation, paper, take
from tests.factories_mediation import sign
from workflow.registry import Refused
from workflow.rulebook import ClockMark

pytestmark = pytest.mark.django_db


@pytest.mark.rule("R17")
@pytest.mark.parametrize("absent", MarkKind.values)
def test_three_marks_are_not_enough(absent: str) -> None:
    case = sign(
        case_at("agreement_drafted"), *(kind for kind in MarkKind.values if kind != absent), now=at("2026-03-02")
    )

    with pytest.raises(Refused, match="尚缺签署"):
        take(case, "conclude", "mediator_sun")


@pytest.mark.rule("R17")
def test_it_is_in_force_on_the_day_of_the_last_mark() -> None:
    case = sign(case_at("agreement_drafted"), "hospital", "mediator", now=at("2026-03-03"))
    case = sign(case, "seal", "patient", now=at("2026-03-05"))

    case = take(case, "conclude", "mediator_sun", now=at("2026-03-06"), happened_on=date(2026, 3, 5))

    assert (case.state, case.outcome) == ("performing", "settled")
    assert case.agreements.get().effective_on == case.entered_on == date(2026, 3, 5)
    assert case.due_on == TODAY + timedelta(days=15)


@pytest.mark.rule("R17")
def test_no_other_day_is_the_day_of_effect() -> None:
    case = sign(case_at("agreement_drafted"), *MarkKind.values, now=at("2026-03-05"))

    with pytest.raises(Refused, match="自最后一项签署完成之日 2026-03-05 起生效") as refused:
        take(case, "conclude", "mediator_sun", now=at("2026-03-06"))
    assert refused.value.field == "happened_on"


@pytest.mark.rule("R19")
@pytest.mark.parametrize(("effective", "last"), [("2026-04-13", "2026-05-13"), ("2026-04-03", "2026-05-06")])
def test_the_court_can_be_asked_for_thirty_days_and_the_last_one_rolls_over(effective: str, last: str) -> None:
    case = sign(case_at("agreement_drafted"), *MarkKind.values, now=at(effective))

    case = take(case, "conclude", "mediator_sun", now=at(effective))

    assert case.agreements.get().confirmation.last_day == date.fromisoformat(last)
    assert ClockMark.objects.get(case_id=case.pk, clock="judicial_confirmation").on == date.fromisoformat(effective)
    assert case.documents.filter(kind="confirmation_notice").exists()


def test_the_thirty_working_days_have_ended() -> None:
    case = case_at("performing")

    assert ClockMark.objects.filter(case_id=case.pk, clock="mediation").last().kind == "end"


@pytest.mark.rule("R11")
def test_what_both_sides_signed_after_the_last_day_does_not_take_effect() -> None:
    case = sign(case_at("agreement_drafted"), *MarkKind.values, now=at("2026-04-15"))

    with pytest.raises(Refused, match="视为调解不成"):
        take(case, "conclude", "mediator_sun", now=at("2026-04-15"))


@pytest.mark.rule("R11")
def test_when_both_sides_signed_in_time_mediator_and_seal_may_follow() -> None:
    case = sign(case_at("agreement_drafted"), "patient", "hospital", now=at("2026-04-14"))
    case = sign(case, "mediator", "seal", now=at("2026-04-15"))

    assert take(case, "conclude", "mediator_sun", now=at("2026-04-15")).state == "performing"


def two_hospitals() -> dict[str, Any]:
    codes_ = (HOSPITAL, OTHER_HOSPITAL)
    return {"respondents": tuple(Respondent(organisation(code), codes.Department.SURGERY) for code in codes_)}


def test_when_a_hospital_was_severed_the_dispute_is_partly_settled() -> None:
    case = case_at("under_review", **two_hospitals())
    case = take(case, "sever", "clerk_chen", hospital=organisation(OTHER_HOSPITAL), reason="该院不同意调解。")
    for step, by, facts in _to_the_marks(case):
        case = take(case, step, by, **facts)
    case = sign(case, *MarkKind.values, now=at("2026-03-02"))

    assert take(case, "conclude", "mediator_sun").outcome == "partly_settled"


def test_every_hospital_that_was_kept_signs() -> None:
    case = case_at("under_review", **two_hospitals())
    for step, by, facts in _to_the_marks(case):
        case = take(case, step, by, **facts)
    case = sign(case, "patient", "mediator", "seal", now=at("2026-03-02"))
    case = take(case, "mark", "mediator_sun", kind="hospital", hospital=organisation(HOSPITAL), paper=paper("协议"))

    with pytest.raises(Refused, match=f"尚缺签署：{organisation(OTHER_HOSPITAL).name}"):
        take(case, "conclude", "mediator_sun")


def _to_the_marks(case: Any) -> Any:
    """From review to a draft, whoever the hospitals are."""
    from tests.factories import no_other_route
    from tests.factories_mediation import meeting, seats, terms_of_several

    hospitals = [row.hospital for row in case.respondents.filter(kept=True)]
    yield "add_paper", "clerk_chen", {"kind": "identity", "side": "patient", "paper": paper("身份证")}
    for hospital in hospitals:
        yield (
            "record_consent",
            "clerk_chen",
            {"side": "hospital", "hospital": hospital, "means": "letter", "paper": paper("同意函")},
        )
    yield "declare_routes", "clerk_chen", no_other_route()
    yield "accept", "clerk_chen", {"paper": paper("受理审批表")}
    yield "assign", "director_xu", seats()
    yield "sign_rights_notice", "mediator_sun", {"side": "patient"}
    for hospital in hospitals:
        yield "sign_rights_notice", "mediator_sun", {"side": "hospital", "hospital": hospital}
    yield "convene", "mediator_sun", {"at": at("2026-03-05"), "place": "第一调解室"}
    yield "record_meeting", "mediator_sun", meeting()
    yield "draft_agreement", "mediator_sun", terms_of_several(hospitals)


def test_the_text_to_sign_has_a_number_and_no_date_of_effect() -> None:
    text = case_at("agreement_drafted").documents.get(kind="mediation_agreement")

    assert (text.edition, text.title) == ("to_sign", "人民调解协议书（签署文本）")
    assert text.number
    assert text.says["effective_on"] is text.says["issued_on"] is None
    assert text.says["signatures"] == []


def test_the_text_in_force_repeats_the_signed_one_under_its_number_with_the_days_of_the_marks() -> None:
    case = sign(case_at("agreement_drafted"), "hospital", "mediator", now=at("2026-03-03"))
    case = sign(case, "patient", "seal", now=at("2026-03-05"))
    moved = case.parties.get(kind="patient")
    moved.address = "此后更正的住址"
    moved.save()

    case = take(case, "conclude", "mediator_sun", now=at("2026-03-05"))

    signed, in_force = case.documents.filter(kind="mediation_agreement").order_by("pk")
    assert (in_force.title, in_force.number) == ("人民调解协议书（生效文本）", signed.number)
    assert in_force.says["effective_on"] == "2026-03-05"
    assert signed.state != "void"
    added = {"effective_on", "issued_on", "signatures"}
    assert {k: v for k, v in in_force.says.items() if k not in added} == {
        k: v for k, v in signed.says.items() if k not in added
    }
    assert [mark["on"] for mark in in_force.says["signatures"]] == ["2026-03-03"] * 2 + ["2026-03-05"] * 2
    assert case.documents.get(kind="confirmation_notice", side="patient").says["agreement_number"] == signed.number


def test_a_number_is_never_given_to_two_agreements() -> None:
    first, second = (case_at("performing").documents.filter(kind="mediation_agreement") for _ in range(2))

    assert not {text.number for text in first} & {text.number for text in second}


def test_it_takes_no_facts_but_the_marks() -> None:
    case = sign(case_at("agreement_drafted"), *MarkKind.values, now=at("2026-03-02"))

    assert move(case, "conclude", "mediator_sun").data["effective_on"] == "2026-03-02"
