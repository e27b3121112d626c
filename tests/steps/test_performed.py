"""履行完毕: all paid, everything else done; a deposit counts."""

from __future__ import annotations

from datetime import date

import pytest

from mediation.settlement.models import Instalment, MarkKind
from tests.factories import TODAY, at, case_at, paper, take
from tests.factories_mediation import pay_all, sign, terms
from workflow.registry import Refused

pytestmark = pytest.mark.django_db


def test_as_long_as_something_is_unpaid_it_is_not_performed() -> None:
    with pytest.raises(Refused, match="还有 2 期款项未付"):
        take(case_at("performing"), "performed", "mediator_sun")


@pytest.mark.rule("R21")
def test_paid_and_deposited_it_goes_on_to_the_visit() -> None:
    case = case_at("performing")
    one = Instalment.objects.filter(agreement__case=case).first()
    case = take(case, "record_payment", "mediator_sun", instalment=one, payment="deposited", paper=paper("提存证明"))
    case = pay_all(case, now=at("2026-03-02"))

    case = take(case, "performed", "mediator_sun")

    assert (case.state, case.agreements.get().obligations_done_on) == ("follow_up", TODAY)


def test_other_obligations_are_confirmed() -> None:
    case = take(case_at("in_mediation"), "draft_agreement", "mediator_sun", **terms(other_obligations="医院书面致歉。"))
    case = take(sign(case, *MarkKind.values, now=at("2026-03-02")), "conclude", "mediator_sun")
    case = pay_all(case, now=at("2026-03-02"))

    with pytest.raises(Refused, match="协议另有约定事项") as refused:
        take(case, "performed", "mediator_sun")
    assert refused.value.field == "obligations_done"
    assert take(case, "performed", "mediator_sun", obligations_done=True).state == "follow_up"


def test_not_before_the_last_payment() -> None:
    case = pay_all(case_at("performing"), now=at("2026-03-05"))

    with pytest.raises(Refused, match="不能早于最后一次付款 2026-03-05"):
        take(case, "performed", "mediator_sun", now=at("2026-03-05"), happened_on=date(2026, 3, 4))
