"""apply_directly, guide_to_apply, record_application: the day of receipt is the day that counts (R02, R05, R31)."""

from datetime import date

import pytest

from mediation.cases.case import DisputeCase
from tests.factories import HOSPITAL, OTHER_HOSPITAL, TODAY, at, brief, case_at, fresh, organisation, paper, take
from workflow import engine
from workflow.lifecycle import STEPS
from workflow.registry import Refused
from workflow.vocabulary import Level

WRITTEN = {"form": "written"}


@pytest.mark.parametrize("state", ["registered", "town_pending", "town_handling", "escalated"])
@pytest.mark.parametrize("side", ["patient", "hospital", "both"])
def test_either_side_applies_directly_and_the_town_is_no_gate(state: str, side: str) -> None:
    case = take(case_at(state), "apply_directly", "clerk_chen", by_side=side, paper=paper(), **WRITTEN)

    assert (case.state, case.level, case.applications.get().by_side) == ("under_review", Level.CITY, side)


@pytest.mark.rule("R05")
def test_the_three_days_of_review_run_from_receipt_not_from_typing() -> None:
    case = case_at("town_handling", now=at("2026-02-25"))

    case = take(case, "guide_to_apply", "town_wang", now=at("2026-02-27"), happened_on=date(2026, 2, 26), by_side="patient",
                paper=paper(), **WRITTEN)  # fmt: skip

    application = case.applications.get()
    assert (application.received_on, application.received_at_town) == (date(2026, 2, 26), True)
    assert case.due_on == date(2026, 3, 2)  # 27 February, the make-up Saturday 28, 2 March


@pytest.mark.rule("R02")
def test_an_oral_application_leaves_the_town_only_with_its_signed_record() -> None:
    with pytest.raises(Refused, match="口头申请的记录"):
        take(case_at("town_handling"), "guide_to_apply", "town_wang", by_side="patient", form="oral")

    case = take(case_at("town_handling"), "guide_to_apply", "town_wang", by_side="patient", form="oral", paper=paper())

    assert case.applications.get().confirmed


@pytest.mark.parametrize("side", ["patient", "hospital", "both"])
@pytest.mark.parametrize("form", ["written", "oral"])
def test_an_application_without_its_paper_says_the_way_out_and_the_way_is_open(side: str, form: str) -> None:
    case = take(case_at("town_handling"), "escalate", "town_wang", **brief())
    case = take(case, "take_over", "clerk_chen")
    case = take(case, "record_application", "clerk_chen", by_side=side, form=form)
    whose = {"patient": "患方", "hospital": "医方", "both": "双方"}[side]
    way = f"请办理“登记材料”补交：类别选“调解申请书（或口头申请记录）”，提交方选“{whose}”"
    assert blocked(case, "accept").endswith(way)
    assert blocked(case, "record_application").endswith(way)

    case = take(case, "add_paper", "clerk_chen", kind="application", side=side, paper=paper("申请书"))

    assert "申请书" not in str(blocked(case, "accept"))
    assert blocked(case, "record_application") == "已有调解申请在案，不能再走这一步"


def blocked(case: DisputeCase, step: str) -> str | None:
    return engine.why_not(STEPS[step], fresh(case), TODAY)


def test_what_both_sides_signed_confirms_what_one_of_them_asked_for() -> None:
    case = take(case_at("registered"), "apply_directly", "clerk_chen", by_side="hospital", form="written")
    case = take(case, "add_paper", "clerk_chen", kind="application", side="patient", paper=paper("他方的申请书"))
    assert not case.applications.get().confirmed
    case = take(case, "add_paper", "clerk_chen", kind="application", side="both", paper=paper("双方申请书"))
    assert case.applications.get().confirmed


@pytest.mark.rule("R02")
def test_an_unconfirmed_application_is_confirmed_by_its_paper_later() -> None:
    case = take(case_at("registered"), "apply_directly", "clerk_chen", by_side="patient", form="oral")
    assert not case.applications.get().confirmed

    case = take(case, "add_paper", "clerk_chen", kind="application", side="patient", paper=paper("口头申请记录"))

    assert case.applications.get().confirmed


def test_after_taking_over_the_application_is_recorded_and_starts_the_review() -> None:
    case = take(take(case_at("town_handling"), "escalate", "town_wang", **brief()), "take_over", "clerk_chen")
    assert case.due_on is None

    case = take(
        case, "record_application", "clerk_chen", now=at("2026-03-03"), by_side="patient", paper=paper(), **WRITTEN
    )

    assert (case.state, case.due_on) == ("under_review", date(2026, 3, 6))
    with pytest.raises(Refused, match="已有调解申请在案"):
        take(case, "record_application", "clerk_chen", now=at("2026-03-03"), by_side="patient", **WRITTEN)


def test_of_several_hospitals_the_one_that_applies_is_named() -> None:
    case = case_at("registered", hospitals=(HOSPITAL, OTHER_HOSPITAL))
    with pytest.raises(Refused, match="请选择是哪一家"):
        take(case, "apply_directly", "clerk_chen", by_side="hospital", **WRITTEN)

    case = take(
        case, "apply_directly", "clerk_chen", by_side="hospital", hospital=organisation(OTHER_HOSPITAL), **WRITTEN
    )

    assert case.applications.get().hospital.code == OTHER_HOSPITAL
