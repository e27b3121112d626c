"""The forms of intake and review: each fits its case, and what is typed reaches the door as the effect's facts."""

import inspect
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from mediation.cases.forms import RegistrationForm
from mediation.cases.registration import register
from mediation.cases.stepform import FORMS, StepForm, form_of
from mediation.organisations.models import User
from tests.factories import (
    DAOJIAO,
    GAOBU,
    HOSPITAL,
    NOW,
    OTHER_HOSPITAL,
    TODAY,
    WALKS,
    brief,
    case_at,
    fresh,
    organisation,
    persona,
    registration,
)  # fmt: skip
from workflow import engine
from workflow.lifecycle import STEPS
from workflow.records import Event
from workflow.registry import EFFECTS, Refused

OURS = [
    "dispatch", "redirect", "divert", "mark_duplicate", "drop", "apply_directly", "step_in", "sign_for", "decline",
    "guide_to_apply", "escalate", "take_over", "send_back", "seek_consent", "consent_given", "consent_refused", "accept",
    "refuse", "withdraw", "log_contact", "extend_handling", "record_application", "record_consent", "declare_routes",
    "request_papers", "serve_notice", "add_paper", "substitute_party", "sever", "correct", "reveal",
]  # fmt: skip
NOT_FACTS = {"happened_on", "late_reason", "held", "title", "copy", "page_count", "more"}


def form(name: str, case: Any, user: User, data: dict[str, Any] | None = None, files: Any = None) -> StepForm:
    return form_of(STEPS[name])(data, files, case=case, user=user, today=TODAY)


@pytest.mark.parametrize("name", OURS)
def test_every_step_has_a_form_whose_fields_are_the_effects_facts(name: str) -> None:
    fields = set(FORMS[name].base_fields) - NOT_FACTS

    parameters = set(inspect.signature(EFFECTS[name]).parameters) - {"move"} if name in EFFECTS else set()
    assert fields == parameters


@pytest.mark.parametrize("name", OURS)
def test_every_form_shows_itself_for_a_case_that_may_take_the_step(name: str) -> None:
    state = next(state for state in STEPS[name].sources if state == "registered" or state in WALKS)

    shown = form(
        name,
        case_at(state, hospitals=(HOSPITAL, OTHER_HOSPITAL)) if name == "sever" else case_at(state),
        persona("clerk_chen"),
    )

    assert all(field.label for _, fields in shown.sections for field in fields)
    placed = [field.name for _, fields in shown.sections for field in fields]
    assert sorted(placed) == sorted(shown.fields)
    assert "<" in shown.as_p()


def test_dispatch_is_filled_in_from_hospital_and_address() -> None:
    prefilled = form("dispatch", case_at("registered"), persona("hotline_lin")).initial

    assert (prefilled["town"].code, prefilled["basis"], prefilled["residence_town"].code) == (
        DAOJIAO,
        "hospital",
        GAOBU,
    )


def test_a_typed_form_performs_its_step() -> None:
    case = case_at("registered")
    typed = form("dispatch", case, persona("hotline_lin"), {
        "happened_on": "2026-03-02", "town": organisation(DAOJIAO).pk, "basis": "hospital", "opinion": "请尽快联系"})  # fmt: skip
    assert typed.is_valid(), typed.errors

    engine.perform(case, "dispatch", by=persona("hotline_lin"), now=NOW, **typed.facts())

    assert fresh(case).state == "town_pending"


def test_the_brief_begins_with_what_is_on_file() -> None:
    prefilled = form("escalate", case_at("town_handling", is_major=True), persona("town_wang")).initial

    assert (prefilled["reasons"], prefilled["contact_name"], prefilled["contact_phone"]) == (
        ["major"],
        "王示例",
        "0769-22000000",
    )


@pytest.mark.parametrize("typed", ["2026-00001", "东医纠〔2026〕1号", " 2026-1 "])
def test_a_case_number_is_read_as_people_write_it(typed: str) -> None:
    original, case = case_at("town_handling"), case_at("registered")
    filled = form(
        "mark_duplicate",
        case,
        persona("hotline_lin"),
        {"happened_on": "2026-03-02", "original": typed, "reason": "同一件事"},
    )

    assert filled.is_valid(), filled.errors
    assert filled.cleaned_data["original"] == original


def test_a_number_of_a_case_one_may_not_see_is_the_same_as_none() -> None:
    case_at("registered", desk="441900102", by="town_zhao")
    filled = form("mark_duplicate", case_at("town_handling"), persona("town_wang"),
                  {"happened_on": "2026-03-02", "original": "2026-00001", "reason": "同一件事"})  # fmt: skip

    assert filled.errors["original"] == ["没有这件案件"]


