"""召开调解: invited after both signed; more than five a side is pointed out (R15)."""

from __future__ import annotations

import pytest

from mediation.cases.case import DisputeCase
from tests.factories import at, case_at, move, take
from tests.factories_mediation import appraisal, opinion, rights_signed
from workflow import engine
from workflow.lifecycle import STEPS
from workflow.registry import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> DisputeCase:
    case = case_at("investigating")
    for side in ("patient", "hospital"):
        case = take(case, "sign_rights_notice", "mediator_sun", **rights_signed(case, side))
    return case


def test_the_meeting_is_planned_and_both_sides_invited(case: DisputeCase) -> None:
    case = take(case, "convene", "mediator_sun", at=at("2026-03-06", 14), place="第一调解室")

    meeting = case.meetings.get()
    assert (meeting.at, meeting.place, meeting.result) == (at("2026-03-06", 14), "第一调解室", "planned")
    assert case.state == "in_mediation"
    assert case.documents.filter(kind="meeting_invitation").exists()


def test_nobody_is_invited_to_yesterday(case: DisputeCase) -> None:
    with pytest.raises(Refused, match="不能早于本步骤的发生日期"):
        take(case, "convene", "mediator_sun", at=at("2026-03-01"), place="第一调解室")


@pytest.mark.rule("R15")
def test_six_representatives_are_pointed_out_and_five_are_not(case: DisputeCase) -> None:
    done = move(
        case, "convene", "mediator_sun", at=at("2026-03-06"), place="第一调解室", patient_count=6, hospital_count=5
    )

    assert done.warnings == ["一方到场代表超过 5 人（条例第30条）"]
    assert done.data["representatives"] == [6, 5]


@pytest.mark.rule("R15")
def test_five_a_side_need_no_warning(case: DisputeCase) -> None:
    done = move(
        case, "convene", "mediator_sun", at=at("2026-03-06"), place="第一调解室", patient_count=5, hospital_count=5
    )

    assert done.warnings == []


def test_a_meeting_that_was_never_held_is_put_off_not_doubled(case: DisputeCase) -> None:
    case = take(case, "convene", "mediator_sun", at=at("2026-03-06"), place="第一调解室")
    case = take(case, "start_appraisal", "mediator_sun", **appraisal())
    case = take(case, "finish_appraisal", "mediator_sun", now=at("2026-04-20"), **opinion())

    case = take(case, "convene", "mediator_sun", now=at("2026-04-20"), at=at("2026-04-23"), place="第二调解室")

    assert case.meetings.get().at == at("2026-04-23")


@pytest.mark.rule("R13")
@pytest.mark.parametrize(("claimed", "advised"), [(99_999, False), (100_000, True), (None, False)])
def test_a_large_claim_against_a_public_hospital_calls_for_an_appraisal_first(
    case: DisputeCase, claimed: int | None, advised: bool
) -> None:
    hospital = case.respondents.get().hospital
    hospital.ownership = "public"
    hospital.save()
    DisputeCase.objects.filter(pk=case.pk).update(claimed_amount=claimed)

    said = engine.advice_on(STEPS["convene"], DisputeCase.objects.get(pk=case.pk), case.latest_at.date())

    assert bool(said) is advised
