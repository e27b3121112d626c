"""鉴定完成: an opinion with four parts, a refusal, a withdrawal; the clock runs on (条例 36, 38; R09)."""

from __future__ import annotations

from datetime import date

import pytest

from tests.factories import at, case_at, paper, take
from tests.factories_mediation import appraisal, opinion
from workflow.registry import Refused

pytestmark = pytest.mark.django_db


@pytest.mark.rule("R09")
def test_the_days_of_the_appraisal_do_not_count() -> None:
    case = take(case_at("investigating"), "start_appraisal", "mediator_sun", now=at("2026-03-16"), **appraisal())

    case = take(case, "finish_appraisal", "mediator_sun", now=at("2026-05-11"), **opinion())

    assert (case.state, case.stopped, case.mediation_due_on) == ("investigating", False, date(2026, 6, 9))
    row = case.appraisals.get()
    assert (row.state, row.degree, row.ended_on) == ("opinion_issued", "minor", date(2026, 5, 11))


@pytest.mark.parametrize(
    ("part", "sentence"),
    [("damage", "请填写损害及其程度"), ("fault", "请填写是否存在医疗过错"), ("causation", "因果关系"),
     ("degree", "请选择责任程度"), ("opinion_no", "请填写鉴定意见书编号")],
)  # fmt: skip
def test_an_opinion_has_its_four_statutory_parts_and_a_number(part: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence) as refused:
        take(case_at("under_appraisal"), "finish_appraisal", "mediator_sun", **opinion(**{part: ""}))
    assert refused.value.field == part


@pytest.mark.parametrize(("result", "state"), [("declined", "declined"), ("withdrawn", "withdrawn")])
def test_without_an_opinion_the_clock_runs_on_all_the_same(result: str, state: str) -> None:
    case = take(case_at("under_appraisal"), "finish_appraisal", "mediator_sun", now=at("2026-03-10"),
                result=result, note="材料不足。", paper=paper("不予受理通知"))  # fmt: skip

    assert (case.stopped, case.appraisals.get().state) == (False, state)
    assert case.mediation_due_on > date(2026, 4, 14)


@pytest.mark.parametrize("facts", [opinion(paper=None), {"result": "declined", "note": "材料不足。"}])
def test_every_ending_has_its_paper(facts: dict[str, object]) -> None:
    with pytest.raises(Refused, match="请附上"):
        take(case_at("under_appraisal"), "finish_appraisal", "mediator_sun", **facts)


def test_who_declined_has_no_opinion() -> None:
    with pytest.raises(Refused, match="没有出具意见的，不填写意见内容"):
        take(
            case_at("under_appraisal"), "finish_appraisal", "mediator_sun", **opinion(result="declined", note="不受理")
        )


def test_a_second_appraisal_can_follow_the_first() -> None:
    case = take(case_at("under_appraisal"), "finish_appraisal", "mediator_sun", now=at("2026-03-10"), **opinion())

    case = take(case, "start_appraisal", "mediator_sun", now=at("2026-03-11"), **appraisal())

    assert (case.appraisals.count(), case.stopped) == (2, True)
