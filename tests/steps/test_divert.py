"""What is not ours is diverted, with the receiving body named and a reply (A7, 条例 31 ¶4)."""

import pytest

from tests.factories import case_at, take
from workflow.registry import Refused

REPLY = {"receiving_body": "东莞市医疗保障局", "reply": "您反映的事项已转医保部门办理。"}


def test_a_fee_complaint_goes_out_and_its_category_is_put_right() -> None:
    case = take(case_at("registered"), "divert", "hotline_lin", ground="not_medical", category="insurance", **REPLY)

    assert (case.state, case.outcome, case.outcome_code, case.category) == (
        "closing",
        "diverted",
        "not_medical",
        "insurance",
    )


def test_a_medical_dispute_is_not_diverted_as_something_else() -> None:
    with pytest.raises(Refused, match="类别不能是医疗纠纷"):
        take(case_at("registered"), "divert", "hotline_lin", ground="not_medical", category="medical_dispute", **REPLY)
    with pytest.raises(Refused, match="请选择它属于哪一类"):
        take(case_at("registered"), "divert", "hotline_lin", ground="not_medical", **REPLY)


@pytest.mark.parametrize("missing", ["receiving_body", "reply"])
def test_without_a_receiving_body_or_a_reply_nothing_goes_out(missing: str) -> None:
    with pytest.raises(Refused) as refusal:
        take(case_at("registered"), "divert", "hotline_lin", ground="outside", **REPLY | {missing: "  "})

    assert refusal.value.field == missing


@pytest.mark.rule("R03")
def test_a_suit_that_the_court_has_accepted_is_on_record_and_the_case_can_still_be_closed() -> None:
    case = take(
        case_at("town_handling"),
        "divert",
        "town_wang",
        ground="court",
        receiving_body="东莞市第一人民法院",
        reply="请向法院主张。",
    )

    assert (case.other_route, case.routes.get().answer) == ("court", "accepted")
    assert case.state == "closing"
    assert not case.is_committee_case
    case = take(case, "close", "town_wang", retention="10")
    assert case.state == "closed"


def test_an_application_on_file_is_decided_not_diverted() -> None:
    with pytest.raises(Refused, match="已有调解申请在案"):
        take(case_at("under_review"), "divert", "clerk_chen", ground="outside", **REPLY)
