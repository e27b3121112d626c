"""Investigations, meetings, appraisals, marks and visits are put right; effect, clocks and issued papers stay what they are."""

from datetime import date, time
from typing import Any

import pytest
from django.test import Client

from mediation.cases.case import DisputeCase
from mediation.cases.correctable import RECORDED, offered
from mediation.cases.pages.eyes import Eyes
from mediation.cases.record import StepFacts
from mediation.settlement.models import MarkKind
from tests.factories import NOW, at, case_at, fresh, move, paper, persona, take
from tests.factories_mediation import (
    SUN,
    appraisal,
    meeting,
    opinion,
    pay_all,
    rights_signed,
    seats,
    sign,
    terms,
    visit,
    visited,
)
from tests.mediation.test_on_file import whole_life
from workflow.reckoning import deadline_of
from workflow.records import Event
from workflow.registry import Refused

CLERK, DIRECTOR, TOWN, LIAISON, BUREAU = "clerk_chen", "director_xu", "town_wang", "liaison_he", "supervisor_zhou"


def correct(case: DisputeCase, target: str, value: str, by: str = SUN, **when: Any) -> DisputeCase:
    return take(case, "correct", by, target=target, value=value, reason="登记有误", **when)


def log(case: DisputeCase, by: str) -> str:
    client = Client()
    client.force_login(persona(by), "django.contrib.auth.backends.ModelBackend")
    return client.get(f"/cases/{case.number}/tab/log/").content.decode()


# --- investigations and meetings --------------------------------------------------------------------------------------


def investigated() -> tuple[DisputeCase, str]:
    case = take(case_at("investigating"), "record_investigation", SUN, place="病房", side="patient", person="甄示例",
                content="术后第二天发热。", recorder="何示例", began=time(9, 0))  # fmt: skip
    return case, f"investigation-{case.investigations.get().pk}"


@pytest.mark.both
def test_a_name_put_right_is_masked_in_the_record_and_the_old_one_stands_behind_a_reason() -> None:
    case, target = investigated()

    case = correct(case, f"{target}.person", "贾示例")

    assert case.investigations.get().person == "贾示例"
    shown = log(case, SUN)
    assert "甄** → 贾**" in shown
    assert "甄示例" not in shown
    assert f"target=correction-{case.version}.old" in shown
    take(case, "reveal", SUN, target=f"correction-{case.version}.old", reason="核对")


def test_what_mediators_noted_for_themselves_stays_theirs_when_it_is_corrected() -> None:
    case, target = investigated()
    case = correct(case, f"{target}.person", "贾示例")
    case = correct(case, f"{target}.content", "术后第三天发热。")

    assert "术后第二天发热。 → 术后第三天发热。" in log(case, SUN)
    for by in (BUREAU, LIAISON, TOWN):
        shown = log(case, by)
        assert [words for words in ("发热", "贾**", "登记有误") if words in shown] == []
    for by in (BUREAU, LIAISON):
        with pytest.raises(Refused, match="请选择本案中的一项"):
            take(case, "reveal", by, target=f"correction-{case.version - 1}.old", reason="想知道")


def test_the_issued_record_keeps_its_words_and_that_is_said() -> None:
    case, target = investigated()
    said = case.documents.get(kind="investigation_record").says

    done = move(case, "correct", SUN, target=f"{target}.place", value="门诊", reason="写错")

    assert case.documents.get(kind="investigation_record").says == said
    assert any("保持原样，不随更正改变" in sentence for sentence in done.warnings)
    assert set(done.data) == {"field", "row", "old", "new"}


def test_an_investigation_was_after_the_assignment_and_before_now() -> None:
    case = take(case_at("awaiting_assignment"), "assign", DIRECTOR, now=at("2026-03-03"), **seats())
    case = take(case, "record_investigation", SUN, now=at("2026-03-04"), place="病房", side="patient", person="甄示例",
                content="术后发热。", recorder="何示例", began=time(9, 0))  # fmt: skip
    target = f"investigation-{case.investigations.get().pk}"

    with pytest.raises(Refused, match="不能早于分案之日"):
        correct(case, f"{target}.on", "2026-03-02", now=at("2026-03-04"))
    with pytest.raises(Refused, match="时间不能晚于现在"):
        correct(case, f"{target}.began", "09:45", now=at("2026-03-04"))
    case = correct(case, f"{target}.began", "无", now=at("2026-03-04"))
    assert case.investigations.get().began is None


