"""Taking an application back: by all who applied; a call before acceptance, a signed request after (调解法 23)."""

import pytest

from mediation.settlement.dossier import checklist
from tests.factories import at, case_at, paper, take
from workflow.registry import NotAllowed, Refused

CALL = {"side": "patient", "means": "phone", "reason": "已自行解决，不再申请", "at": at("2026-03-02", 9, 0)}


def test_before_acceptance_a_logged_call_is_enough() -> None:
    case = take(case_at("under_review"), "withdraw", "clerk_chen", **CALL)

    assert (case.state, case.outcome) == ("closing", "withdrawn")
    assert case.contacts.get().content == "已自行解决，不再申请"


def test_a_call_without_an_hour_and_without_a_letter_is_no_proof() -> None:
    with pytest.raises(Refused, match="来电、来访的时间，或附上书面请求"):
        take(case_at("under_review"), "withdraw", "clerk_chen", **CALL | {"at": None})


def test_after_acceptance_a_signed_request_is_needed() -> None:
    case = case_at("awaiting_assignment")
    with pytest.raises(Refused, match="受理后撤回须附申请人签名的书面请求"):
        take(case, "withdraw", "clerk_chen", **CALL)

    case = take(case, "withdraw", "clerk_chen", **CALL | {"at": None}, paper=paper("撤回申请"))

    assert case.papers.filter(kind="withdrawal").exists()
    assert case.state == "closing"


def test_an_accepted_case_that_nobody_was_assigned_to_can_still_be_closed() -> None:
    case = take(
        case_at("awaiting_assignment"), "withdraw", "clerk_chen", **CALL | {"at": None}, paper=paper("撤回申请")
    )
    explained = {"standing": "explained", "reason": "受理后分案前撤回"}
    items = {line.item.key: explained for line in checklist(case) if line.must and not line.found}

    case = take(case, "submit_dossier", "clerk_chen", items=items)

    assert take(case, "close", "director_xu", retention="10").state == "closed"


def test_once_a_mediator_was_assigned_the_dossier_is_the_mediators() -> None:
    case = take(case_at("investigating"), "withdraw", "clerk_chen", **CALL | {"at": None}, paper=paper("撤回申请"))

    with pytest.raises(Refused, match="由承办调解员提交"):
        take(case, "submit_dossier", "clerk_chen", items={})


def test_only_who_applied_takes_it_back() -> None:
    with pytest.raises(Refused, match="只能由患方撤回"):
        take(case_at("under_review"), "withdraw", "clerk_chen", **CALL | {"side": "hospital"})
    joint = take(case_at("registered"), "apply_directly", "clerk_chen", by_side="both", form="written", paper=paper())
    with pytest.raises(Refused, match="须双方一致撤回"):
        take(joint, "withdraw", "clerk_chen", **CALL)

    assert take(joint, "withdraw", "clerk_chen", **CALL | {"side": "both"}).outcome == "withdrawn"


def test_the_desk_that_registered_it_takes_the_call_of_a_complaint() -> None:
    case = take(case_at("registered"), "withdraw", "hotline_lin", **CALL)

    assert case.tasks.get(finished__isnull=True).role == "hotline_operator"


@pytest.mark.parametrize("who", ["hotline_lin", "town_wang"])
def test_once_the_committee_has_the_case_nobody_else_takes_it_back(who):
    for state in ("under_review", "in_mediation"):
        with pytest.raises(NotAllowed, match="您的角色不能办理"):
            take(case_at(state), "withdraw", who, **CALL, paper=paper("撤回申请"))
