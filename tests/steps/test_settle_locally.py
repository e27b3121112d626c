"""就地和解: the parties' own written agreement (条例 30; R14, R15, R20)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from mediation.organisations.models import Ownership
from tests.factories import HOSPITAL, TODAY, at, case_at, move, organisation, paper, take
from tests.factories_mediation import terms
from workflow.registry import Refused
from workflow.rulebook import ClockMark

pytestmark = pytest.mark.django_db


def settled(amount: str = "8000.00", **changes: Any) -> dict[str, Any]:
    total = Decimal(amount)
    return terms(total_amount=total, hospital_amount=total, insurer_amount=Decimal(0), instalments=[]) | {
        "patient_signed_on": TODAY, "hospital_signed_on": TODAY, "paper": paper("和解协议书"),
    } | changes  # fmt: skip


def hospital_is(ownership: str) -> None:
    hospital = organisation(HOSPITAL)
    hospital.ownership = ownership
    hospital.save()


def test_it_is_in_force_when_both_have_signed_and_no_court_is_asked() -> None:
    case = take(case_at("town_handling"), "settle_locally", "town_wang", **settled())

    agreement = case.agreements.get()
    assert (case.state, case.outcome, case.level) == ("performing", "settled_by_town", "town")
    assert (agreement.kind, agreement.effective_on) == ("settlement", TODAY)
    assert set(agreement.marks.values_list("kind", flat=True)) == {"patient", "hospital"}
    assert not ClockMark.objects.filter(case_id=case.pk, clock="judicial_confirmation").exists()
    assert case.documents.filter(kind="settlement_agreement").exists()


@pytest.mark.rule("R20")
def test_it_is_written_whole_and_signed() -> None:
    with pytest.raises(Refused, match="请附上双方签署的和解协议书"):
        take(case_at("town_handling"), "settle_locally", "town_wang", **settled(paper=None))
    with pytest.raises(Refused, match="请填写争议事项"):
        take(case_at("town_handling"), "settle_locally", "town_wang", **settled(issues=""))


def test_the_day_of_the_last_signature_is_the_day() -> None:
    with pytest.raises(Refused, match="和解协议自最后一方签署之日 2026-03-02 成立"):
        take(case_at("town_handling"), "settle_locally", "town_wang", now=at("2026-03-03"), **settled())


def test_nobody_signs_before_the_case_came() -> None:
    facts = settled(patient_signed_on=date(2026, 2, 27))

    with pytest.raises(Refused, match="不能早于案件接收日期"):
        take(case_at("town_handling"), "settle_locally", "town_wang", **facts)


@pytest.mark.rule("R14")
@pytest.mark.parametrize(
    ("ownership", "amount", "warned"),
    [
        (Ownership.PUBLIC, "10000.01", True),
        (Ownership.PUBLIC, "10000.00", False),
        (Ownership.PRIVATE, "10000.01", False),
    ],
)
def test_a_public_hospital_above_the_limit_is_pointed_out_and_not_refused(
    ownership: str, amount: str, warned: bool
) -> None:  # noqa: FBT001
    hospital_is(ownership)

    done = move(case_at("town_handling"), "settle_locally", "town_wang", **settled(amount))

    assert done.case.state == "performing"
    assert any("粤府令186号" in sentence for sentence in done.warnings) is warned


@pytest.mark.rule("R15")
def test_six_representatives_are_pointed_out() -> None:
    hospital_is(Ownership.PRIVATE)

    done = move(case_at("town_handling"), "settle_locally", "town_wang", **settled(patient_count=5, hospital_count=6))

    assert done.warnings == ["协商时一方代表超过 5 人（条例第30条）"]


def test_the_town_pays_visits_and_closes_it_alone() -> None:
    from tests.factories_mediation import pay_all, visit

    case = take(case_at("town_handling"), "settle_locally", "town_wang", **settled())
    case = pay_all(case, now=at("2026-03-02"), by="town_wang")
    case = take(case, "performed", "town_wang")
    case = take(case, "visit", "town_wang", **visit())

    assert take(case, "close", "town_wang", retention="30").state == "closed"