def held() -> tuple[DisputeCase, str]:
    case = take(case_at("in_mediation"), "record_meeting", SUN, **meeting(result="again", others_present=["村干部"]))
    return case, f"meeting-{case.meetings.exclude(result='planned').get().pk}"


@pytest.mark.both
def test_who_came_is_put_right_with_the_numbers() -> None:
    case, target = held()

    case = correct(case, f"{target}.patient", "甄示例、贾示例")

    row = case.meetings.exclude(result="planned").get()
    assert (row.attendance["patient"], row.attendance["hospital"], row.patient_count) == (
        ["甄示例", "贾示例"],
        ["何联络"],
        2,
    )
    assert StepFacts.objects.get(case=case, seq=case.version).facts["old"] == ["甄示例"]
    assert "甄** → 甄**、贾**" in log(case, SUN)


def test_more_than_five_are_pointed_out_and_nobody_is_refused() -> None:
    case, target = held()
    done = move(case, "correct", SUN, target=f"{target}.hospital", value="甲、乙、丙、丁、戊、己", reason="漏登")
    assert any("超过 5 人" in sentence for sentence in done.warnings)
    case = correct(fresh(case), f"{target}.patient", "无")
    with pytest.raises(Refused, match="请填写到会人员"):
        correct(case, f"{target}.hospital", "无")


def test_a_meeting_that_was_held_does_not_become_one_to_come() -> None:
    case, target = held()
    with pytest.raises(Refused, match="不能改为“待召开”"):
        correct(case, f"{target}.result", "待召开")
    with pytest.raises(Refused, match="时间不能晚于现在"):
        correct(case, f"{target}.at", "2026-03-02 18:00")
    with pytest.raises(Refused, match="不能早于"):
        correct(case, f"{target}.at", "2026-02-27 10:00")


def test_the_place_of_a_planned_meeting_is_put_right_and_both_sides_have_to_be_told() -> None:
    case = case_at("in_mediation")
    done = move(case, "correct", SUN, target=f"plan-{case.meetings.get().pk}.place", value="第二调解室", reason="写错")
    assert any("另行通知双方" in sentence for sentence in done.warnings)


def test_nobody_was_mediated_with_before_being_told() -> None:
    case = case_at("investigating", now=at("2026-03-02"))
    for side in ("patient", "hospital"):
        case = take(case, "sign_rights_notice", SUN, now=at("2026-03-03"), **rights_signed(case, side))
    case = take(case, "convene", SUN, now=at("2026-03-04"), at=at("2026-03-06"), place="第一调解室")
    target = f"rights-{case.rights_notices.first().pk}.signed_on"

    with pytest.raises(Refused, match="不能晚于召开调解之日"):
        correct(case, target, "2026-03-05", now=at("2026-03-05"))
    assert correct(case, target, "2026-03-04", now=at("2026-03-05")).rights_notices.first().signed_on == date(
        2026, 3, 4
    )


# --- appraisals -------------------------------------------------------------------------------------------------------


def entrusted() -> tuple[DisputeCase, str]:
    """Accepted on 2 March, entrusted on the 4th, the opinion of the 11th."""
    case = case_at("investigating", now=at("2026-03-02"))
    case = take(case, "start_appraisal", SUN, now=at("2026-03-04"), **appraisal(date(2026, 3, 3)))
    return case, f"appraisal-{case.appraisals.get().pk}"


@pytest.mark.both
@pytest.mark.rule("R09")
def test_the_corrected_days_of_an_appraisal_are_the_days_that_do_not_count() -> None:
    case, target = entrusted()
    case = take(case, "finish_appraisal", SUN, now=at("2026-03-11"), **opinion())
    right = case.mediation_due_on
    result = target.replace("appraisal", "opinion")

    case = correct(case, f"{target}.entrusted_on", "2026-03-03", now=at("2026-03-12"))
    assert case.mediation_due_on == working_day_after(right, 1)

    case = correct(case, f"{result}.ended_on", "2026-03-10", now=at("2026-03-12"))
    assert (case.mediation_due_on, case.entered_on) == (right, date(2026, 3, 10))

    case = correct(case, f"{target}.entrusted_on", "2026-03-10", now=at("2026-03-12"))
    assert deadline_of(case, "mediation").stopped is False
    assert case.mediation_due_on == working_day_after(accepted_alone(), 1)


def accepted_alone() -> date:
    due_on = case_at("investigating", now=at("2026-03-02")).mediation_due_on
    assert due_on is not None
    return due_on


def working_day_after(on: date | None, days: int) -> date:
    from workflow.rulebook import calendar_of, current_edition

    assert on is not None
    return calendar_of(current_edition()).add_working_days(on, days)


