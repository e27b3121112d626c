"""Up the ladder and back down: escalate, escalate_overdue, take_over, send_back (R27, B4, B5)."""

from datetime import date, timedelta

import pytest

from mediation.cases.record import StepFacts
from tests.factories import at, brief, case_at, move, paper, take
from workflow import engine, timekeeping
from workflow.lifecycle import STEPS
from workflow.machine import forget_verdicts
from workflow.registry import NotAllowed, Refused
from workflow.vocabulary import Level, Role


@pytest.mark.rule("R27")
def test_what_the_brief_lacks_is_listed_before_anything_is_sent() -> None:
    lacking = brief() | {"risk": "", "request": " ", "reasons": []}
    with pytest.raises(Refused, match="呈批表尚缺：上报理由、风险与稳控措施、需要市级解决的事项"):
        take(case_at("town_handling"), "escalate", "town_wang", **lacking)

    case = take(case_at("town_handling"), "escalate", "town_wang", **brief())

    assert (case.state, case.level, case.documents.get().kind) == ("escalated", Level.CITY, "escalation_brief")


def test_a_major_dispute_is_marked_as_one() -> None:
    case = take(case_at("town_handling"), "escalate", "town_wang", **brief() | {"reasons": ["major", "unrest"]})

    assert case.is_major


def test_the_facts_stay_out_of_the_record() -> None:
    done = move(case_at("town_handling"), "escalate", "town_wang", **brief())

    assert done.data == {"reasons": ["no_agreement"]}


def test_a_town_that_sleeps_loses_the_case_with_what_is_on_file() -> None:
    case = case_at("town_handling")
    case = take(case, "log_contact", "town_wang", side="patient", purpose="first", means="phone", at=at("2026-03-02", 9), reached=True,
                content="患方要求书面答复")  # fmt: skip
    assert timekeeping.tick(at("2026-03-09", 23)) == 0  # the last day is not over

    assert timekeeping.tick(at("2026-03-10", 0)) == 1

    case.refresh_from_db()
    facts = StepFacts.objects.get(case=case, seq=case.version).facts
    assert (case.state, case.level, case.entered_on) == ("escalated", Level.CITY, date(2026, 3, 10))
    assert "患方要求书面答复" in facts["work_done"]
    assert facts["hospital_attitude"] == "没有联系记录。"


def test_a_town_that_does_not_sign_loses_it_the_day_after() -> None:
    case = case_at("town_pending")

    timekeeping.tick(at("2026-03-04", 0))

    case.refresh_from_db()
    assert case.state == "escalated"


def test_nobody_plays_time() -> None:
    with pytest.raises(NotAllowed):
        move(case_at("town_handling"), "escalate_overdue", "town_wang")
    with pytest.raises(Refused, match="镇街期限尚未届满"):
        move(case_at("town_handling"), "escalate_overdue")


def test_taking_over_makes_the_committee_responsible_and_keeps_the_town_as_contact() -> None:
    case = take(case_at("escalated"), "take_over", "clerk_chen")

    assert (case.state, case.level, case.town.name) == ("under_review", Level.CITY, "道滘镇")
    assert case.tasks.get(finished__isnull=True).role == Role.DISPATCHER


def test_sent_back_once_the_towns_five_days_start_anew() -> None:
    case = take(
        case_at("escalated"),
        "send_back",
        "clerk_chen",
        now=at("2026-03-04"),
        reason="local",
        note="请先核实",
        avoidable=True,
    )

    assert (case.state, case.level, case.send_backs, case.hops) == ("town_handling", Level.TOWN, 1, 1)
    assert case.due_on == date(2026, 3, 11)
    case = take(case, "escalate", "town_wang", now=at("2026-03-05"), **brief())
    with pytest.raises(Refused, match="已退回镇街一次"):
        take(case, "send_back", "clerk_chen", now=at("2026-03-05"), reason="local", note="请先核实")


def test_sent_back_the_town_may_extend_its_new_period_once_again() -> None:
    """The five days start anew, and what may happen once in them with them (B5)."""
    case = take(case_at("town_handling"), "extend_handling", "town_wang", reason="双方愿意再谈")
    assert case.handling_extensions == 1
    case = take(
        take(case, "escalate", "town_wang", **brief()), "send_back", "clerk_chen", reason="local", note="请再谈"
    )
    assert case.handling_extensions == 0

    case = take(case, "extend_handling", "town_wang", reason="约定下周再谈")

    assert case.handling_extensions == 1
    with pytest.raises(Refused, match="已延长一次"):
        take(case, "extend_handling", "town_wang", reason="再延")


def test_a_provisional_date_lets_nobody_escalate_for_time() -> None:
    case = case_at("town_handling", now=at("2026-12-30"))
    assert case.due_provisional
    later = case.due_on + timedelta(days=1)

    assert "暂定" in str(engine.why_not(STEPS["escalate_overdue"], case, later))
    with pytest.raises(Refused, match="暂定"):
        move(case, "escalate_overdue", now=at(later.isoformat()))
    case.due_provisional = False
    forget_verdicts(case)
    assert engine.why_not(STEPS["escalate_overdue"], case, later) is None


def test_what_has_an_application_or_never_had_a_town_is_not_sent_back() -> None:
    with pytest.raises(Refused, match="已有调解申请在案"):
        take(case_at("under_review"), "send_back", "clerk_chen", reason="local", note="请先核实")
    direct = take(case_at("registered"), "step_in", "clerk_chen", triggers=["death"], note="介入")
    with pytest.raises(Refused, match="没有经过镇街"):
        take(direct, "send_back", "clerk_chen", reason="local", note="请先核实")


def test_papers_on_file_are_named_in_the_brief_that_nobody_wrote() -> None:
    case = take(
        case_at("town_handling"), "add_paper", "town_wang", kind="records", side="hospital", paper=paper("病历复印件")
    )

    timekeeping.tick(at("2026-03-10"))

    case.refresh_from_db()
    assert StepFacts.objects.get(case=case, seq=case.version).facts["attachments"] == "病历"
