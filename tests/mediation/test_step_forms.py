"""The forms of mediation, agreement and closing: their fields are the facts of the effect, and reach the door as such."""

from __future__ import annotations

import inspect
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from mediation.cases.case import CaseHospital, DisputeCase
from mediation.cases.stepform import FORMS, StepForm, form_of
from mediation.settlement.terms import Terms
from tests.factories import OTHER_HOSPITAL, PATIENT, RELATIVE, TODAY, at, case_at, organisation, paper, persona, take
from tests.factories_mediation import appraisal, failed, terms, visited
from workflow import engine
from workflow.lifecycle import STEPS
from workflow.registry import EFFECTS

pytestmark = pytest.mark.django_db
STATES = {
    "assign": "awaiting_assignment", "reassign": "investigating", "sign_rights_notice": "investigating",
    "record_investigation": "investigating", "convene": "investigating", "record_meeting": "in_mediation",
    "start_appraisal": "investigating", "finish_appraisal": "under_appraisal", "extend": "in_mediation",
    "draft_agreement": "in_mediation", "redraft": "agreement_drafted", "mark": "agreement_drafted",
    "conclude": "agreement_drafted", "amend": "performing", "refuse_mediation": "investigating", "fail": "in_mediation",
    "confirm_lapse": "lapsed", "restore": "lapsed", "terminate": "in_mediation", "resolve": "town_handling",
    "settle_locally": "town_handling", "settle_by_town_committee": "town_handling", "record_payment": "performing",
    "performed": "performing", "default": "performing", "confirmation_dismissed": "performing", "visit": "follow_up",
    "submit_dossier": "closing", "close": "closing",
}  # fmt: skip


def form_for(case: DisputeCase, step: str, data: dict[str, Any] | None = None) -> StepForm:
    posted = None if data is None else {"happened_on": TODAY.isoformat()} | data
    return form_of(STEPS[step])(posted, case=case, user=persona("mediator_sun"), today=TODAY)


def submit(case: DisputeCase, step: str, by: str, **data: Any) -> DisputeCase:
    """Fill in the form as a browser would, and take the facts to the door."""
    form = form_for(case, step, data)
    assert form.is_valid(), form.errors
    return DisputeCase.objects.get(
        pk=engine.perform(case, step, by=persona(by), now=at("2026-03-02"), **form.facts()).case.pk
    )


@pytest.mark.parametrize("step", sorted(STATES))
def test_what_a_form_asks_is_laid_out_and_is_what_its_effect_takes(step: str) -> None:
    form = form_for(case_at(STATES[step]), step)
    asked = {_fact(step, name) for name in form.fields} - {"happened_on", "late_reason"}
    parameters = inspect.signature(EFFECTS[step]).parameters
    taken = {name for name, one in parameters.items() if one.kind is one.KEYWORD_ONLY}
    if any(one.kind is one.VAR_KEYWORD for one in parameters.values()):
        taken |= set(Terms.__dataclass_fields__)
    optional = {name for name, one in parameters.items() if one.default is not one.empty}

    assert step in FORMS
    assert asked <= taken
    assert taken - asked <= optional
    _is_laid_out_once_in_chinese(form)


def _fact(step: str, name: str) -> str:
    if name.startswith("instalment_"):
        return "instalments"
    return (
        "items"
        if step == "submit_dossier" and name.endswith(("_standing", "_pages", "_reason")) and name != "late_reason"
        else name
    )


def _is_laid_out_once_in_chinese(form: StepForm) -> None:
    shown = [field.name for _, fields in form.sections for field in fields]

    assert sorted(shown) == sorted(form.fields)
    assert all(any("\u4e00" <= letter <= "\u9fff" for letter in str(form[name].label)) for name in shown)


