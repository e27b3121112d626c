"""调查笔录: one record a person (人民调解法 27)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.factories import at, case_at, move, paper, persona, take
from tests.factories_mediation import seats
from workflow.registry import Refused

pytestmark = pytest.mark.django_db


def record(**changes: Any) -> dict[str, Any]:
    return {
        "place": "示例人民医院医务科", "side": "hospital", "person": "钱医师（示例）", "content": "术后第三天发现切口红肿。",
        "recorder": "何示例", "paper": paper("调查笔录签名件"),
    } | changes  # fmt: skip


def test_the_record_names_place_person_recorder_and_investigator() -> None:
    case = take(case_at("investigating"), "record_investigation", "mediator_sun", **record())

    row = case.investigations.get()
    assert (row.person, row.recorder, row.by, row.on.isoformat()) == (
        "钱医师（示例）",
        "何示例",
        persona("mediator_sun"),
        "2026-03-02",
    )
    assert row.paper.kind == "record"
    assert case.state == "investigating"


def test_it_brings_its_document() -> None:
    case = take(case_at("investigating"), "record_investigation", "mediator_sun", **record())

    assert case.documents.filter(kind="investigation_record").count() == 1


@pytest.mark.parametrize(
    ("name", "what"), [("place", "调查地点"), ("person", "被调查人"), ("content", "调查内容"), ("recorder", "记录人")]
)
def test_nothing_of_it_may_be_blank(name: str, what: str) -> None:
    with pytest.raises(Refused, match=f"请填写{what}") as refused:
        take(case_at("investigating"), "record_investigation", "mediator_sun", **record(**{name: "  "}))
    assert refused.value.field == name


def test_the_event_holds_no_word_of_it() -> None:
    done = move(case_at("under_appraisal"), "record_investigation", "mediator_sun", **record())

    assert "钱医师" not in str(done.data)
    assert "红肿" not in str(done.data)


def test_nobody_investigates_before_being_assigned() -> None:
    case = take(case_at("awaiting_assignment"), "assign", "director_xu", now=at("2026-03-04"), **seats())

    with pytest.raises(Refused, match="不能早于分案之日 2026-03-04"):
        take(
            case, "record_investigation", "mediator_sun", now=at("2026-03-05"), happened_on=date(2026, 3, 3), **record()
        )
