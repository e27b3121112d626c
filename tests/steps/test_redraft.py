"""重新协商: the draft is void and keeps its number."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.factories import case_at, take
from tests.factories_mediation import terms
from workflow.registry import Refused

pytestmark = pytest.mark.django_db


def test_the_draft_no_longer_counts_and_its_document_keeps_its_number() -> None:
    case = case_at("agreement_drafted")
    number = case.documents.get(kind="mediation_agreement").number

    case = take(case, "redraft", "mediator_sun", note="金额重新商议。")

    assert (case.state, case.agreements.get().superseded) == ("in_mediation", True)
    void = case.documents.get(kind="mediation_agreement")
    assert (void.state, void.number) == ("void", number)
    assert number


def test_the_next_draft_has_a_number_of_its_own() -> None:
    case = take(case_at("agreement_drafted"), "redraft", "mediator_sun", note="金额重新商议。")

    case = take(
        case,
        "draft_agreement",
        "mediator_sun",
        **terms(total_amount=Decimal("40000.00"), insurer_amount=Decimal(0), instalments=[]),
    )

    first, second = case.documents.filter(kind="mediation_agreement").order_by("pk")
    assert first.number != second.number
    assert case.agreements.filter(superseded=False).count() == 1


def test_why_is_on_record() -> None:
    with pytest.raises(Refused, match="请填写重新协商的原因"):
        take(case_at("agreement_drafted"), "redraft", "mediator_sun", note="")
