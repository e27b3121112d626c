"""镇街人民调解: the town's own committee (人民调解法 34; R01, R16, R17, R19)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.factories import TODAY, at, case_at, paper, take, town_with_committee
from tests.factories_mediation import terms
from workflow.registry import Refused
from workflow.rulebook import ClockMark

pytestmark = pytest.mark.django_db


def mediated(**changes: Any) -> dict[str, Any]:
    days = ("patient_consented_on", "hospital_consented_on", "patient_signed_on", "hospital_signed_on",
            "mediator_signed_on", "sealed_on")  # fmt: skip
    return terms() | dict.fromkeys(days, TODAY) | {
        "consent_means": "office", "mediator_name": "示例调解员", "paper": paper("镇街人民调解协议书"),
    } | changes  # fmt: skip


@pytest.mark.rule("R17")
def test_it_has_its_own_agreement_and_four_marks() -> None:
    town_with_committee()

    case = take(case_at("town_handling"), "settle_by_town_committee", "town_wang", **mediated())

    agreement = case.agreements.get()
    assert (case.state, case.outcome, agreement.kind, agreement.effective_on) == (
        "performing", "mediated_by_town", "town_mediation", TODAY)  # fmt: skip
    assert set(agreement.marks.values_list("kind", flat=True)) == {"patient", "hospital", "mediator", "seal"}


@pytest.mark.rule("R19")
def test_the_court_can_be_asked_and_the_clock_runs() -> None:
    town_with_committee()

    case = take(case_at("town_handling"), "settle_by_town_committee", "town_wang", **mediated())

    assert case.agreements.get().confirmation.last_day == date(2026, 4, 1)
    assert ClockMark.objects.get(case_id=case.pk, clock="judicial_confirmation").on == TODAY
    assert case.documents.filter(kind="confirmation_notice").exists()


@pytest.mark.rule("R01")
def test_both_consented_before_anybody_signed_and_it_is_on_record() -> None:
    town_with_committee()
    case = case_at("town_handling")
    with pytest.raises(Refused, match="同意调解的日期不能晚于签署日期"):
        take(case, "settle_by_town_committee", "town_wang", now=at("2026-03-03"),
             **mediated(hospital_consented_on=date(2026, 3, 3), sealed_on=date(2026, 3, 3)))  # fmt: skip

    case = take(case, "settle_by_town_committee", "town_wang", **mediated())
    assert set(case.consents.values_list("side", "given")) == {("patient", True), ("hospital", True)}


def test_a_town_without_a_registered_committee_cannot() -> None:
    with pytest.raises(Refused, match="没有登记备案的人民调解委员会"):
        take(case_at("town_handling"), "settle_by_town_committee", "town_wang", **mediated())


@pytest.mark.rule("R16")
@pytest.mark.parametrize(("name", "value", "sentence"), [
    ("responsibility", "", "各方责任"), ("mediator_name", "", "镇街人民调解员"), ("paper", None, "请附上"), ("consent_means", "", "方式"),
])  # fmt: skip
def test_contents_mediator_and_scan_are_there(name: str, value: Any, sentence: str) -> None:
    town_with_committee()

    with pytest.raises(Refused, match=sentence):
        take(case_at("town_handling"), "settle_by_town_committee", "town_wang", **mediated(**{name: value}))
