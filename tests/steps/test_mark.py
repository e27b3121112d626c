"""签署登记: each of the four marks with its date and scan (条例 39; R17)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from mediation.cases import codes
from mediation.cases.case import DisputeCase
from mediation.cases.parties import Party
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

    with pytest.raises(Refused, match="签署日期不能早于协议拟定日期 2026-03-05"):
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
