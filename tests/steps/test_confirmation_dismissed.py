"""司法确认驳回: the court's ruling ends it (人民调解法 33; R19)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.factories import at, case_at, paper, take, town_with_committee
from tests.factories_mediation import terms
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


@pytest.mark.rule("R19")
def test_the_town_records_the_ruling_on_its_own_committees_agreement() -> None:
    """No mediator of the city is there to do it, and the thirty days run all the same (人民调解法 33, 34)."""
    town_with_committee()
    case = take(case_at("town_handling"), "settle_by_town_committee", "town_wang", **signed_today(), **terms())

    case = take(case, "confirmation_dismissed", "town_wang", now=NOW, **ruling())

    assert (case.state, case.outcome) == ("closing", "confirmation_dismissed")


def test_a_private_settlement_knows_no_confirmation() -> None:
    on = date(2026, 3, 2)
    case = take(case_at("town_handling"), "settle_locally", "town_wang", patient_signed_on=on, hospital_signed_on=on,
                paper=paper("和解协议书"), **terms())  # fmt: skip

    with pytest.raises(Refused, match="只有人民调解协议可以申请司法确认"):
        take(case, "confirmation_dismissed", "town_wang", now=NOW, **ruling())


def signed_today() -> dict[str, Any]:
    days = ("patient_consented_on", "hospital_consented_on", "patient_signed_on", "hospital_signed_on", "mediator_signed_on",
            "sealed_on")  # fmt: skip
    facts = {"consent_means": "office", "mediator_name": "叶示例", "paper": paper("镇街人民调解协议书")}
    return facts | dict.fromkeys(days, date(2026, 3, 2))