def test_a_paper_in_the_folder_needs_no_scan() -> None:
    filled = form("guide_to_apply", case_at("town_handling"), persona("town_wang"),
                  {"happened_on": "2026-03-02", "by_side": "patient", "form": "oral", "held": "口头申请记录"})  # fmt: skip
    assert filled.is_valid(), filled.errors

    filed = filled.facts()["paper"]

    assert (filed.title, filed.copy, filed.stored) == ("口头申请记录", "original", "")


def test_an_uploaded_paper_is_stored_under_the_name_that_was_typed() -> None:
    png = BytesIO()
    Image.new("RGB", (4, 4)).save(png, "PNG")
    filled = form("add_paper", case_at("under_review"), persona("clerk_chen"),
                  {"happened_on": "2026-03-02", "kind": "identity", "side": "patient", "title": "身份证", "copy": "copy"},
                  {"paper": SimpleUploadedFile("scan.png", png.getvalue())})  # fmt: skip
    assert filled.is_valid(), filled.errors

    filed = filled.facts()["paper"]

    assert (filed.title, filed.mime) == ("身份证", "image/png")
    assert filed.stored
    assert filed.sha256


def test_a_liaison_is_offered_the_own_hospital() -> None:
    case = case_at("awaiting_consent", hospitals=(HOSPITAL, OTHER_HOSPITAL))

    prefilled = form("consent_given", case, persona("liaison_other")).initial

    assert (prefilled["side"], prefilled["hospital"].code) == ("hospital", OTHER_HOSPITAL)


TYPED = {
    "source": "hotline", "received_on": "2026-03-02", "patient_name": "甄示例", "phone": "138-0000-0001", "relation": "self",
    "id_kind": "none", "sex": "unknown", "category": "medical_dispute", "summary": "术后感染", "demands": ["compensation"],
}  # fmt: skip


def registration_form(**changes: Any) -> RegistrationForm:
    user = persona("hotline_lin")
    desks = [organisation("hotline")]
    typed = TYPED | {"desk": desks[0].pk, "hospital": organisation(HOSPITAL).pk} | changes
    return RegistrationForm(typed, user=user, today=TODAY, desks=desks)


def test_the_registration_form_registers() -> None:
    filled = registration_form()
    assert filled.is_valid(), filled.errors

    case = register(filled.registration(), by=persona("hotline_lin"), now=NOW)

    party = case.parties.get()
    assert (party.kind, party.phone, party.is_claimant, case.state) == ("patient", "13800000001", True, "registered")


def test_what_must_be_there_is_asked_for() -> None:
    filled = registration_form(patient_name="", hospital="", summary="", demands=[])

    assert {"patient_name", "hospital", "summary", "demands"} <= set(filled.errors)


def test_a_number_that_cannot_be_right_stops_unless_it_was_told_so() -> None:
    assert "phone" in registration_form(phone="12345").errors
    assert "id_no" in registration_form(id_kind="id_card", id_no="441900198505201230").errors

    assert registration_form(phone="12345", unverified="on").is_valid()


def test_the_certificate_tells_birthday_and_sex() -> None:
    filled = registration_form(id_kind="id_card", id_no="11010519491231002X")
    assert filled.is_valid(), filled.errors

    patient = filled.registration().people[0]

    assert (patient.born_on, patient.sex) == (date(1949, 12, 31), "female")


@pytest.mark.rule("R33")
def test_a_confidential_caller_is_hidden_and_the_patient_is_not() -> None:
    filled = registration_form(
        relation="spouse", caller_name="贾示例", caller_phone="13800000002", is_confidential="on"
    )
    assert filled.is_valid(), filled.errors

    patient, caller = filled.registration().people

    assert (patient.is_hidden, caller.is_hidden, caller.kind) == (False, True, "relative")


def test_an_anonymous_caller_needs_no_name() -> None:
    filled = registration_form(patient_name="", phone="", is_anonymous="on")
    assert filled.is_valid(), filled.errors

    assert filled.registration().people[0].name == "匿名"


def test_the_dead_patient_claims_nothing_the_relative_does() -> None:
    filled = registration_form(harm="death", relation="child", caller_name="甄继承")
    assert filled.is_valid(), filled.errors

    assert [person.is_claimant for person in filled.registration().people] == [False, True]


def test_the_order_knows_the_caller_and_the_operator_says_whether_that_is_the_patient() -> None:
    caller = {"patient_name": "", "phone": "", "caller_name": "甄示例", "caller_phone": "13800000001"}
    assert "relation" in registration_form(**caller, relation="").errors
    assert "patient_name" in registration_form(**caller, relation="child").errors
    assert "caller_name" in registration_form(**caller | {"patient_name": "贾示例"}, relation="self").errors

    filled = registration_form(**caller, relation="self")
    assert filled.is_valid(), filled.errors

    (patient,) = filled.registration().people
    assert (patient.name, patient.phone) == ("甄示例", "13800000001")


