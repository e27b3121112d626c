"""seek_consent, consent_given, consent_refused, record_consent: nobody is mediated against their will (条例 31 ¶1; R01)."""

from datetime import date

import pytest

from mediation.cases.case import DisputeCase
from tests.factories import HOSPITAL, OTHER_HOSPITAL, at, case_at, organisation, paper, take
from workflow.registry import NotAllowed, Refused

YES = {"side": "hospital", "means": "letter", "paper": paper("同意函")}
BOTH_HOSPITALS = (HOSPITAL, OTHER_HOSPITAL)


def served(case: DisputeCase, times: int) -> DisputeCase:
    for _ in range(times):
        case = take(case, "serve_notice", "clerk_chen", document="consent_request", side="hospital", means="message")
    return case


def test_the_letter_goes_to_whoever_has_not_agreed() -> None:
    case = case_at("awaiting_consent")

    assert (case.state, case.due_on) == ("awaiting_consent", date(2026, 3, 9))
    assert [(one.kind, one.side) for one in case.documents.filter(kind="consent_request")] == [
        ("consent_request", "hospital")
    ]


@pytest.mark.rule("R01")
def test_once_all_agree_nobody_is_asked() -> None:
    case = take(case_at("under_review"), "record_consent", "clerk_chen", **YES)
    with pytest.raises(Refused, match="双方均已同意"):
        take(case, "seek_consent", "clerk_chen")


def test_consent_brings_the_case_back_without_a_new_review() -> None:
    case = take(case_at("awaiting_consent"), "consent_given", "clerk_chen", now=at("2026-03-04"), **YES)

    assert (case.state, case.due_on) == ("under_review", date(2026, 3, 5))  # three days from 2 March
    assert case.consents.get().given


def test_the_desk_needs_evidence_the_liaison_is_the_evidence() -> None:
    with pytest.raises(Refused, match="凭据"):
        take(case_at("awaiting_consent"), "consent_given", "clerk_chen", side="hospital", means="phone")

    case = take(case_at("awaiting_consent"), "consent_given", "liaison_he", side="hospital", means="letter")

    assert case.consents.get().hospital.code == HOSPITAL


def test_a_liaison_speaks_for_the_own_hospital_only() -> None:
    case = case_at("awaiting_consent", hospitals=BOTH_HOSPITALS)
    with pytest.raises(Refused, match="只能登记本医院的意见"):
        take(
            case, "consent_given", "liaison_he", side="hospital", hospital=organisation(OTHER_HOSPITAL), means="letter"
        )
    with pytest.raises(Refused, match="只能登记本医院的意见"):
        take(case, "record_consent", "liaison_he", side="patient", means="letter")


def test_consent_is_not_older_than_the_application() -> None:
    case = case_at("town_handling", now=at("2026-03-02"))
    case = take(
        case, "guide_to_apply", "town_wang", now=at("2026-03-04"), by_side="patient", form="written", paper=paper()
    )
    with pytest.raises(Refused, match="不能早于收到调解申请之日 2026-03-04"):
        take(case, "record_consent", "clerk_chen", now=at("2026-03-05"), happened_on=date(2026, 3, 3), **YES)


def test_without_an_application_there_is_nothing_to_agree_to() -> None:
    case = take(case_at("escalated"), "take_over", "clerk_chen")
    with pytest.raises(Refused, match="尚未登记调解申请"):
        take(case, "record_consent", "clerk_chen", **YES)


@pytest.mark.rule("R01")
def test_the_consent_of_every_hospital_is_needed() -> None:
    case = take(
        case_at("under_review", hospitals=BOTH_HOSPITALS),
        "record_consent",
        "clerk_chen",
        **YES,
        hospital=organisation(HOSPITAL),
    )

    with pytest.raises(Refused, match="示例中医院同意调解的记录"):
        take(case, "accept", "clerk_chen", paper=paper("审批表"))
    assert (
        take(case, "seek_consent", "clerk_chen").documents.get(kind="consent_request").hospital.code == OTHER_HOSPITAL
    )


def test_one_hospitals_application_is_not_the_others_consent() -> None:
    case = take(case_at("registered", hospitals=BOTH_HOSPITALS), "apply_directly", "clerk_chen", by_side="both", form="written",
                hospital=organisation(HOSPITAL), paper=paper())  # fmt: skip
    with pytest.raises(Refused, match="尚缺示例中医院同意"):
        take(case, "accept", "clerk_chen", paper=paper("审批表"))


def test_the_last_word_counts() -> None:
    case = take(case_at("under_review"), "record_consent", "clerk_chen", **YES)
    case = take(case, "record_consent", "clerk_chen", **YES, given=False)
    with pytest.raises(Refused, match="尚缺示例人民医院同意"):
        take(case, "accept", "clerk_chen", paper=paper("审批表"))


def test_a_clear_refusal_ends_it_at_once() -> None:
    case = take(
        case_at("awaiting_consent"),
        "consent_refused",
        "clerk_chen",
        side="hospital",
        answer="refused",
        means="phone",
        note="不同意",
    )

    assert (case.state, case.outcome, case.outcome_code) == ("closing", "consent_refused", "refused")
    assert not case.consents.get().given


def test_silence_counts_after_two_served_notices_and_the_period() -> None:
    silent = {"side": "hospital", "answer": "silent", "note": "未答复"}
    case = served(case_at("awaiting_consent"), 1)
    with pytest.raises(Refused, match="须送达征求意见函 2 次后仍不答复，现登记送达 1 次"):
        take(case, "consent_refused", "clerk_chen", now=at("2026-03-10"), **silent)
    case = served(case, 1)
    with pytest.raises(Refused, match="期限尚未届满"):
        take(case, "consent_refused", "clerk_chen", now=at("2026-03-09"), **silent)

    case = take(case, "consent_refused", "clerk_chen", now=at("2026-03-10"), **silent)

    assert case.outcome_code == "silent"
    assert not case.consents.exists()


def test_who_has_agreed_has_not_refused() -> None:
    with pytest.raises(Refused, match="该方已经同意"):
        take(
            case_at("awaiting_consent"),
            "consent_refused",
            "clerk_chen",
            side="patient",
            answer="refused",
            means="phone",
            note="无",
        )


def test_a_town_records_no_consent() -> None:
    with pytest.raises(NotAllowed):
        take(case_at("under_review"), "record_consent", "town_wang", **YES)
