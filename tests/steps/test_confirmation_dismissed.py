"""司法确认驳回: the court's ruling ends it (人民调解法 33; R19)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.factories import at, case_at, paper, take
from workflow.registry import Refused

pytestmark = pytest.mark.django_db
NOW = at("2026-03-20")


def ruling(**changes: Any) -> dict[str, Any]:
    return {
        "court": "示例人民法院", "ruling_no": "（2026）粤示例民特1号", "applied_on": date(2026, 3, 10), "note": "内容不明确。",
        "paper": paper("民事裁定书"),
    } | changes  # fmt: skip


@pytest.mark.rule("R19")
@pytest.mark.parametrize("state", ["performing", "follow_up"])
def test_the_ruling_is_on_record_and_the_case_ends(state: str) -> None:
    case = take(case_at(state), "confirmation_dismissed", "mediator_sun", now=NOW, **ruling())

    row = case.agreements.get().confirmation
    assert (case.state, case.outcome) == ("closing", "confirmation_dismissed")
    assert (row.ruling, row.ruled_on, row.applied_on) == ("dismissed", date(2026, 3, 20), date(2026, 3, 10))
    assert case.papers.filter(kind="confirmation").exists()


@pytest.mark.parametrize(("change", "sentence"), [
    ({"court": ""}, "请填写法院"), ({"ruling_no": ""}, "文号"), ({"note": ""}, "驳回的理由"), ({"paper": None}, "请附上人民法院的裁定书"),
    ({"applied_on": date(2026, 3, 21)}, "申请日期不能晚于"), ({"applied_on": date(2026, 3, 1)}, "不能早于协议生效日期"),
])  # fmt: skip
def test_court_number_reason_and_ruling(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        take(case_at("performing"), "confirmation_dismissed", "mediator_sun", now=NOW, **ruling(**change))


def test_a_payment_that_comes_later_can_still_be_recorded() -> None:
    from tests.factories_mediation import pay_all

    case = take(case_at("performing"), "confirmation_dismissed", "mediator_sun", now=NOW, **ruling())

    assert pay_all(case, now=NOW).state == "closing"
