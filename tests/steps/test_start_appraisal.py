"""委托鉴定: by both, or with both consents; it alone stops the clock (条例 34, 38; R09, R12, R36)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.factories import at, case_at, paper, take
from tests.factories_mediation import appraisal
from workflow.registry import Refused

pytestmark = pytest.mark.django_db


@pytest.mark.rule("R09")
def test_the_clock_stands_still_and_there_is_no_due_date() -> None:
    case = case_at("investigating")
    assert case.mediation_due_on == date(2026, 4, 14)

    case = take(case, "start_appraisal", "mediator_sun", now=at("2026-03-16"), **appraisal())

    assert (case.state, case.stopped, case.mediation_due_on, case.due_on) == ("under_appraisal", True, None, None)
    assert case.documents.filter(kind="appraisal_entrustment").exists()


@pytest.mark.rule("R12")
@pytest.mark.parametrize("side", ["patient_consent_on", "hospital_consent_on"])
def test_both_sides_have_consented_by_then(side: str) -> None:
    with pytest.raises(Refused, match="同意日期不能晚于本步骤的发生日期") as refused:
        take(case_at("investigating"), "start_appraisal", "mediator_sun", **appraisal() | {side: date(2026, 3, 3)})
    assert refused.value.field == side


@pytest.mark.rule("R12")
def test_the_entrustment_is_on_paper() -> None:
    with pytest.raises(Refused, match="请附上双方签署的鉴定委托书"):
        take(case_at("investigating"), "start_appraisal", "mediator_sun", **appraisal(paper=None))


def test_institution_and_questions_are_named() -> None:
    with pytest.raises(Refused, match="请填写鉴定机构"):
        take(case_at("investigating"), "start_appraisal", "mediator_sun", **appraisal(institution=""))
    with pytest.raises(Refused, match="请填写委托事项"):
        take(case_at("investigating"), "start_appraisal", "mediator_sun", **appraisal(questions=" "))


@pytest.mark.rule("R36")
def test_prepaid_fees_are_noted_and_never_a_guard() -> None:
    without = take(case_at("in_mediation"), "start_appraisal", "mediator_sun", **appraisal())
    assert without.appraisals.get().hospital_prepaid_amount == 0

    fee = {"hospital_prepaid_amount": Decimal("3000.00"), "patient_prepaid_amount": None}
    case = take(case_at("investigating"), "start_appraisal", "mediator_sun", **appraisal(**fee))
    row = case.appraisals.get()
    assert (row.state, row.hospital_prepaid_amount, row.patient_prepaid_amount) == ("entrusted", Decimal("3000.00"), 0)


@pytest.mark.rule("R09")
def test_a_period_that_has_run_out_cannot_be_stopped() -> None:
    case = case_at("investigating")

    with pytest.raises(Refused, match="调解期限已于 2026-04-14 届满"):
        take(case, "start_appraisal", "mediator_sun", now=at("2026-04-15"), **appraisal())


def test_the_last_day_of_the_period_is_not_too_late() -> None:
    case = take(case_at("investigating"), "start_appraisal", "mediator_sun", now=at("2026-04-14"), **appraisal())

    assert case.stopped


def test_the_event_refers_to_the_paper() -> None:
    case = take(case_at("investigating"), "start_appraisal", "mediator_sun", **appraisal(paper=paper("委托书")))

    assert case.appraisals.get().entrustment.kind == "appraisal"
