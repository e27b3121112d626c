"""签署登记: each of the four marks with its date and scan (条例 39; R17)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from mediation.cases import codes
from mediation.cases.case import DisputeCase
from mediation.cases.parties import Party
from mediation.settlement.conditions import agreement_in_force, marks_missing
from tests.factories import OTHER_HOSPITAL, PATIENT, RELATIVE, at, case_at, move, organisation, paper, take
from workflow.registry import Refused

pytestmark = pytest.mark.django_db


def scan(kind: str, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "paper": paper("已签署的协议")} | more


@pytest.fixture
def case() -> DisputeCase:
    return case_at("agreement_drafted")


@pytest.mark.rule("R17")
def test_a_mark_has_its_own_date_and_the_scan(case: DisputeCase) -> None:
    case = take(case, "mark", "mediator_sun", now=at("2026-03-05"), happened_on=date(2026, 3, 4), **scan("hospital"))

    mark = case.agreements.get().marks.get()
    assert (mark.kind, mark.on, mark.hospital) == ("hospital", date(2026, 3, 4), case.respondents.get().hospital)
    assert (mark.paper.kind, case.state) == ("agreement", "agreement_drafted")


@pytest.mark.rule("R17")
def test_nothing_is_signed_before_it_was_drafted() -> None:
    case = case_at("in_mediation")
    from tests.factories_mediation import terms

    case = take(case, "draft_agreement", "mediator_sun", now=at("2026-03-05"), **terms(date(2026, 3, 5)))

    with pytest.raises(Refused, match="不能早于协议拟定日期 2026-03-05"):
        take(case, "mark", "mediator_sun", now=at("2026-03-05"), happened_on=date(2026, 3, 4), **scan("seal"))


@pytest.mark.rule("R17")
def test_a_mark_without_the_scan_is_refused(case: DisputeCase) -> None:
    with pytest.raises(Refused, match="请附上已签署的协议扫描件"):
        take(case, "mark", "mediator_sun", kind="mediator")


def test_a_mark_is_made_once(case: DisputeCase) -> None:
    case = take(case, "mark", "director_xu", **scan("seal"))

    with pytest.raises(Refused, match="已经登记"):
        take(case, "mark", "director_xu", **scan("seal"))


def test_of_several_claimants_each_signs_and_one_must_be_named() -> None:
    case = case_at("agreement_drafted", people=(PATIENT, RELATIVE))

    with pytest.raises(Refused, match="哪一位权利人"):
        take(case, "mark", "mediator_sun", **scan("patient"))
    for party in case.parties.all():
        case = take(case, "mark", "mediator_sun", **scan("patient", party=party))
    assert case.agreements.get().marks.filter(kind="patient").count() == 2


def test_a_stranger_cannot_sign(case: DisputeCase) -> None:
    other = case_at("registered").parties.get()

    with pytest.raises(Refused, match="不是本案现在的权利人"):
        take(case, "mark", "mediator_sun", **scan("patient", party=other))
    with pytest.raises(Refused, match="请选择是本案的哪一家"):
        take(case, "mark", "mediator_sun", **scan("hospital", hospital=organisation(OTHER_HOSPITAL)))


def agent_for(case: DisputeCase, **changes: Any) -> Party:
    """An agent of the patient's."""
    person = replace(RELATIVE, kind=codes.PartyKind.AGENT, is_claimant=False)
    row = person.party(case, date(2026, 3, 2))
    row.represents, row.authority = case.parties.first(), "特别授权：代为签署调解协议"
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()
    return row


def test_an_agent_signs_with_a_written_authority_on_file(case: DisputeCase) -> None:
    agent = agent_for(case)
    with pytest.raises(Refused, match="授权委托书在案"):
        take(case, "mark", "mediator_sun", **scan("patient", agent=agent))

    case = take(case, "add_paper", "mediator_sun", kind="proxy", side="patient", paper=paper("授权委托书"))
    case = take(case, "mark", "mediator_sun", **scan("patient", agent=agent))

    mark = case.agreements.get().marks.get()
    assert (mark.party, mark.agent) == (agent.represents, agent)


def test_an_agent_whose_time_is_over_or_who_speaks_for_somebody_else_cannot_sign(case: DisputeCase) -> None:
    for change in ({"until": date(2026, 3, 2)}, {"represents": None}):
        with pytest.raises(Refused, match="不是这位权利人现在的代理人"):
            take(case, "mark", "mediator_sun", **scan("patient", agent=agent_for(case, **change)))


def test_a_guardian_needs_no_power_of_attorney(case: DisputeCase) -> None:
    guardian = agent_for(case, kind=codes.PartyKind.GUARDIAN, authority="")

    assert take(case, "mark", "mediator_sun", **scan("patient", agent=guardian)).agreements.get().marks.exists()


def test_a_signature_after_the_last_day_is_pointed_out(case: DisputeCase) -> None:
    done = move(case, "mark", "mediator_sun", now=at("2026-04-15"), **scan("hospital"))

    assert "晚于调解期限届满日 2026-04-14" in done.warnings[0]


CHILD = replace(PATIENT, born_on=date(2020, 1, 1))
MOTHER = replace(RELATIVE, kind=codes.PartyKind.GUARDIAN, relation="母亲", is_claimant=False)


def test_a_minors_own_mark_binds_nobody_and_the_registered_guardian_signs() -> None:
    """民法典 19–23, 144, 145."""
    case = case_at("agreement_drafted", people=(CHILD, MOTHER))
    mother = case.parties.get(kind="guardian")
    with pytest.raises(Refused, match="须由监护人代签") as refused:
        take(case, "mark", "mediator_sun", **scan("patient"))
    assert refused.value.field == "agent"

    case = take(case, "mark", "mediator_sun", **scan("patient", agent=mother))

    mark = case.agreements.get().marks.get()
    assert (mark.party, mark.agent) == (case.parties.get(kind="patient"), mother)
    text = str(case.documents.get(kind="mediation_agreement").says)
    assert mother.name in text


def test_a_mark_without_the_guardian_is_not_counted(case: DisputeCase) -> None:
    case = take(case, "mark", "mediator_sun", **scan("patient"))
    patient = case.parties.get()
    assert not [who for who in marks_missing(case, agreement_in_force(case)) if who.startswith("患方")]

    patient.born_on = CHILD.born_on
    patient.save()

    assert [who for who in marks_missing(case, agreement_in_force(case)) if who.startswith("患方")]


def test_who_was_given_a_guardian_signs_through_the_guardian(case: DisputeCase) -> None:
    case = take(case, "substitute_party", "mediator_sun", reason="incapacity", party=case.parties.get(), kind="guardian",
                full_name="甄监护", relation="配偶", paper=paper("监护关系证明"))  # fmt: skip

    with pytest.raises(Refused, match="须由监护人代签"):
        take(case, "mark", "mediator_sun", **scan("patient"))


def test_a_town_cannot_settle_for_a_minor_without_a_guardian() -> None:
    from tests.factories_mediation import terms

    signed = {
        "patient_signed_on": date(2026, 3, 2),
        "hospital_signed_on": date(2026, 3, 2),
        "paper": paper("和解协议书"),
    }
    with pytest.raises(Refused, match="须登记其监护人"):
        take(case_at("town_handling", people=(CHILD,)), "settle_locally", "town_wang", **signed, **terms())

    case = take(case_at("town_handling", people=(CHILD, MOTHER)), "settle_locally", "town_wang", **signed, **terms())

    assert case.agreements.get().marks.get(kind="patient").agent == case.parties.get(kind="guardian")
