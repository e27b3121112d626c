"""登记付款: paid or deposited, also after closing (人民调解法 31; R21)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from mediation.settlement.models import Instalment
from tests.factories import TODAY, at, case_at, move, paper, take
from tests.factories_mediation import sign, visited
from workflow.registry import Refused

pytestmark = pytest.mark.django_db


def first_of(case: object) -> Instalment:
    return Instalment.objects.filter(agreement__case=case).order_by("number").first()  # type: ignore[misc]


def test_the_day_it_was_paid_counts_and_the_next_due_date_shows() -> None:
    case = case_at("performing")
    assert case.due_on == TODAY + timedelta(days=15)

    case = take(case, "record_payment", "mediator_sun", now=at("2026-03-11"), happened_on=date(2026, 3, 10),
                instalment=first_of(case), paper=paper("转账凭证"))  # fmt: skip

    row = first_of(case)
    assert (row.state, row.paid_on, row.receipt.kind) == ("paid", date(2026, 3, 10), "payment")
    assert (case.state, case.due_on) == ("performing", TODAY + timedelta(days=60))
    assert case.tasks.get(finished__isnull=True).due_on == case.due_on


def test_nothing_is_paid_twice() -> None:
    case = case_at("performing")
    case = take(case, "record_payment", "mediator_sun", instalment=first_of(case))

    with pytest.raises(Refused, match="已经付清、变更"):
        take(case, "record_payment", "mediator_sun", instalment=first_of(case))


def test_another_cases_instalment_is_not_ours() -> None:
    other, case = case_at("performing"), case_at("performing")

    with pytest.raises(Refused, match="不属于本案"):
        take(case, "record_payment", "mediator_sun", instalment=first_of(other))


def test_nothing_is_paid_before_the_agreement_was_in_force() -> None:
    case = sign(case_at("agreement_drafted"), "patient", "hospital", "mediator", "seal", now=at("2026-03-04"))
    case = take(case, "conclude", "mediator_sun", now=at("2026-03-04"))

    with pytest.raises(Refused, match="不能早于协议生效日期 2026-03-04"):
        take(
            case,
            "record_payment",
            "mediator_sun",
            now=at("2026-03-04"),
            happened_on=date(2026, 3, 3),
            instalment=first_of(case),
        )


def test_a_deposit_counts_and_has_its_certificate() -> None:
    case = case_at("performing")
    with pytest.raises(Refused, match="提存证明"):
        take(case, "record_payment", "mediator_sun", instalment=first_of(case), payment="deposited")

    case = take(
        case, "record_payment", "mediator_sun", instalment=first_of(case), payment="deposited", paper=paper("提存证明")
    )
    assert first_of(case).state == "deposited"


def test_a_late_receipt_is_recorded_after_closing() -> None:
    case = case_at("performing")
    case = take(case, "log_contact", "mediator_sun", side="hospital", purpose="urge", means="phone", at=at("2026-03-02", 9), reached=True,
                content="督促付款。")  # fmt: skip
    case = take(case, "default", "mediator_sun", reason="refused", note="医院拒付。", routes_explained=True)
    case = take(
        case, "submit_dossier", "mediator_sun", items={"identity": {"standing": "explained", "reason": "已退还"}}
    )
    case = take(case, "close", "director_xu", retention="30")

    case = take(
        case, "record_payment", "mediator_sun", now=at("2026-03-20"), instalment=first_of(case), paper=paper("转账凭证")
    )

    assert (case.state, case.outcome, first_of(case).state) == ("closed", "not_performed", "paid")


def test_a_closed_case_that_was_paid_has_nothing_open() -> None:
    case = visited()

    with pytest.raises(Refused, match="已经付清"):
        take(case, "record_payment", "mediator_sun", instalment=first_of(case))


def test_the_event_holds_no_amount() -> None:
    case = case_at("performing")

    done = move(case, "record_payment", "mediator_sun", instalment=first_of(case))
    assert done.data == {"instalment": first_of(case).pk, "payment": "paid"}
