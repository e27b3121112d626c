"""补充协议: new marks, open instalments replaced (条例 39)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from mediation.cases.case import DisputeCase
from mediation.settlement.models import Instalment
from tests.factories import at, case_at, move, paper, take
from tests.factories_mediation import pay_all, terms
from workflow.registry import Refused

pytestmark = pytest.mark.django_db
ON = date(2026, 3, 9)
LAST = Decimal("60000.00")


def supplement(**changes: Any) -> dict[str, Any]:
    """The insurer's share is to be paid a month later, in two parts."""
    half = {"payer": "insurer", "amount": LAST / 2}
    return {
        "content": "保险部分改为分两期支付。", "perform_by": date(2026, 6, 30), "patient_signed_on": ON,
        "hospital_signed_on": date(2026, 3, 6), "mediator_signed_on": ON, "sealed_on": ON, "paper": paper("补充协议"),
        "instalments": [half | {"due_on": date(2026, 5, 31)}, half | {"due_on": date(2026, 6, 30)}],
    } | changes  # fmt: skip


@pytest.fixture
def case() -> DisputeCase:
    """The hospital has paid, the insurer has not."""
    case = case_at("performing")
    first = case.agreements.get().instalments.get(payer="hospital")
    return take(case, "record_payment", "mediator_sun", now=at("2026-03-05"), instalment=first, paper=paper("转账凭证"))


def test_what_is_open_is_replaced_and_what_was_paid_stays_paid(case: DisputeCase) -> None:
    case = take(case, "amend", "mediator_sun", now=at("2026-03-09"), **supplement())

    first, second = case.agreements.order_by("pk")
    assert list(first.instalments.order_by("number").values_list("state", flat=True)) == ["paid", "waived"]
    assert (second.kind, second.effective_on, second.total_amount, second.hospital_amount) == (
        "supplement",
        ON,
        LAST,
        0,
    )
    assert (case.state, case.due_on) == ("performing", date(2026, 5, 31))


@pytest.mark.rule("R17")
def test_it_has_its_own_four_marks(case: DisputeCase) -> None:
    case = take(case, "amend", "mediator_sun", now=at("2026-03-09"), **supplement())

    marks = case.agreements.get(kind="supplement").marks
    assert set(marks.values_list("kind", "on")) == {
        ("patient", ON), ("hospital", date(2026, 3, 6)), ("mediator", ON), ("seal", ON)
    }  # fmt: skip
    assert marks.get(kind="hospital").hospital == case.respondents.get().hospital


@pytest.mark.rule("R17")
def test_it_stands_from_the_last_mark_and_on_paper(case: DisputeCase) -> None:
    with pytest.raises(Refused, match="补充协议自最后一方签署之日 2026-03-09 成立"):
        take(case, "amend", "mediator_sun", now=at("2026-03-10"), **supplement())
    with pytest.raises(Refused, match="请附上已签署的补充协议"):
        take(case, "amend", "mediator_sun", now=at("2026-03-09"), **supplement(paper=None))


def test_it_is_not_older_than_the_agreement(case: DisputeCase) -> None:
    with pytest.raises(Refused, match="不能早于原协议生效日期 2026-03-02"):
        take(case, "amend", "mediator_sun", now=at("2026-03-09"), **supplement(hospital_signed_on=date(2026, 3, 1)))


def test_a_different_sum_is_pointed_out_and_not_refused(case: DisputeCase) -> None:
    less = [{"payer": "insurer", "amount": Decimal("50000.00"), "due_on": date(2026, 5, 31)}]

    done = move(case, "amend", "mediator_sun", now=at("2026-03-09"), **supplement(instalments=less))

    assert done.warnings == ["补充协议各期合计 ¥50,000.00，原未付款项为 ¥60,000.00，请核对"]


def test_a_supplement_can_be_amended_again_and_performed(case: DisputeCase) -> None:
    case = take(case, "amend", "mediator_sun", now=at("2026-03-09"), **supplement())
    again = supplement(patient_signed_on=date(2026, 3, 10), instalments=[
        {"payer": "insurer", "amount": LAST, "due_on": date(2026, 6, 1)}])  # fmt: skip
    case = take(case, "amend", "mediator_sun", now=at("2026-03-10"), **again)

    case = pay_all(case, now=at("2026-03-11"))
    assert Instalment.objects.filter(agreement__case=case, state="paid").count() == 2
    assert case.due_on == date(2026, 6, 30)  # nothing to pay, the rest is to be done by the newest agreed day
    assert take(case, "performed", "mediator_sun", now=at("2026-03-11")).state == "follow_up"


def test_a_towns_settlement_is_not_the_committees_to_amend() -> None:
    on = date(2026, 3, 2)
    case = take(case_at("town_handling"), "settle_locally", "town_wang", patient_signed_on=on, hospital_signed_on=on,
                paper=paper("和解协议书"), **terms())  # fmt: skip

    from workflow.lifecycle import STEPS
    from workflow.machine import blocker

    assert STEPS["amend"].needs[0] == "committee_agreement"
    assert "医调委的人民调解协议" in str(blocker(case, "committee_agreement", on))
