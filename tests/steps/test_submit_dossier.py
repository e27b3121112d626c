"""提交卷宗: every demanded item is there or explained (人民调解法 27; R32)."""

from __future__ import annotations

from typing import Any

import pytest

from mediation.cases.case import DisputeCase
from mediation.settlement.dossier import missing_items
from tests.factories import TODAY, case_at, move, take
from tests.factories_mediation import failed, visited
from workflow.registry import Refused

pytestmark = pytest.mark.django_db
NO_MEETING = {"standing": "explained", "reason": "一方始终未到会。"}


@pytest.fixture
def case() -> DisputeCase:
    """Failed without a single meeting and before anybody signed the rights notice."""
    return failed(start="investigating")


def items(**changes: Any) -> dict[str, Any]:
    return {"meeting": NO_MEETING, "rights": {"standing": "present", "pages": "3-4"}} | changes


@pytest.mark.rule("R32")
def test_a_settled_case_has_everything_and_nobody_need_say_so() -> None:
    case = take(visited(), "submit_dossier", "mediator_sun", items={})

    assert case.dossier_submitted_on == TODAY
    assert missing_items(case) == []


@pytest.mark.rule("R32")
def test_what_is_missing_is_explained_or_shown_by_its_pages(case: DisputeCase) -> None:
    assert missing_items(case) == ["权利义务告知书", "调解笔录"]

    case = take(case, "submit_dossier", "mediator_sun", items=items())

    assert missing_items(case) == []
    rows = {row.key: row for row in case.dossier_items.all()}
    assert (rows["meeting"].standing, rows["meeting"].reason, rows["rights"].pages) == (
        "explained",
        "一方始终未到会。",
        "3-4",
    )


@pytest.mark.rule("R32")
@pytest.mark.parametrize(("said", "sentence", "field"), [
    ({}, "“调解笔录”为本结果必备", "meeting_standing"),
    ({"standing": "explained", "reason": " "}, "请填写缺少“调解笔录”的原因", "meeting_reason"),
    ({"standing": "present"}, "请填写“调解笔录”的页号", "meeting_pages"),
    ({"standing": "not_applicable"}, "不能选“不适用”", "meeting_standing"),
    ({"standing": "somewhere"}, "请选择“调解笔录”的情况", "meeting_standing"),
])  # fmt: skip
def test_a_demanded_item_is_not_passed_over(case: DisputeCase, said: dict[str, str], sentence: str, field: str) -> None:
    with pytest.raises(Refused, match=sentence) as refused:
        take(case, "submit_dossier", "mediator_sun", items=items(meeting=said))
    assert refused.value.field == field
    assert not case.dossier_items.exists()


def test_what_the_outcome_does_not_demand_may_be_not_applicable(case: DisputeCase) -> None:
    case = take(case, "submit_dossier", "mediator_sun", items=items(proxy={"standing": "not_applicable"}))

    assert case.dossier_items.get(key="proxy").standing == "not_applicable"


def test_there_are_thirteen_items_and_no_more(case: DisputeCase) -> None:
    with pytest.raises(Refused, match="卷宗清单中没有这些项目：poem"):
        take(case, "submit_dossier", "mediator_sun", items=items(poem={"standing": "present"}))


def test_it_may_be_submitted_again(case: DisputeCase) -> None:
    case = take(case, "submit_dossier", "mediator_sun", items=items())
    case = take(case, "submit_dossier", "mediator_sun", items=items(meeting={"standing": "present", "pages": "9"}))

    assert case.dossier_items.get(key="meeting").standing == "present"


def test_a_case_that_was_never_accepted_has_no_dossier_to_submit() -> None:
    from workflow.machine import blocker

    assert "未经医调委受理" in str(blocker(case_at("closing"), "committee_case", TODAY))


def test_the_event_says_what_and_not_why(case: DisputeCase) -> None:
    done = move(case, "submit_dossier", "mediator_sun", items=items())

    assert done.data["items"] == ["meeting:explained", "rights:present"]
