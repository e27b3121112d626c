"""签收权利义务告知: both sides, every hospital, before the first meeting (R06)."""

from __future__ import annotations

import pytest

from tests.factories import HOSPITAL, OTHER_HOSPITAL, at, case_at, organisation, paper, take
from tests.factories_mediation import rights_signed
from workflow.registry import Refused

pytestmark = pytest.mark.django_db
INVITATION = {"at": at("2026-03-05"), "place": "第一调解室"}


@pytest.mark.rule("R06")
def test_no_meeting_before_both_sides_have_signed() -> None:
    case = case_at("investigating")
    with pytest.raises(Refused, match="患方、示例.*尚未签收权利义务告知书"):
        take(case, "convene", "mediator_sun", **INVITATION)

    case = take(case, "sign_rights_notice", "mediator_sun", **rights_signed(case, "patient"))
    with pytest.raises(Refused, match="尚未签收权利义务告知书"):
        take(case, "convene", "mediator_sun", **INVITATION)

    case = take(case, "sign_rights_notice", "mediator_sun", **rights_signed(case, "hospital"))
    assert take(case, "convene", "mediator_sun", **INVITATION).state == "in_mediation"


def test_the_signed_notice_is_filed_with_its_date() -> None:
    case = take(case_at("under_review"), "sign_rights_notice", "clerk_chen", side="patient", paper=paper("告知书"))

    notice = case.rights_notices.get()
    assert (notice.side, notice.hospital, notice.signed_on.isoformat()) == ("patient", None, "2026-03-02")
    assert notice.paper.kind == "rights"


@pytest.mark.rule("R06")
def test_of_several_hospitals_each_signs() -> None:
    two = (HOSPITAL, OTHER_HOSPITAL)
    from mediation.cases import codes
    from mediation.cases.registration import Respondent

    case = case_at(
        "under_review", respondents=[Respondent(organisation(code), codes.Department.SURGERY) for code in two]
    )

    with pytest.raises(Refused, match="请选择是哪一家"):
        take(case, "sign_rights_notice", "clerk_chen", side="hospital")
    case = take(case, "sign_rights_notice", "clerk_chen", side="hospital", hospital=organisation(OTHER_HOSPITAL))
    assert case.rights_notices.get().hospital == organisation(OTHER_HOSPITAL)


def test_a_hospital_that_has_nothing_to_do_with_the_case_cannot_sign() -> None:
    with pytest.raises(Refused, match="不是本案的医疗机构"):
        take(case_at("under_review"), "sign_rights_notice", "clerk_chen", side="hospital",
             hospital=organisation(OTHER_HOSPITAL))  # fmt: skip


def test_both_at_once_is_no_side() -> None:
    with pytest.raises(Refused, match="请选择患方或医方"):
        take(case_at("under_review"), "sign_rights_notice", "clerk_chen", side="both")
