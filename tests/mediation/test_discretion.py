"""Nobody is shown in clear, and a caller who asked to stay hidden is found by no town and no hospital (A6, R33)."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from mediation.cases import codes
from mediation.cases.case import DisputeCase
from mediation.cases.registration import Person
from mediation.privacy.discretion import discreet
from mediation.privacy.identity import IdKind
from tests.factories import HOSPITAL, OTHER_HOSPITAL, PATIENT, case_at, organisation, persona, take
from workflow.registry import Refused

pytestmark = pytest.mark.django_db

PHONE, ID_NO, STRANGER = "13800000001", "441900198505201248", "13911112222"
NAMED = replace(PATIENT, id_kind=IdKind.ID_CARD, id_no=ID_NO)
HIDDEN = replace(NAMED, is_hidden=True)
SUMMARY = f"甄示例（{ID_NO}，电话{PHONE}，住东莞市高埗镇示例路1号）反映术后感染，转告邻居{STRANGER}。"
SECRETS = ("甄示例", PHONE, ID_NO, "示例路1号", STRANGER)
OUTSIDE = ("town_wang", "liaison_he", "town_of_residence")
EVERYBODY = (*OUTSIDE, "hotline_lin", "clerk_chen", "supervisor_zhou")


def client_of(who: str) -> Client:
    client = Client()
    client.force_login(persona(who))
    return client


def dispute(state: str = "town_handling", *, hidden: bool = False, **how: object) -> DisputeCase:
    return case_at(
        state, people=(HIDDEN if hidden else NAMED,), summary=SUMMARY, is_confidential=hidden,
        residence_town=organisation("441900129"), **how,
    )  # fmt: skip


@pytest.mark.rule("R33")
@pytest.mark.parametrize("who", EVERYBODY)
def test_the_summary_is_masked_on_page_and_print(who: str) -> None:
    case, client = dispute(), client_of(who)
    for path in (f"/cases/{case.number}/", f"/cases/{case.number}/print/"):
        said = client.get(path).content.decode()
        assert "反映术后感染" in said
        assert [secret for secret in SECRETS if secret in said] == []


def test_the_whole_summary_is_shown_for_a_reason_and_never_to_those_the_caller_hides_from() -> None:
    case = dispute()
    told = client_of("liaison_he").post(
        f"/cases/{case.number}/reveal/", {"target": "case.summary", "reason": "核对病区", "happened_on": "", "version": case.version}
    )  # fmt: skip
    assert told.status_code in (200, 422)
    take(case, "reveal", "liaison_he", target="case.summary", reason="核对病区")

    case = dispute(hidden=True)
    for who in ("town_wang", "liaison_he"):
        with pytest.raises(Refused, match="来电人要求保密"):
            take(case, "reveal", who, target="case.summary", reason="核对")
    take(case, "reveal", "clerk_chen", target="case.summary", reason="核对")


@pytest.mark.parametrize("step", ["settle_locally", "settle_by_town_committee"])
def test_a_form_does_not_begin_with_what_has_to_be_revealed(step: str) -> None:
    said = client_of("town_wang").get(f"/cases/{dispute().number}/{step}/").content.decode()
    assert [secret for secret in SECRETS if secret in said] == []


@pytest.mark.parametrize("who", OUTSIDE)
def test_a_hidden_patient_has_no_name_for_town_and_hospital(who: str) -> None:
    case, client = dispute(hidden=True), client_of(who)
    for path in (f"/cases/{case.number}/", f"/cases/{case.number}/print/", f"/cases/{case.number}/tab/parties/", "/cases/"):  # fmt: skip
        said = client.get(path).content.decode()
        assert "要求保密" in said, path
        assert [word for word in (*SECRETS, "甄**", "138****0001") if word in said] == [], path
    sheet = load_workbook(BytesIO(client.get("/cases/export/").content)).active
    assert [str(cell.value) for cell in sheet["E"]] == ["患方", "要求保密"]
    assert "甄**" in client_of("clerk_chen").get("/cases/").content.decode()


@pytest.mark.parametrize("step", ["reveal", "correct", "substitute_party"])
def test_no_choice_names_the_hidden(step: str) -> None:
    case = dispute(hidden=True)
    assert "甄**" not in client_of("town_wang").get(f"/cases/{case.number}/{step}/").content.decode()
    assert "甄**" in client_of("clerk_chen").get(f"/cases/{case.number}/{step}/").content.decode()


@pytest.mark.parametrize("words", ["甄示例", PHONE, ID_NO])
def test_searching_for_a_hidden_caller_tells_nothing(words: str) -> None:
    case = dispute(hidden=True)
    DisputeCase.objects.filter(pk=case.pk).update(received_on=timezone.localdate())  # the panel looks back 90 days
    typed = {"patient_name": words, "phone": words, "id_no": words, "hospital": case.respondents.get().hospital_id}
    for who, finds in (("town_wang", False), ("liaison_he", False), ("hotline_lin", True), ("clerk_chen", True)):
        client = client_of(who)
        searched = client.post("/search/", {"q": words}, follow=True)
        assert (case.title in searched.content.decode()) is finds, who
        if who != "liaison_he":
            assert (case.title in client.post("/cases/new/similar/", typed).content.decode()) is finds, who


def test_who_called_in_confidence_is_not_uncovered_by_a_correction() -> None:
    case = dispute(hidden=True)
    party = case.parties.get()
    for target, value in ((f"party-{party.pk}.is_hidden", "否"), ("case.is_confidential", "否"), (f"party-{party.pk}.name", "甄示例"),
                          ("case.summary", "改写")):  # fmt: skip
        with pytest.raises(Refused, match="由12345或市医调委更正"):
            take(case, "correct", "town_wang", target=target, value=value, reason="更正")
    take(case, "correct", "hotline_lin", target="case.is_confidential", value="否", reason="本人同意公开")


@pytest.mark.parametrize(
    ("state", "kind"), [("agreement_drafted", "mediation_agreement"), ("awaiting_assignment", "acceptance_notice")]
)
def test_statutory_papers_name_the_parties_of_a_confidential_case(state: str, kind: str) -> None:
    case = dispute(state, hidden=True)
    said = [str(document.says) for document in case.documents.filter(kind=kind)]
    assert said
    for text in said:
        assert "甄示例" in text
        assert "要求保密" not in text


def test_brief_and_reply_of_a_confidential_case_do_not() -> None:
    brief = dispute("escalated", hidden=True).documents.get(kind="escalation_brief")
    assert [secret for secret in SECRETS if secret in str(brief.says)] == []
    open_brief = dispute("escalated").documents.get(kind="escalation_brief")
    assert "甄示例" in str(open_brief.says)


def test_a_hidden_neighbour_who_called_stands_in_no_paper() -> None:
    caller = Person(kind=codes.PartyKind.CALLER, name="匿示例", phone="13800009988", relation="邻居", is_hidden=True)
    case = case_at("awaiting_assignment", people=(caller, replace(NAMED, is_claimant=False)), is_confidential=True)
    texts = [str(document.says) for document in case.documents.all()]
    assert any("甄示例" in text for text in texts)
    assert not any("匿示例" in text for text in texts)


def test_a_notice_of_a_case_that_has_moved_on_is_not_counted() -> None:
    from mediation.cases.pages.shell import unread

    case = case_at("town_pending")
    town = persona("town_wang")
    assert unread(town) == 1

    take(case, "redirect", "clerk_chen", town=organisation("441900129"), reason="wrong_town", note="派错")

    assert unread(town) == 0
    assert client_of("town_wang").get("/notices/").context["rows"] == []


@pytest.mark.parametrize(("text", "shown"), [
    ("电话13800000001", "电话138****0001"), ("证件441900198505201248", "证件441900********1248"),
    ("座机0769-22860001", "座机0769-2286****"), ("甄示例一家与甄示例", "甄**一家与甄**"), ("单号202603020001", "单号202603020001"),
])  # fmt: skip
def test_free_text_keeps_its_sense_and_loses_its_people(text: str, shown: str) -> None:
    assert discreet(text, {"甄示例": "甄**", "": "x", "一": "x"}) == shown


def test_hospitals_for_two() -> None:
    """A liaison of either hospital finds a case whose patient hides from nobody."""
    case = dispute(hospitals=(HOSPITAL, OTHER_HOSPITAL))
    for who in ("liaison_he", "liaison_other"):
        assert case.title in client_of(who).post("/search/", {"q": "甄示例"}, follow=True).content.decode()
