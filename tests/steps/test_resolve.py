"""解释化解: the caller is content, nothing was promised."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest

from tests.factories import case_at, persona, take
from workflow.registry import Refused

pytestmark = pytest.mark.django_db


def explained(**changes: Any) -> dict[str, Any]:
    return {
        "began": time(9, 0), "means": "phone", "explanation": "向来电人说明收费明细，来电人表示理解。", "caller_content": True, "no_terms": True,
    } | changes  # fmt: skip


def test_what_was_explained_is_kept_as_a_contact() -> None:
    case = take(case_at("town_handling"), "resolve", "town_wang", **explained())

    assert (case.state, case.outcome) == ("follow_up", "resolved_by_town")
    contact = case.contacts.get()
    assert (contact.purpose, contact.reached, contact.by, contact.organisation) == (
        "explain", True, persona("town_wang"), case.town)  # fmt: skip


def test_a_caller_who_is_not_content_is_not_resolved() -> None:
    with pytest.raises(Refused, match="尚不认可"):
        take(case_at("town_handling"), "resolve", "town_wang", **explained(caller_content=False))


@pytest.mark.rule("R20")
def test_what_was_promised_goes_into_a_written_agreement() -> None:
    with pytest.raises(Refused, match="签订书面协议（条例第30条）"):
        take(case_at("town_handling"), "resolve", "town_wang", **explained(no_terms=False))


def test_it_is_not_recorded_before_it_happened() -> None:
    with pytest.raises(Refused, match="沟通时间不能晚于现在"):
        take(case_at("town_handling"), "resolve", "town_wang", **explained(began=time(18, 0)))
