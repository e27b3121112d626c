"""更正期满: what was recorded late shows that the period had not run out (R11)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from mediation.cases.case import DisputeCase
from tests.factories import at, case_at, paper, take
from tests.factories_mediation import sign
from workflow.calendar import DayKind
from workflow.notices import NamedDay
from workflow.registry import Refused
from workflow.rulebook import publish_calendar

pytestmark = pytest.mark.django_db
NOW = at("2026-04-16")
IN_TIME = date(2026, 4, 14)


def extension(on: date = IN_TIME, **changes: Any) -> dict[str, Any]:
    return {
        "reason": "extension", "note": "约定书由医院次日送达。", "committee_signed_on": on, "patient_signed_on": on,
        "hospital_signed_on": on, "until": date(2026, 5, 15), "paper": paper("延期约定"),
    } | changes  # fmt: skip


def signatures(**changes: Any) -> dict[str, Any]:
    return {
        "reason": "both_signed", "note": "签字页由镇街转来。", "patient_signed_on": IN_TIME, "hospital_signed_on": date(2026, 4, 13),
        "paper": paper("已签字的协议"),
    } | changes  # fmt: skip


def drafted_and_lapsed() -> DisputeCase:
    return take(case_at("agreement_drafted"), "lapse", now=at("2026-04-15", hour=0, minute=5))


@pytest.mark.rule("R11")
def test_an_extension_signed_in_time_takes_the_case_back_to_where_it_was() -> None:
    case = take(case_at("lapsed"), "restore", "director_xu", now=NOW, **extension())

    assert (case.state, case.mediation_due_on, case.due_on) == ("in_mediation", date(2026, 5, 15), date(2026, 5, 15))
    assert case.papers.filter(kind="extension").exists()


@pytest.mark.rule("R11")
@pytest.mark.parametrize("who", ["committee_signed_on", "patient_signed_on", "hospital_signed_on"])
def test_an_extension_signed_after_expiry_by_one_of_the_three_does_not(who: str) -> None:
    with pytest.raises(Refused, match="晚于届满日 2026-04-14"):
        take(case_at("lapsed"), "restore", "director_xu", now=NOW, **extension() | {who: date(2026, 4, 15)})


def test_all_three_signatures_and_the_paper_are_there() -> None:
    case = case_at("lapsed")

    with pytest.raises(Refused, match="请填写医方签署日期"):
        take(case, "restore", "director_xu", now=NOW, **extension(hospital_signed_on=None))
    with pytest.raises(Refused, match="请附上届满前三方签署的延期约定"):
        take(case, "restore", "director_xu", now=NOW, **extension(paper=None))


def test_an_extension_that_is_over_too_restores_nothing() -> None:
    with pytest.raises(Refused, match="约定的延期也已于 2026-04-15 届满"):
        take(case_at("lapsed"), "restore", "director_xu", now=NOW, **extension(until=None, days=1))


@pytest.mark.parametrize("who", ["patient_signed_on", "hospital_signed_on"])
def test_nobody_signed_an_agreement_before_it_was_drafted(who: str) -> None:
    case = drafted_and_lapsed()
    before = case.agreements.get().drafted_on - timedelta(days=1)

    with pytest.raises(Refused, match="签署日期不能早于协议拟定日期"):
        take(case, "restore", "director_xu", now=NOW, **signatures(**{who: before}))


@pytest.mark.rule("R11")
def test_both_signatures_given_in_time_are_recorded_with_the_restoration_and_time_does_not_act_again() -> None:
    case = take(drafted_and_lapsed(), "restore", "director_xu", now=NOW, **signatures())

    assert case.state == "agreement_drafted"
    assert set(case.agreements.get().marks.values_list("kind", "on")) == {
        ("patient", IN_TIME), ("hospital", date(2026, 4, 13))
    }  # fmt: skip
    with pytest.raises(Refused, match="双方已在届满前签署协议"):
        take(case, "lapse", now=at("2026-04-17"))
    case = sign(case, "mediator", "seal", now=NOW)
    assert take(case, "conclude", "mediator_sun", now=NOW).state == "performing"


@pytest.mark.rule("R11")
def test_a_signature_after_expiry_does_not_count() -> None:
    with pytest.raises(Refused, match="不都在届满日 2026-04-14 之前"):
        take(
            drafted_and_lapsed(), "restore", "director_xu", now=NOW, **signatures(hospital_signed_on=date(2026, 4, 15))
        )


def test_an_earlier_recorded_mark_that_came_too_late_is_not_overlooked() -> None:
    case = sign(case_at("agreement_drafted"), "patient", now=at("2026-04-15"))
    case = take(case, "lapse", now=at("2026-04-15", hour=23))

    with pytest.raises(Refused, match="不都在届满日"):
        take(case, "restore", "director_xu", now=NOW, **signatures())


def test_without_a_draft_nobody_can_have_signed() -> None:
    with pytest.raises(Refused, match="期满前没有待签的协议"):
        take(case_at("lapsed"), "restore", "director_xu", now=NOW, **signatures())


def test_the_signed_agreement_is_handed_in() -> None:
    with pytest.raises(Refused, match="请附上双方已签字的协议"):
        take(drafted_and_lapsed(), "restore", "director_xu", now=NOW, **signatures(paper=None))


@pytest.mark.rule("R34")
def test_a_corrected_calendar_takes_it_back_only_if_the_period_still_runs() -> None:
    case = case_at("lapsed")
    with pytest.raises(Refused, match="没有可更正的"):
        take(case, "restore", "director_xu", now=NOW, reason="calendar", note="无变化。")

    days = [NamedDay(date(2026, 4, day), DayKind.OFF, "示例假", 2026) for day in (13, 14, 15, 16)]
    publish_calendar(days, source="示例更正通知", by=None, now=NOW)
    case = take(case, "restore", "director_xu", now=NOW, reason="calendar", note="国务院办公厅更正放假安排。")

    assert case.state == "in_mediation"
    assert case.mediation_due_on is not None
    assert case.mediation_due_on >= date(2026, 4, 16)


@pytest.mark.rule("R17")
def test_what_was_signed_in_time_takes_effect_on_its_true_day_although_it_was_restored_later() -> None:
    case = take(drafted_and_lapsed(), "restore", "director_xu", now=NOW, **signatures())
    for kind in ("mediator", "seal"):
        case = take(case, "mark", "mediator_sun", now=NOW, happened_on=IN_TIME, kind=kind, paper=paper("签署页"))

    with pytest.raises(Refused, match="起生效"):
        take(case, "conclude", "mediator_sun", now=NOW)
    case = take(case, "conclude", "mediator_sun", now=NOW, happened_on=IN_TIME)

    assert (case.state, case.entered_on) == ("performing", IN_TIME)
    assert case.agreements.get().effective_on == IN_TIME
