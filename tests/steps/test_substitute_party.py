"""Somebody takes a party's place (民法典 1181): what the old one agreed to binds nobody any more."""

from datetime import date

import pytest

from mediation.cases.case import DisputeCase
from mediation.cases.conditions import sides_without_consent
from mediation.cases.parties import Party
from mediation.hearings.models import RightsNotice
from tests.factories import HOSPITAL, OTHER_HOSPITAL, at, case_at, organisation, paper, take
from workflow.registry import NotAllowed, Refused

HEIR = {"kind": "heir", "full_name": "甄继承", "relation": "女儿", "phone": "13800000009"}


def patient_of(case: DisputeCase) -> Party:
    return case.parties.get(kind="patient")


def died(case: DisputeCase) -> DisputeCase:
    return take(case, "substitute_party", "clerk_chen", now=at("2026-03-04"), reason="death", party=patient_of(case),
                paper=paper("死亡证明、户口簿"), **HEIR)  # fmt: skip


def test_the_heir_takes_the_place_and_the_old_party_stays_on_record() -> None:
    case = died(case_at("awaiting_assignment"))

    old, heir = patient_of(case), case.parties.get(kind="heir")
    assert (old.until, old.end_reason) == (date(2026, 3, 4), "death")
    assert (heir.name, heir.is_claimant, heir.since) == ("甄继承", True, date(2026, 3, 4))
    assert case.mediation_due_on == date(2026, 4, 14)  # the clock runs on


def test_consent_and_rights_notice_are_asked_again() -> None:
    case = case_at("awaiting_assignment")
    RightsNotice(case=case, side="patient", signed_on=date(2026, 3, 2)).save()

    case = died(case)

    assert case.rights_notices.get().superseded
    assert case.applications.get().superseded
    assert sides_without_consent(case) == ["患方"]


def test_the_heirs_consent_can_be_recorded_after_acceptance() -> None:
    case = take(died(case_at("awaiting_assignment")), "record_consent", "clerk_chen", now=at("2026-03-05"), side="patient",
                means="letter", paper=paper("同意书"))  # fmt: skip

    assert sides_without_consent(case) == []
    with pytest.raises(Refused, match="一方拒绝"):
        take(
            case,
            "record_consent",
            "clerk_chen",
            now=at("2026-03-05"),
            side="patient",
            means="letter",
            paper=paper(),
            given=False,
        )


def test_a_joint_applications_hospital_has_not_changed_its_mind() -> None:
    case = take(case_at("registered"), "apply_directly", "clerk_chen", by_side="both", form="written", paper=paper())

    case = died(case)

    with pytest.raises(Refused, match="尚缺患方同意"):
        take(case, "accept", "clerk_chen", paper=paper("审批表"), now=at("2026-03-04"))


def test_a_new_agent_speaks_for_somebody_who_has_agreed() -> None:
    case = case_at("awaiting_assignment")

    case = take(case, "substitute_party", "clerk_chen", reason="proxy", party=patient_of(case), kind="agent", full_name="卜示例",
                authority="特别授权，进行调解", paper=paper("授权委托书"))  # fmt: skip

    assert not case.applications.get().superseded
    assert case.parties.get(kind="agent").represents == patient_of(case)


def test_proof_and_a_fitting_person_are_needed() -> None:
    case = case_at("under_review")
    with pytest.raises(Refused, match="死亡证明和亲属关系证明"):
        take(case, "substitute_party", "clerk_chen", reason="death", party=patient_of(case), **HEIR)
    with pytest.raises(Refused, match="身份不能是所选的这一种"):
        take(
            case,
            "substitute_party",
            "clerk_chen",
            reason="death",
            party=patient_of(case),
            paper=paper(),
            kind="agent",
            full_name="卜示例",
        )
    with pytest.raises(Refused, match="出生日期不能晚于"):
        take(case, "substitute_party", "clerk_chen", reason="death", party=patient_of(case), paper=paper(), **HEIR,
             born_on=date(2030, 1, 1))  # fmt: skip
    with pytest.raises(Refused, match="请选择被变更"):
        take(case, "substitute_party", "clerk_chen", reason="death", paper=paper(), **HEIR)


def test_a_party_of_another_case_is_refused() -> None:
    stranger = patient_of(case_at("registered"))
    with pytest.raises(Refused, match="不是本案现在的当事人"):
        take(
            case_at("under_review"),
            "substitute_party",
            "clerk_chen",
            reason="death",
            party=stranger,
            paper=paper(),
            **HEIR,
        )


def test_a_merged_hospitals_successor_gives_its_own_consent() -> None:
    case = take(case_at("under_review"), "record_consent", "clerk_chen", side="hospital", means="letter", paper=paper())

    case = take(case, "substitute_party", "clerk_chen", reason="merger", paper=paper("合并批文"),
                hospital=organisation(HOSPITAL), successor=organisation(OTHER_HOSPITAL))  # fmt: skip

    with pytest.raises(Refused, match="尚缺示例中医院同意"):
        take(case, "accept", "clerk_chen", paper=paper("审批表"))


def test_the_operator_no_longer_changes_a_party_of_a_case_in_mediation():
    case = case_at("in_mediation")
    with pytest.raises(NotAllowed, match="您的角色不能办理"):
        take(case, "substitute_party", "hotline_lin", reason="death", party=patient_of(case), paper=paper(), **HEIR)
    assert not case.consents.filter(superseded=True).exists()
