"""Papers that end a case say who, why, from which day, and what is still open (人民调解法 26; 条例 38)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from mediation.cases.case import DisputeCase
from mediation.documents import rendering
from mediation.documents.catalogue import kind_of
from mediation.documents.contexts import ApplicationReceipt, RoutesNotice
from mediation.documents.freezing import freeze, thaw
from tests.documents import samples
from tests.factories import at, case_at, take, town_with_committee
from tests.factories_mediation import failed
from tests.steps.test_default import LATE, unpaid, urged
from tests.steps.test_settle_by_town_committee import mediated

pytestmark = pytest.mark.django_db


def said(case: DisputeCase, kind: str, side: str = "patient") -> dict[str, Any]:
    """What the paper of this kind says to a side."""
    says: dict[str, Any] = case.documents.filter(kind=kind, side=side).last().says
    return says


def printed(kind: str, says: dict[str, Any]) -> str:
    """The paper before it becomes a PDF."""
    return rendering.page(kind_of(kind), thaw(kind_of(kind).context, says), made_at=samples.MADE_AT)


@pytest.mark.rule("R11")
def test_what_ran_out_ended_on_the_last_day_whenever_it_is_confirmed() -> None:
    case = take(case_at("lapsed"), "confirm_lapse", "director_xu", now=at("2026-04-17"), ledger_checked=True)

    says = said(case, "routes_notice")

    assert says["ended_on"] == "2026-04-14"
    assert "调解期限于2026年4月14日届满" in printed("routes_notice", says)
    assert "本会的人民调解程序于2026年4月14日结束" in printed("routes_notice", says)


@pytest.mark.rule("R31")
def test_no_paper_of_a_case_invents_the_hour_of_its_application() -> None:
    case = failed()

    for kind in ("application_receipt", "failure_notice"):
        page = printed(kind, said(case, kind))
        assert "2026年3月2日" in page
        assert "时00分" not in page
        assert "时30分" not in page


def test_papers_that_were_frozen_with_an_hour_are_printed_with_their_day() -> None:
    receipt, routes = samples.every_context()["application_receipt"], samples.every_context()["routes_notice"]
    earlier = freeze(receipt) | {"received_at": "2026-02-26T09:00:00+08:00"}
    earlier.pop("received_on")
    told = freeze(routes) | {"application_received_at": "2026-02-26T09:00:00+08:00"}
    told.pop("application_received_on")

    assert thaw(ApplicationReceipt, earlier) == receipt
    assert thaw(RoutesNotice, told).application_received_on == date(2026, 2, 26)


def test_a_side_that_would_not_take_part_is_named_and_mediation_never_began() -> None:
    case = take(case_at("awaiting_consent"), "consent_refused", "clerk_chen", side="hospital", answer="refused", means="letter",
                note="责任有争议。")  # fmt: skip

    for side in ("patient", "hospital"):
        page = printed("routes_notice", said(case, "routes_notice", side))
        assert "经征求意见，示例人民医院不同意调解。责任有争议。本会不能调解该纠纷，办理于2026年3月2日结束。" in page


def test_who_walks_out_is_named_to_both_sides() -> None:
    case = take(
        case_at("in_mediation"),
        "refuse_mediation",
        "mediator_sun",
        side="patient",
        means="office",
        statement="不调了。",
    )

    assert "甄示例明确表示不接受调解或者终止调解。不调了。本会的人民调解程序于" in printed(
        "routes_notice", said(case, "routes_notice", "hospital")
    )


def test_an_agreement_that_is_not_kept_opens_suit_and_enforcement() -> None:
    case = take(urged(case_at("performing")), "default", "mediator_sun", now=LATE, **unpaid())

    page = printed("routes_notice", said(case, "routes_notice"))

    assert "达成人民调解协议书后，经督促仍未履行" in page
    assert "可以向人民法院申请强制执行（《人民调解法》第三十一条至第三十三条）" in page
    assert "本会的人民调解程序于" not in page


def test_what_a_towns_committee_mediated_is_informed_of_by_that_committee() -> None:
    town_with_committee()
    case = take(case_at("town_handling"), "settle_by_town_committee", "town_wang", **mediated())

    agreement = case.documents.get(kind="mediation_agreement").says
    notice = said(case, "confirmation_notice")
    assert notice["issuer"]["name"] == agreement["issuer"]["name"] == "道滘镇人民调解委员会（示例）"
    assert (agreement["mediators"], agreement["recorder"]) == (["示例调解员"], "王示例")