def test_nobody_was_born_after_the_matter_was_received() -> None:
    filled = registration_form(born_on="2026-03-03", relation="parent", caller_name="甄母亲")
    assert filled.is_valid(), filled.errors

    with pytest.raises(Refused, match="出生日期不能晚于 2026-03-02") as refused:
        register(filled.registration(), by=persona("hotline_lin"), now=NOW)

    assert refused.value.field == "born_on"


@pytest.mark.parametrize(
    ("typed", "yuan"),
    [("12,345.50", "12345.50"), ("１２３４５．５", "12345.5"), ("￥1,234,567元", "1234567"), (" 300 元 ", "300")],
)
def test_an_amount_may_be_typed_as_pages_show_it(typed: str, yuan: str) -> None:
    filled = registration_form(claimed_amount=typed)
    assert filled.is_valid(), filled.errors
    assert filled.cleaned_data["claimed_amount"] == Decimal(yuan)


@pytest.mark.parametrize("typed", ["1,5", "12,34", "1.234,50", "一千"])
def test_an_amount_that_could_mean_two_things_is_refused(typed: str) -> None:
    assert "claimed_amount" in registration_form(claimed_amount=typed).errors


@pytest.mark.parametrize("day", ["0001-01-01", "1020-03-02", "9999-12-31"])
def test_a_year_that_nobody_can_mean_is_refused_in_every_date(day: str) -> None:
    assert "born_on" in registration_form(born_on=day).errors
    assert "received_on" in registration_form(received_on=day).errors


def test_a_registration_entered_late_says_why_and_is_listed() -> None:
    early = {"received_on": "2026-02-09", "occurred_on": "2026-02-08"}
    filled = registration_form(**early)
    assert filled.is_valid(), filled.errors
    with pytest.raises(Refused, match="请写明补录原因") as refused:
        register(filled.registration(), by=persona("hotline_lin"), now=NOW)
    assert refused.value.field == "late_reason"

    filled = registration_form(**early, late_reason="春节前来访登记本补录")
    assert filled.is_valid(), filled.errors
    case = register(filled.registration(), by=persona("hotline_lin"), now=NOW)

    event = Event.objects.get(chain=case.chain)
    assert event.data["backdated"] > 3
    assert "登记本" not in str(event.data)


def test_nothing_was_received_before_the_regulation() -> None:
    with pytest.raises(Refused, match="不能早于条例施行之日 2018-10-01"):
        register(registration(received_on=date(2018, 9, 30), occurred_on=None), by=persona("hotline_lin"), now=NOW)


def test_a_minors_parent_is_the_guardian_and_speaks_for_the_child() -> None:
    """民法典 27."""
    filled = registration_form(relation="parent", caller_name="甄母亲", born_on="2020-05-01")
    assert filled.is_valid(), filled.errors

    case = register(filled.registration(), by=persona("hotline_lin"), now=NOW)

    guardian = case.parties.get(kind="guardian")
    assert guardian.represents == case.parties.get(kind="patient")


def test_several_hospitals_are_named_once_each() -> None:
    others = [organisation(HOSPITAL).pk, organisation(OTHER_HOSPITAL).pk]
    filled = registration_form(other_hospitals=others)
    assert filled.is_valid(), filled.errors

    assert [one.hospital.code for one in filled.registration().respondents] == [HOSPITAL, OTHER_HOSPITAL]


def test_only_the_persons_own_desks_are_offered() -> None:
    assert "desk" in registration_form(desk=organisation("committee").pk).errors


def test_a_brief_is_complete_in_the_form_too() -> None:
    filled = form("escalate", case_at("town_handling"), persona("town_wang"), {"happened_on": "2026-03-02", **brief()})

    assert filled.is_valid(), filled.errors


@pytest.mark.django_db
def test_no_list_begins_with_a_row_of_hyphens() -> None:
    case, clerk = case_at("performing"), persona("clerk_chen")
    for name, kind in FORMS.items():
        assert "---" not in kind(case=case, user=clerk, today=TODAY).as_p(), name


@pytest.mark.django_db
def test_the_name_of_an_uploaded_file_is_no_title() -> None:
    png = BytesIO()
    Image.new("RGB", (5, 5)).save(png, "PNG")
    filled = form("guide_to_apply", case_at("town_handling"), persona("town_wang"),
                  {"happened_on": "2026-03-02", "by_side": "patient", "form": "written"},
                  {"paper": SimpleUploadedFile("甄示例441900198505201248.png", png.getvalue())})  # fmt: skip
    assert filled.is_valid(), filled.errors

    assert filled.facts()["paper"].title == ""  # the door calls it by its kind