def test_while_the_clock_stands_still_it_stands_still_from_the_corrected_day() -> None:
    case, target = entrusted()

    case = correct(case, f"{target}.entrusted_on", "2026-03-03", now=at("2026-03-05"))

    assert (case.stopped, case.mediation_due_on, case.entered_on) == (True, None, date(2026, 3, 3))
    assert case.tasks.get(finished__isnull=True).due_on == case.due_on


@pytest.mark.parametrize(("field", "value", "reason"), [
    ("entrusted_on", "2026-03-02", "不能早于双方同意之日"), ("entrusted_on", "2026-03-06", "不能晚于今天"),
    ("patient_consent_on", "2026-03-05", "不能晚于委托日期"), ("hospital_prepaid_amount", "一千", "金额请写数字"),
])  # fmt: skip
def test_an_appraisal_follows_the_consents(field: str, value: str, reason: str) -> None:
    case, target = entrusted()
    with pytest.raises(Refused, match=reason):
        correct(case, f"{target}.{field}", value, now=at("2026-03-05"))


def test_once_mediation_has_ended_the_days_of_the_appraisal_stand() -> None:
    case, target = entrusted()
    case = take(case, "finish_appraisal", SUN, now=at("2026-03-11"), **opinion())
    case = take(
        case, "fail", SUN, now=at("2026-03-12"), reason="disagreement", note="差距过大。", routes_explained=True
    )
    with pytest.raises(Refused, match="调解期限已经终结"):
        correct(case, f"{target}.entrusted_on", "2026-03-03", now=at("2026-03-12"))
    case = correct(case, f"{target.replace('appraisal', 'opinion')}.degree", "主要原因", now=at("2026-03-12"))
    assert case.appraisals.get().degree == "main"


def test_what_no_opinion_says_cannot_be_corrected() -> None:
    case, target = entrusted()
    with pytest.raises(Refused, match="请选择本案中的一项"):
        correct(case, f"{target.replace('appraisal', 'opinion')}.fault", "有", now=at("2026-03-05"))


# --- marks ------------------------------------------------------------------------------------------------------------


def signed() -> DisputeCase:
    """Both sides on 4 March, mediator and seal on the 5th."""
    case = take(case_at("in_mediation"), "draft_agreement", SUN, now=at("2026-03-03"), **terms())
    case = sign(case, MarkKind.PATIENT, MarkKind.HOSPITAL, now=at("2026-03-04"))
    return sign(case, MarkKind.MEDIATOR, MarkKind.SEAL, now=at("2026-03-05"))


def mark_of(case: DisputeCase, kind: str) -> str:
    return f"mark-{case.agreements.get().marks.get(kind=kind).pk}.on"


def test_before_it_takes_effect_the_day_of_a_mark_decides_when_it_does() -> None:
    case = signed()
    case = correct(case, mark_of(case, "seal"), "2026-03-04", now=at("2026-03-06"))
    case = correct(case, mark_of(case, "mediator"), "2026-03-04", now=at("2026-03-06"))

    case = take(case, "conclude", SUN, now=at("2026-03-06"), happened_on=date(2026, 3, 4))

    assert case.agreements.get().effective_on == date(2026, 3, 4)


@pytest.mark.both
def test_after_effect_a_mark_moves_only_as_far_as_the_effect_stays() -> None:
    case = take(signed(), "conclude", SUN, now=at("2026-03-05"))
    agreement = case.agreements.get()

    case = correct(case, mark_of(case, "patient"), "2026-03-03", by=CLERK, now=at("2026-03-06"))
    assert case.agreements.get().effective_on == date(2026, 3, 5)
    with pytest.raises(Refused, match="与协议生效日期 2026-03-05 不符"):
        correct(case, mark_of(case, "seal"), "2026-03-06", now=at("2026-03-06"))
    with pytest.raises(Refused, match="不能早于协议拟定日期"):
        correct(case, mark_of(case, "patient"), "2026-03-02", now=at("2026-03-06"))
    assert case.agreements.get().confirmation.last_day == agreement.confirmation.last_day


def test_both_sides_stay_within_the_period_when_a_mark_is_corrected() -> None:
    case = take(signed(), "conclude", SUN, now=at("2026-03-05"))
    DisputeCase.objects.filter(pk=case.pk).update(mediation_due_on=date(2026, 3, 4))
    with pytest.raises(Refused, match="依条例第38条视为调解不成"):
        correct(case, mark_of(case, "patient"), "2026-03-05", now=at("2026-03-06"))


