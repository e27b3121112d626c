"""request_papers, add_paper, serve_notice."""

from dataclasses import replace
from datetime import date

import pytest

from tests.factories import HOSPITAL, OTHER_HOSPITAL, at, case_at, organisation, paper, take
from workflow.registry import Refused


def test_the_patient_has_five_days_the_hospital_three() -> None:
    case = take(case_at("under_review"), "request_papers", "clerk_chen", side="both", wanted=["identity", "fees"])

    assert {(one.side, one.due_on) for one in case.paper_requests.all()} == {
        ("patient", date(2026, 3, 9)), ("hospital", date(2026, 3, 5)),
    }  # fmt: skip
    assert case.documents.filter(kind="papers_request").count() == 2
    assert case.state == "under_review"


def test_a_request_names_what_is_missing() -> None:
    with pytest.raises(Refused, match="请列明缺少的材料"):
        take(case_at("under_review"), "request_papers", "clerk_chen", side="patient", wanted=[])


def test_a_liaison_hands_in_for_the_hospital_only() -> None:
    records = {"kind": "records", "paper": paper("住院病历")}
    with pytest.raises(Refused, match="只登记医方提交的材料"):
        take(case_at("under_review"), "add_paper", "liaison_he", side="patient", **records)

    case = take(case_at("under_review"), "add_paper", "liaison_he", side="hospital", **records)

    assert case.papers.get(kind="records").title == "住院病历"


def test_the_facts_of_the_step_keep_what_the_paper_was() -> None:
    scan = replace(paper("病历首页"), sha256="b" * 64)

    case = take(case_at("under_review"), "add_paper", "clerk_chen", kind="records", side="hospital", paper=scan)

    kept = case.step_facts.get(seq=case.version).facts["paper"]
    assert (kept["title"], kept["sha256"], kept["uid"]) == ("病历首页", "b" * 64, str(scan.uid))


def test_the_same_file_is_not_filed_twice() -> None:
    scan = replace(paper("票据"), sha256="a" * 64, stored="x")
    case = take(case_at("under_review"), "add_paper", "clerk_chen", kind="fees", side="patient", paper=scan)
    with pytest.raises(Refused, match="已经登记过了"):
        take(case, "add_paper", "clerk_chen", kind="fees", side="patient", paper=replace(scan, title="票据二"))


def test_a_closed_case_still_takes_papers() -> None:
    case = take(
        case_at("registered"), "mark_duplicate", "hotline_lin", original=case_at("town_handling"), reason="同一件事"
    )

    assert take(case, "add_paper", "hotline_lin", kind="other", paper=paper()).papers.count() == 1


def test_only_a_document_made_out_to_that_side_is_served() -> None:
    case = case_at("awaiting_consent")
    with pytest.raises(Refused, match="没有向该方出具过这种文书"):
        take(case, "serve_notice", "clerk_chen", document="consent_request", side="patient", means="message")

    case = take(case, "serve_notice", "clerk_chen", document="consent_request", side="hospital", means="message")

    service = case.services.get()
    assert (service.hospital.code, service.on) == (HOSPITAL, date(2026, 3, 2))
    assert case.documents.get(kind="consent_request").state == "served"


def test_a_letter_needs_its_proof() -> None:
    case = case_at("awaiting_consent")
    with pytest.raises(Refused, match="须附送达凭据"):
        take(case, "serve_notice", "clerk_chen", document="consent_request", side="hospital", means="letter")

    case = take(
        case,
        "serve_notice",
        "clerk_chen",
        document="consent_request",
        side="hospital",
        means="letter",
        paper=paper("回证"),
    )

    assert case.services.get().paper.kind == "service"


def test_nothing_is_served_before_it_is_dated() -> None:
    case = take(case_at("under_review", now=at("2026-03-02")), "seek_consent", "clerk_chen", now=at("2026-03-04"))
    with pytest.raises(Refused, match="不能早于文书日期 2026-03-04"):
        take(case, "serve_notice", "clerk_chen", now=at("2026-03-05"), happened_on=date(2026, 3, 3),
             document="consent_request", side="hospital", means="message")  # fmt: skip


def test_of_two_hospitals_the_one_served_is_named() -> None:
    case = case_at("awaiting_consent", hospitals=(HOSPITAL, OTHER_HOSPITAL))
    with pytest.raises(Refused, match="请选择是哪一家"):
        take(case, "serve_notice", "clerk_chen", document="consent_request", side="hospital", means="message")

    case = take(case, "serve_notice", "clerk_chen", document="consent_request", side="hospital", means="message",
                hospital=organisation(OTHER_HOSPITAL))  # fmt: skip

    states = {one.hospital.code: one.state for one in case.documents.filter(kind="consent_request")}
    assert (states[OTHER_HOSPITAL], states[HOSPITAL] == "served") == ("served", False)
