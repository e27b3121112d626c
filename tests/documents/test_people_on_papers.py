"""Who a paper names: the patient as the patient, those who claim with what binds them to the patient (人民调解法 29 ①)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from mediation.cases import codes
from mediation.cases.case import DisputeCase
from mediation.cases.registration import Person
from mediation.privacy.identity import IdKind, certificate_name
from tests.documents.test_ending_papers import printed, said
from tests.factories import PATIENT, RELATIVE, case_at, paper, take
from tests.factories_mediation import failed, terms

pytestmark = pytest.mark.django_db
DEAD = replace(PATIENT, is_claimant=False, id_kind=IdKind.ID_CARD, id_no="44190019850520102X")
HEIR = replace(RELATIVE, kind=codes.PartyKind.HEIR, relation="配偶")


def agreement(**how: Any) -> str:
    """The agreement of a case with these people, as it is put before the parties."""
    case = take(case_at("in_mediation", **how), "draft_agreement", "mediator_sun", **terms())
    return printed("mediation_agreement", said(case, "mediation_agreement", ""))


def died(case: DisputeCase) -> DisputeCase:
    return take(case, "substitute_party", "clerk_chen", reason="death", party=case.parties.get(kind="patient"), kind="heir",
                full_name="甄继承", relation="女儿", paper=paper("死亡证明"))  # fmt: skip


@pytest.mark.rule("R16")
def test_whose_death_is_settled_and_who_claims_for_the_dead() -> None:
    page = agreement(people=(DEAD, HEIR), harm=codes.Harm.DEATH)

    assert "申请人（患方）：</span>贾示例，与患者关系：配偶" in page
    assert "患者（已死亡）：</span>甄示例，女，1985年5月20日出生" in page
    assert "患者甄示例在" in printed(
        "acceptance_notice", said(case_at("in_mediation", people=(DEAD, HEIR)), "acceptance_notice")
    )


def test_a_patient_who_claims_is_not_named_twice() -> None:
    assert "患者：</span>" not in agreement()


def test_whoever_takes_the_place_of_the_dead_is_not_called_the_patient() -> None:
    case = failed(start="in_mediation")
    before = said(case, "failure_notice")["matter"]

    after = said(take(died(case_at("in_mediation")), "fail", "mediator_sun", reason="disagreement", note="无。",
                      routes_explained=True), "failure_notice")  # fmt: skip

    assert (after["addressee"], after["matter"]) == ("甄继承", before)


def test_a_child_is_named_with_the_guardian_who_signs() -> None:
    child = replace(PATIENT, born_on=date(2020, 1, 1))
    mother = Person(kind=codes.PartyKind.GUARDIAN, name="甄母", relation="母亲", phone="13800000008", represents=0)

    page = agreement(people=(child, mother))

    assert "法定代理人（监护人）：甄母，与患者关系：母亲" in page
    assert "（由监护人甄母代签）" in page
    assert "委托代理人" not in page


@pytest.mark.parametrize(("kind", "number", "name"), [
    ("id_card", "44190019850520102X", "居民身份证"), ("id_card", "810000198505201023", "港澳台居民居住证"),
    ("id_card", "911124198505201023", "外国人永久居留身份证"), ("passport", "E12345678", "护照"),
])  # fmt: skip
def test_a_certificate_goes_by_its_own_name_on_paper(kind: str, number: str, name: str) -> None:
    assert certificate_name(kind, number) == name
