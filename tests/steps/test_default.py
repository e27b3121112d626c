"""未履行: urged first, then the way to the court is explained (人民调解法 31)."""

from __future__ import annotations

from typing import Any

import pytest

from mediation.cases.case import DisputeCase
from mediation.settlement.models import MarkKind
from tests.factories import at, case_at, take
from tests.factories_mediation import pay_all, sign
from workflow.registry import Refused

pytestmark = pytest.mark.django_db
LATE = at("2026-03-18")  # the first instalment was due on the 17th


def urged(case: DisputeCase, day: str = "2026-03-18", side: str = "hospital") -> DisputeCase:
    on = at(day, 9)
    return take(case, "log_contact", "mediator_sun", now=LATE, happened_on=on.date(), late_reason="补录", side=side,
                purpose="urge", means="phone", at=on, reached=True, content="督促医院付款，答复本周内。")  # fmt: skip


def unpaid(**changes: Any) -> dict[str, Any]:
    return {"reason": "overdue", "note": "到期后经督促仍未付。", "routes_explained": True} | changes


def test_urging_comes_first() -> None:
    with pytest.raises(Refused, match="督促履行的联系记录"):
        take(case_at("performing"), "default", "mediator_sun", now=LATE, **unpaid())


def test_what_is_not_performed_ends_so_and_the_route_is_explained() -> None:
    case = take(urged(case_at("performing")), "default", "mediator_sun", now=LATE, **unpaid())

    assert (case.state, case.outcome, case.outcome_code) == ("closing", "not_performed", "overdue")
    assert case.documents.filter(kind="routes_notice").exists()


def test_what_is_not_due_yet_is_not_overdue_but_may_be_refused() -> None:
    case = urged(case_at("performing"), "2026-03-17")
    early = {"now": at("2026-03-17", 17)}
    with pytest.raises(Refused, match="还没有到期的约定"):
        take(case, "default", "mediator_sun", **early, **unpaid())
    assert take(case, "default", "mediator_sun", **early, **unpaid(reason="refused")).outcome == "not_performed"


def test_what_is_paid_is_performed() -> None:
    case = urged(pay_all(case_at("performing"), now=at("2026-03-05")))

    with pytest.raises(Refused, match="应办理“履行完毕”"):
        take(case, "default", "mediator_sun", now=LATE, **unpaid())


@pytest.mark.parametrize(("change", "sentence"), [
    ({"reason": ""}, "未履行的情形"), ({"note": " "}, "具体情况"), ({"routes_explained": False}, "强制执行或起诉"),
])  # fmt: skip
def test_reason_circumstances_and_routes(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        take(urged(case_at("performing")), "default", "mediator_sun", now=LATE, **unpaid(**change))


@pytest.mark.parametrize(("day", "side", "sentence"), [
    ("2026-03-17", "hospital", "到期后尚未督促"), ("2026-03-18", "patient", "向付款方督促"),
])  # fmt: skip
def test_who_owes_is_urged_after_the_payment_was_due(day: str, side: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        take(urged(case_at("performing"), day, side), "default", "mediator_sun", now=LATE, **unpaid())


def test_an_urging_from_before_the_agreement_does_not_count() -> None:
    case = take(case_at("agreement_drafted"), "log_contact", "mediator_sun", side="hospital", purpose="urge", means="phone",
                at=at("2026-03-02", 9), reached=True, content="请尽快答复。")  # fmt: skip
    case = sign(case, *MarkKind.values, now=at("2026-03-05"))
    case = take(case, "conclude", "mediator_sun", now=at("2026-03-05"))

    with pytest.raises(Refused, match="协议生效后"):
        take(case, "default", "mediator_sun", now=LATE, **unpaid(reason="refused"))


def test_it_is_not_dated_before_the_urging() -> None:
    case = urged(case_at("performing"))

    with pytest.raises(Refused, match="不能早于督促履行之日 2026-03-18"):
        take(case, "default", "mediator_sun", now=LATE, happened_on=at("2026-03-17").date(), **unpaid(reason="refused"))
