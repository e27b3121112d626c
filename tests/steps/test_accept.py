"""Acceptance: everything it needs, and the day from which the 30 working days run (条例 31, 38; C2, C3, R09)."""

from dataclasses import replace
from datetime import date

import pytest

from mediation.cases import codes
from mediation.cases.case import DisputeCase
from mediation.cases.parties import needs_guardian
from tests.factories import PATIENT, RELATIVE, at, case_at, no_other_route, paper, take
from workflow.registry import Refused

IDENTITY = {"kind": "identity", "side": "patient", "paper": paper("身份证")}
YES = {"side": "hospital", "means": "letter", "paper": paper("同意函")}


def ready(case: DisputeCase, *, without: str = "", **when: object) -> DisputeCase:
    if without != "paper":
        case = take(case, "add_paper", "clerk_chen", **IDENTITY, **when)
    if without != "consent":
        case = take(case, "record_consent", "clerk_chen", **YES, **when)
    if without != "routes":
        case = take(case, "declare_routes", "clerk_chen", **no_other_route(), **when)
    return case


@pytest.mark.rule("R09")
def test_thirty_working_days_run_from_acceptance() -> None:
    case = take(ready(case_at("under_review")), "accept", "clerk_chen", paper=paper("审批表"))

    assert (case.state, case.accepted_on, case.mediation_due_on) == (
        "awaiting_assignment",
        date(2026, 3, 2),
        date(2026, 4, 14),
    )
    kinds = set(case.documents.values_list("kind", flat=True))
    assert {"acceptance_notice", "rights_notice"} <= kinds
    assert case.tasks.get(finished__isnull=True).role == "director"


@pytest.mark.parametrize(("without", "reason"), [
    ("consent", "尚缺示例人民医院同意调解的记录"), ("routes", "双方尚未声明法院"), ("paper", "必备材料尚缺：患方当事人身份证明"),
])  # fmt: skip
def test_what_is_missing_blocks_it_with_the_reason(without: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        take(ready(case_at("under_review"), without=without), "accept", "clerk_chen", paper=paper("审批表"))


def test_it_does_not_lie_before_what_it_rests_on() -> None:
    case = ready(case_at("under_review"), now=at("2026-03-04"))
    with pytest.raises(Refused, match="受理日期不能早于同意调解之日 2026-03-04"):
        take(case, "accept", "clerk_chen", paper=paper("审批表"), now=at("2026-03-05"), happened_on=date(2026, 3, 3))

    assert take(
        case, "accept", "clerk_chen", paper=paper("审批表"), now=at("2026-03-05"), happened_on=date(2026, 3, 4)
    ).accepted_on == date(2026, 3, 4)


def test_what_is_no_medical_dispute_is_not_accepted() -> None:
    case = ready(case_at("under_review", category=codes.Category.FEES))
    with pytest.raises(Refused, match="不属于医疗纠纷"):
        take(case, "accept", "clerk_chen", paper=paper("审批表"))


def test_a_minor_needs_a_guardian() -> None:
    child = replace(PATIENT, born_on=date(2015, 1, 1))
    with pytest.raises(Refused, match="未满18周岁，须登记其监护人"):
        take(ready(case_at("under_review", people=(child, RELATIVE))), "accept", "clerk_chen", paper=paper("审批表"))

    guardian = replace(RELATIVE, kind="guardian")

    assert take(
        ready(case_at("under_review", people=(child, guardian))), "accept", "clerk_chen", paper=paper("审批表")
    ).accepted_on


def test_a_day_before_the_birth_finds_a_minor() -> None:
    """A birthday corrected later must not bring down what looks at the day before it."""
    case = case_at("registered", people=(replace(PATIENT, born_on=date(2026, 3, 1)),))
    assert needs_guardian(case, case.parties.get(kind="patient"), date(2026, 2, 28))


def test_for_the_dead_the_heirs_claim() -> None:
    with pytest.raises(Refused, match="须登记近亲属或继承人"):
        take(ready(case_at("under_review", harm="death")), "accept", "clerk_chen", paper=paper("审批表"))

    case = case_at("under_review", harm="death", people=(PATIENT, RELATIVE))

    assert take(ready(case), "accept", "clerk_chen", paper=paper("审批表")).accepted_on


def test_on_the_day_of_majority_nobody_needs_a_guardian() -> None:
    grown = replace(PATIENT, born_on=date(2008, 3, 2))

    assert take(
        ready(case_at("under_review", people=(grown,))), "accept", "clerk_chen", paper=paper("审批表")
    ).accepted_on


def test_the_decision_has_its_paper_whenever_it_is_entered() -> None:
    case = ready(case_at("under_review"))
    for when in ({}, {"now": at("2026-03-19"), "happened_on": date(2026, 3, 2), "late_reason": "补录"}):
        with pytest.raises(Refused, match="请附上受理审批表") as refused:
            take(case, "accept", "clerk_chen", **when)
        assert refused.value.field == "paper"


def test_the_hospitals_licence_does_not_say_who_the_patient_is() -> None:
    case = ready(case_at("under_review"), without="paper")
    case = take(case, "add_paper", "clerk_chen", **IDENTITY | {"side": "hospital", "paper": paper("执业许可证")})

    with pytest.raises(Refused, match="必备材料尚缺：患方"):
        take(case, "accept", "clerk_chen", paper=paper("审批表"))
