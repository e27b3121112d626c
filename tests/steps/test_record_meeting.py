"""调解笔录: who came, what was said, what came of it."""

from __future__ import annotations

from datetime import date, time

import pytest
from django.utils import timezone

from mediation.cases.stepform import form_of
from tests.factories import at, case_at, move, persona, take
from tests.factories_mediation import meeting, rights_signed
from workflow.lifecycle import STEPS
from workflow.registry import Refused

pytestmark = pytest.mark.django_db


def test_the_planned_meeting_becomes_the_held_one() -> None:
    case = case_at("in_mediation")
    planned = case.meetings.get()

    case = take(case, "record_meeting", "mediator_sun", now=at("2026-03-05", 17), **meeting(began=time(9, 30)))

    held = case.meetings.get()
    assert held.pk == planned.pk
    assert (held.at, held.result, held.recorder) == (at("2026-03-05", 9, 30), "agreed", "何示例")
    assert held.attendance == {"patient": ["甄示例"], "hospital": ["何联络"], "others": []}
    assert case.documents.filter(kind="meeting_record").exists()


def test_the_form_begins_with_the_hour_that_was_planned() -> None:
    case = case_at("in_mediation")
    form = form_of(STEPS["record_meeting"])(case=case, user=persona("mediator_sun"), today=date(2026, 3, 5))

    (planned,) = case.meetings.all()
    assert f'value="{timezone.localtime(planned.at):%H:%M}"' in str(form["began"])


def test_a_further_meeting_is_a_row_of_its_own_and_may_be_planned_at_once() -> None:
    case = case_at("in_mediation")

    case = take(case, "record_meeting", "mediator_sun", now=at("2026-03-05", 17),
                **meeting(result="again", next_at=at("2026-03-12", 14)))  # fmt: skip

    held, planned = case.meetings.all()
    assert (held.result, planned.result, planned.at) == ("again", "planned", at("2026-03-12", 14))
    assert case.documents.filter(kind="meeting_invitation", event_seq=case.version).exists()


def test_the_next_meeting_is_only_planned_when_talks_go_on() -> None:
    with pytest.raises(Refused, match="只有结果为“再次调解”的"):
        take(case_at("in_mediation"), "record_meeting", "mediator_sun", **meeting(next_at=at("2026-03-12")))


def test_a_meeting_cannot_be_recorded_before_it_has_begun() -> None:
    with pytest.raises(Refused, match="调解会的时间不能晚于现在"):
        take(case_at("in_mediation"), "record_meeting", "mediator_sun", **meeting(began=time(10, 0)))


def test_planned_is_no_result() -> None:
    with pytest.raises(Refused, match="请选择调解结果"):
        take(case_at("in_mediation"), "record_meeting", "mediator_sun", **meeting(result="planned"))


def test_somebody_was_there() -> None:
    with pytest.raises(Refused, match="请填写到会人员"):
        take(
            case_at("in_mediation"),
            "record_meeting",
            "mediator_sun",
            **meeting(patient_present=[], hospital_present=[]),
        )


def test_the_question_of_objections_is_answered() -> None:
    with pytest.raises(Refused, match="有无异议"):
        take(case_at("in_mediation"), "record_meeting", "mediator_sun", **meeting(objection=" "))


@pytest.mark.rule("R15")
def test_six_people_of_a_side_are_pointed_out() -> None:
    done = move(case_at("in_mediation"), "record_meeting", "mediator_sun",
                **meeting(patient_present=[f"家属{n}" for n in range(6)]))  # fmt: skip

    assert done.warnings == ["一方到场代表超过 5 人（条例第30条）"]
    assert "家属" not in str(done.data)


@pytest.mark.rule("R06")
def test_nobody_was_mediated_with_before_being_told_of_rights_or_being_invited() -> None:
    case = case_at("investigating", now=at("2026-03-02"))
    for side in ("patient", "hospital"):
        case = take(case, "sign_rights_notice", "mediator_sun", now=at("2026-03-04"), **rights_signed(case, side))
    case = take(case, "convene", "mediator_sun", now=at("2026-03-05"), at=at("2026-03-06"), place="第一调解室")

    for day, why in (("2026-03-03", "签收权利义务告知书之日 2026-03-04"), ("2026-03-04", "召开调解之日 2026-03-05")):
        with pytest.raises(Refused, match=why):
            take(
                case,
                "record_meeting",
                "mediator_sun",
                now=at("2026-03-06"),
                happened_on=date.fromisoformat(day),
                **meeting(),
            )
    assert take(
        case, "record_meeting", "mediator_sun", now=at("2026-03-06", 10), happened_on=date(2026, 3, 5), **meeting()
    )