def test_the_marks_of_a_towns_agreement_are_the_committees_to_correct() -> None:
    case = take(case_at("town_handling"), "settle_locally", TOWN, **terms(), patient_signed_on=NOW.date(),
                hospital_signed_on=NOW.date(), paper=paper("和解协议"))  # fmt: skip
    target = f"mark-{case.agreements.get().marks.get(kind='patient').pk}.on"
    with pytest.raises(Refused, match="协议的签署日期由市医调委更正"):
        correct(case, target, "2026-03-01", by=TOWN)
    with pytest.raises(Refused, match="请选择本案中的一项"):
        correct(case, target, "2026-03-01", by="hotline_lin")


# --- money ----------------------------------------------------------------------------------------------------------------


@pytest.mark.both
def test_the_day_of_a_payment_stays_between_effect_and_performance() -> None:
    case = pay_all(case_at("performing"), now=at("2026-03-10"))
    case = take(case, "performed", SUN, now=at("2026-03-12"))
    target = f"payment-{case.agreements.get().instalments.first().pk}.paid_on"

    case = correct(case, target, "2026-03-09", by=SUN, now=at("2026-03-13"))
    assert case.agreements.get().instalments.first().paid_on == date(2026, 3, 9)
    for value, reason in (("2026-03-13", "不能晚于履行完毕之日"), ("2026-03-01", "不能早于")):
        with pytest.raises(Refused, match=reason):
            correct(case, target, value, by=SUN, now=at("2026-03-13"))
    with pytest.raises(Refused, match="请选择本案中的一项"):
        correct(case, target.replace("paid_on", "amount"), "1", by=SUN, now=at("2026-03-13"))


def test_what_is_not_paid_yet_has_no_day_to_correct() -> None:
    case = case_at("performing")
    with pytest.raises(Refused, match="请选择本案中的一项"):
        correct(case, f"payment-{case.agreements.get().instalments.first().pk}.paid_on", "2026-03-02", by=SUN)


# --- visits -----------------------------------------------------------------------------------------------------------


def test_a_visit_says_what_was_said_and_stays_on_its_day() -> None:
    case = visited(now=at("2026-03-05"))
    target = f"visit-{case.visits.get().pk}"

    case = correct(case, f"{target}.result", "收到首期款。", now=at("2026-03-06"))
    case = correct(case, f"{target}.satisfaction", "无", now=at("2026-03-06"))
    case = correct(case, f"{target}.at", "2026-03-05 08:30", now=at("2026-03-06"))
    row = case.visits.get()
    assert (row.result, row.satisfaction, row.is_solved) == ("收到首期款。", "", True)
    with pytest.raises(Refused, match="请办理“再次回访”写明"):
        correct(case, f"{target}.at", "2026-03-04 08:30", now=at("2026-03-06"))
    for field in ("reached", "by"):
        with pytest.raises(Refused, match="请选择本案中的一项"):
            correct(case, f"{target}.{field}", "否", now=at("2026-03-06"))


def test_whoever_was_not_reached_gave_no_rating() -> None:
    case = take(
        visited(), "visit_again", SUN, **visit(reached=False, result="无人接听。", satisfaction="", is_solved=None)
    )
    row = case.visits.get(reached=False)
    with pytest.raises(Refused, match="不填写满意程度"):
        correct(case, f"visit-{row.pk}.is_solved", "是")


@pytest.mark.both
def test_a_whole_life_offers_a_correction_of_everything_that_was_recorded_and_only_to_the_committee() -> None:
    case = whole_life()
    kinds = {
        by: {one.kind.key for one in offered(case, Eyes.of(persona(by), case))} for by in (CLERK, TOWN, "hotline_lin")
    }
    dispute = {"case", "party", "respondent"}

    assert kinds[CLERK] == set(RECORDED) - {"plan", "ruling"}  # every meeting was held, and no court was asked
    assert kinds[TOWN] - dispute == {"contact", "paper", "seat"}
    assert kinds["hotline_lin"] == dispute


def test_no_correction_reaches_state_number_outcome_or_chain() -> None:
    case = take(signed(), "conclude", SUN, now=at("2026-03-05"))
    before = (case.state, case.number, case.outcome, case.level, case.due_on)
    case = correct(case, mark_of(case, "patient"), "2026-03-03", now=at("2026-03-06"))
    assert (case.state, case.number, case.outcome, case.level, case.due_on) == before
    assert [event.seq for event in Event.objects.filter(chain=case.chain).order_by("seq")] == [
        *range(1, case.version + 1)
    ]
