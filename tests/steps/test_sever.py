"""One hospital will not settle: it goes on in a case of its own."""

import pytest

from mediation.cases.conditions import sides_without_consent
from tests.factories import HOSPITAL, OTHER_HOSPITAL, case_at, move, organisation, take
from workflow.records import Event
from workflow.registry import Refused

BOTH = (HOSPITAL, OTHER_HOSPITAL)


def test_the_severed_hospital_has_a_linked_case_from_the_beginning() -> None:
    case = case_at("under_review", hospitals=BOTH)

    done = move(case, "sever", "clerk_chen", hospital=organisation(OTHER_HOSPITAL), reason="不同意调解")

    linked = case.later_cases.get()
    assert done.data["linked_case"] == linked.number
    assert (linked.state, linked.desk.code, linked.hotline, linked.accepted_on) == (
        "registered",
        "committee",
        case.hotline,
        None,
    )
    assert [one.hospital.code for one in linked.respondents.all()] == [OTHER_HOSPITAL]
    assert [one.hospital.code for one in case.respondents.filter(kept=True)] == [HOSPITAL]
    assert not linked.applications.exists()
    assert Event.objects.get(chain=linked.chain).data["previous_case"] == case.number


def test_what_is_left_needs_the_others_consent_no_more() -> None:
    case = take(
        case_at("under_review", hospitals=BOTH),
        "sever",
        "clerk_chen",
        hospital=organisation(OTHER_HOSPITAL),
        reason="不同意",
    )

    assert sides_without_consent(case) == ["示例人民医院"]
    with pytest.raises(Refused, match="只有一家医疗机构"):
        take(case, "sever", "clerk_chen", hospital=organisation(HOSPITAL), reason="不同意")


def test_a_hospital_of_another_case_is_refused() -> None:
    with pytest.raises(Refused, match="不是本案的医疗机构"):
        take(
            case_at("under_review", hospitals=BOTH),
            "sever",
            "clerk_chen",
            hospital=organisation("X003"),
            reason="不同意",
        )


def test_a_refused_severing_leaves_no_trace() -> None:
    case = case_at("under_review", hospitals=BOTH)
    with pytest.raises(Refused):
        take(case, "sever", "clerk_chen", hospital=organisation(OTHER_HOSPITAL), reason=" ")

    assert not case.later_cases.exists()
    assert case.respondents.filter(kept=True).count() == 2