def test_the_form_of_assignment_shows_the_load_and_reaches_the_door() -> None:
    persona("mediator_two")
    case_at("investigating")
    case = case_at("awaiting_assignment")
    form = form_for(case, "assign")

    assert "孙示例（在办 1 件，最近到期 2026-04-14，剩 30 个工作日）" in str(form["lead"])
    assert [row.user.full_name for row in form.load] == ["何示例", "孙示例"]  # type: ignore[attr-defined]

    sun, two = persona("mediator_sun").pk, persona("mediator_two").pk
    case = submit(case, "assign", "director_xu", lead=sun, others=[two], chosen="appointed", no_conflict="on")
    assert case.assignments.count() == 2


TERMS = {
    "facts": "事实。", "issues": "争议。", "responsibility": "责任。", "content": "内容。", "total_amount": "300.00",
    "hospital_amount": "300.00", "manner": "transfer", "place": "东莞市", "perform_by": "2026-05-01",
}  # fmt: skip


def test_empty_rows_of_the_instalment_table_are_ignored() -> None:
    case = submit(case_at("in_mediation"), "draft_agreement", "mediator_sun", **TERMS, instalment_1_payer="hospital", instalment_1_amount="100.00", instalment_1_due_on="2026-03-31", instalment_4_payer="hospital", instalment_4_amount="200.00", instalment_4_due_on="2026-04-30", instalment_5_payer="", instalment_5_amount="", instalment_5_due_on="")  # fmt: skip

    rows = case.agreements.get().instalments.order_by("number")
    assert [(row.number, row.amount, row.due_on) for row in rows] == [
        (1, Decimal("100.00"), date(2026, 3, 31)), (2, Decimal("200.00"), date(2026, 4, 30))
    ]  # fmt: skip


def test_a_row_is_whole_or_empty() -> None:
    form = form_for(case_at("in_mediation"), "draft_agreement", TERMS | {"instalment_2_amount": "300.00"})

    assert not form.is_valid()
    assert set(form.errors) == {"instalment_2_payer", "instalment_2_due_on"}


def test_there_are_six_rows_and_more_when_more_were_posted() -> None:
    case = case_at("in_mediation")

    assert "instalment_6_payer" in form_for(case, "draft_agreement").fields
    assert "instalment_7_payer" not in form_for(case, "draft_agreement").fields
    assert "instalment_9_payer" in form_for(case, "draft_agreement", {"instalment_9_amount": "1.00"}).fields
    assert "instalment_61_payer" not in form_for(case, "draft_agreement", {"instalment_99_amount": "1.00"}).fields


def test_a_new_draft_begins_with_the_last_one() -> None:
    case = take(case_at("agreement_drafted"), "redraft", "mediator_sun", note="金额重新商议。")
    form = form_for(case, "draft_agreement")

    assert form["content"].value() == terms()["content"]
    assert (form["instalment_2_payer"].value(), form["instalment_2_amount"].value()) == ("insurer", Decimal("60000.00"))


def test_with_several_hospitals_the_payer_is_chosen_with_its_hospital() -> None:
    case, other = case_at("in_mediation"), organisation(OTHER_HOSPITAL)
    assert ("insurer", "保险公司") in form_for(case, "draft_agreement").fields["instalment_1_payer"].choices  # type: ignore[attr-defined]
    CaseHospital(case=case, hospital=other).save(force_insert=True)
    case = take(
        case, "record_consent", "mediator_sun", side="hospital", hospital=other, means="letter", paper=paper("同意函")
    )
    typed = {"instalment_1_payer": f"humanitarian-{other.pk}", "instalment_1_amount": "5.00", "instalment_1_due_on": "2026-03-31",
             "instalment_2_payer": f"hospital-{other.pk}", "instalment_2_amount": "300.00", "instalment_2_due_on": "2026-03-31"}  # fmt: skip

    choices = dict(form_for(case, "draft_agreement").fields["instalment_1_payer"].choices)  # type: ignore[attr-defined]
    case = submit(case, "draft_agreement", "mediator_sun", **TERMS, humanitarian_amount="5.00", **typed)

    assert choices[f"insurer-{other.pk}"] == f"{other.name}的承保保险公司支付"
    assert "hospital" not in choices
    rows = case.agreements.get().instalments.order_by("number")
    assert [(row.payer, row.hospital) for row in rows] == [("humanitarian", other), ("hospital", other)]
    case = take(case, "redraft", "mediator_sun", note="金额重新商议。")
    assert form_for(case, "draft_agreement")["instalment_2_payer"].value() == f"hospital-{other.pk}"


