"""延期: three signatures before expiry, on paper (条例 38; R10)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from mediation.cases.case import DisputeCase
from tests.factories import at, case_at, move, paper, take
from workflow.registry import Refused

pytestmark = pytest.mark.django_db
LATE = {"late_reason": "约定书在外签署"}


def agreed(on: date, **changes: Any) -> dict[str, Any]:
    """An extension signed by all three on one day."""
    return {
        "reason": "等待外地专家意见。", "committee_signed_on": on, "patient_signed_on": on, "hospital_signed_on": on,
        "until": date(2026, 5, 15), "paper": paper("延期约定"),
    } | changes  # fmt: skip


@pytest.fixture
def case() -> DisputeCase:
    """Due on 2026-04-14."""
    return case_at("in_mediation")


@pytest.mark.rule("R10")
def test_the_agreed_day_is_the_new_last_day(case: DisputeCase) -> None:
    case = take(case, "extend", "director_xu", now=at("2026-04-10"), **agreed(date(2026, 4, 10)))

    assert (case.mediation_due_on, case.due_on, case.state) == (date(2026, 5, 15), date(2026, 5, 15), "in_mediation")
    assert case.papers.filter(kind="extension").count() == 1


@pytest.mark.rule("R10")
def test_working_days_may_be_agreed_instead(case: DisputeCase) -> None:
    case = take(case, "extend", "director_xu", now=at("2026-04-10"), **agreed(date(2026, 4, 10), until=None, days=2))

    assert case.mediation_due_on == date(2026, 4, 16)


@pytest.mark.rule("R10")
def test_signed_on_the_last_day_is_in_time_even_when_recorded_later(case: DisputeCase) -> None:
    case = take(
        case, "extend", "director_xu", now=at("2026-04-15"), happened_on=date(2026, 4, 14), **agreed(date(2026, 4, 14))
    )

    assert case.mediation_due_on == date(2026, 5, 15)


@pytest.mark.rule("R10")
@pytest.mark.parametrize("who", ["committee_signed_on", "patient_signed_on", "hospital_signed_on"])
def test_one_signature_after_the_last_day_is_too_late(case: DisputeCase, who: str) -> None:
    facts = agreed(date(2026, 4, 13)) | {who: date(2026, 4, 15)}

    with pytest.raises(Refused, match="2026-04-15 晚于届满日 2026-04-14，延期须在届满前约定") as refused:
        take(case, "extend", "director_xu", now=at("2026-04-15"), **facts)
    assert refused.value.field == who


def test_the_agreement_stands_from_the_last_signature(case: DisputeCase) -> None:
    with pytest.raises(Refused, match="自最后一方签署之日 2026-04-09 成立"):
        take(case, "extend", "director_xu", now=at("2026-04-10"), **agreed(date(2026, 4, 9)))


@pytest.mark.rule("R10")
def test_without_the_paper_there_is_no_extension(case: DisputeCase) -> None:
    with pytest.raises(Refused, match="请附上三方签署的延期约定"):
        take(case, "extend", "director_xu", now=at("2026-04-10"), **agreed(date(2026, 4, 10), paper=None))


def test_nothing_is_signed_before_the_case_was_accepted(case: DisputeCase) -> None:
    facts = agreed(date(2026, 4, 10), patient_signed_on=date(2026, 3, 1))

    with pytest.raises(Refused, match="不能早于受理之日 2026-03-02"):
        take(case, "extend", "director_xu", now=at("2026-04-10"), **facts)


@pytest.mark.parametrize("amount", [{"until": None, "days": None}, {"days": 5}])
def test_a_day_or_a_number_of_days_and_not_both(case: DisputeCase, amount: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="二者择一"):
        take(case, "extend", "director_xu", now=at("2026-04-10"), **agreed(date(2026, 4, 10), **amount))


def test_an_extension_never_shortens(case: DisputeCase) -> None:
    with pytest.raises(Refused, match="新的届满日须晚于原届满日 2026-04-14"):
        take(case, "extend", "director_xu", now=at("2026-04-10"), **agreed(date(2026, 4, 10), until=date(2026, 4, 14)))


@pytest.mark.rule("R10")
def test_while_the_clock_stands_still_no_date_can_be_named() -> None:
    case = case_at("under_appraisal")

    with pytest.raises(Refused, match="鉴定停表期间只能约定延长多少个工作日"):
        take(case, "extend", "director_xu", now=at("2026-03-10"), **agreed(date(2026, 3, 10)))


@pytest.mark.rule("R10")
def test_working_days_agreed_while_it_stands_still_are_added_when_it_runs_on() -> None:
    case = case_at("under_appraisal")
    case = take(case, "extend", "director_xu", now=at("2026-03-10"), **agreed(date(2026, 3, 10), until=None, days=5))

    due = [
        take(one, "finish_appraisal", "mediator_sun", now=at("2026-03-20"), result="withdrawn", note="双方撤回。",
             paper=paper("撤回书")).mediation_due_on
        for one in (case_at("under_appraisal"), case)
    ]  # fmt: skip

    assert due == [date(2026, 5, 7), date(2026, 5, 13)]  # Saturday the 9th is a make-up working day


def test_the_event_holds_the_three_dates(case: DisputeCase) -> None:
    done = move(case, "extend", "director_xu", now=at("2026-04-10"), **agreed(date(2026, 4, 10)))

    assert (done.data["patient_signed_on"], done.data["until"]) == ("2026-04-10", "2026-05-15")


@pytest.mark.parametrize(
    "amount", [{"until": date(9999, 12, 31)}, {"until": date(2028, 1, 3)}, {"until": None, "days": 999}]
)
def test_a_slip_of_the_pen_in_the_year_is_refused(amount: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="核对年份|1 至 250"):
        take(
            case_at("in_mediation"),
            "extend",
            "director_xu",
            now=at("2026-04-10"),
            **agreed(date(2026, 4, 10), **amount),
        )