@pytest.mark.rule("R21")
def test_nothing_is_written_beforehand_in_a_visit() -> None:
    form = form_for(case_at("follow_up"), "visit")

    assert {name for name in form.fields if form[name].value() not in (None, "")} == {"happened_on"}


@pytest.mark.rule("R21")
def test_answers_that_were_not_given_stay_open() -> None:
    case = submit(case_at("follow_up"), "visit", "mediator_sun", began="09:00", side="patient", person="甄示例", means="phone",
                  reached="yes", result="已收到款项。", satisfaction="", is_solved="")  # fmt: skip

    visit = case.visits.get()
    assert (visit.reached, visit.satisfaction, visit.is_solved) == (True, "", None)


def test_while_the_clock_stands_still_no_date_is_asked() -> None:
    running, stopped = (
        case_at("in_mediation"),
        take(case_at("investigating"), "start_appraisal", "mediator_sun", **appraisal()),
    )

    assert "until" in form_for(running, "extend").fields
    assert "until" not in form_for(stopped, "extend").fields


def test_only_the_claimants_and_hospitals_of_the_case_can_sign() -> None:
    case, _ = case_at("agreement_drafted", people=(PATIENT, RELATIVE)), case_at("agreement_drafted")
    form = form_for(case, "mark")

    assert set(form.fields["party"].queryset) == set(case.parties.all())  # type: ignore[attr-defined]
    assert set(form.fields["hospital"].queryset) == {case.respondents.get().hospital}  # type: ignore[attr-defined]
    assert "甄示例" not in str(form["party"])


def test_the_day_of_effect_is_proposed() -> None:
    case = take(case_at("agreement_drafted"), "mark", "mediator_sun", now=at("2026-03-04"), kind="seal", paper=_scan())

    assert form_for(case, "conclude")["happened_on"].value() == date(2026, 3, 4)


def _scan() -> Any:
    from tests.factories import paper

    return paper("已签署的协议")


def test_the_checklist_says_what_is_demanded_and_what_was_recognised() -> None:
    form = form_for(failed(start="investigating"), "submit_dossier")

    assert form["application_standing"].value() == "present"
    assert "必备；系统已识别：申请登记 1 份" in str(form["application_standing"].help_text)
    assert "必备；系统没有识别到" in str(form["meeting_standing"].help_text)
    assert "有则归入" in str(form["proxy_standing"].help_text)


def test_the_checklist_reaches_the_door_as_it_is_shown() -> None:
    case = visited()
    form = form_for(case, "submit_dossier")
    shown = {name: form[name].value() or "" for name in form.fields if name != "happened_on"}

    case = submit(case, "submit_dossier", "mediator_sun", **shown)
    assert case.dossier_items.filter(standing="present").count() == 9


def test_the_period_of_keeping_is_proposed() -> None:
    assert form_for(visited(), "close")["retention"].value() == "30"


def test_names_are_typed_one_a_line_or_parted_by_commas() -> None:
    case = submit(case_at("in_mediation"), "record_meeting", "mediator_sun", began="09:00", place="第一调解室", recorder="何示例",
                  patient_present="甄示例、贾示例\n示例律师", hospital_present="何联络，钱医师", objection="无异议。", content="笔录。",
                  result="again")  # fmt: skip

    assert case.meetings.get().attendance == {
        "patient": ["甄示例", "贾示例", "示例律师"], "hospital": ["何联络", "钱医师"], "others": []
    }  # fmt: skip
