"""Which town is responsible (粤府令186号第4条), and which one reads along (R28)."""

from dataclasses import replace
from datetime import date

import pytest

from mediation.cases.case import DisputeCase
from mediation.cases.record import Notice
from mediation.organisations.models import Kind, Organisation
from tests.factories import DAOJIAO, GAOBU, PATIENT, SHILONG, at, case_at, move, organisation, persona, take
from workflow.registry import Refused
from workflow.vocabulary import Level


def test_the_hospitals_town_gets_the_case_and_its_five_days_begin() -> None:
    case = take(case_at("registered"), "dispatch", "hotline_lin", town=organisation(DAOJIAO), basis="hospital")

    assert (case.state, case.town.code, case.level, case.due_on) == (
        "town_pending",
        DAOJIAO,
        Level.TOWN,
        date(2026, 3, 3),
    )
    assert case.tasks.get(finished__isnull=True).organisation == case.town


def test_another_town_than_the_hospitals_is_refused() -> None:
    with pytest.raises(Refused, match="医疗机构在道滘镇，应派至该镇街"):
        take(case_at("registered"), "dispatch", "hotline_lin", town=organisation(SHILONG), basis="occurrence")
    with pytest.raises(Refused, match="石龙镇不是涉案医疗机构所在地"):
        take(case_at("registered"), "dispatch", "hotline_lin", town=organisation(SHILONG), basis="hospital")


def test_only_the_committee_designates() -> None:
    with pytest.raises(Refused, match="只有市医调委可以指定"):
        take(case_at("registered"), "dispatch", "hotline_lin", town=organisation(SHILONG), basis="designated")

    case = take(case_at("registered"), "dispatch", "clerk_chen", town=organisation(SHILONG), basis="designated")

    assert case.designated


def test_a_hospital_of_unknown_place_is_sent_where_the_patient_lives() -> None:
    Organisation.objects.filter(kind=Kind.HOSPITAL, code=organisation("X001").code).update(town=None)

    case = take(case_at("registered"), "dispatch", "hotline_lin", town=organisation(GAOBU), basis="residence")

    assert case.town.code == GAOBU


def test_a_hospital_or_a_park_that_handles_nothing_is_no_town() -> None:
    with pytest.raises(Refused, match="请选择办理医疗纠纷的镇街"):
        take(case_at("registered"), "dispatch", "hotline_lin", town=organisation("441900402"), basis="hospital")


@pytest.mark.rule("R28")
def test_the_patients_own_town_is_linked_by_the_address_and_told() -> None:
    case = case_at("town_pending")

    assert case.residence_town.code == GAOBU
    assert Notice.objects.addressed_to(persona("town_of_residence")).filter(case=case).exists()
    assert DisputeCase.objects.visible_to(persona("town_of_residence")).filter(pk=case.pk).exists()
    assert not DisputeCase.objects.visible_to(persona("town_zhao")).filter(pk=case.pk).exists()


@pytest.mark.parametrize(("address", "town"), [
    ("东莞市道滘示例村", DAOJIAO), ("石龙镇示例路", SHILONG), ("广州市天河区石龙路", None), ("", None),
])  # fmt: skip
def test_the_address_names_the_town_only_when_it_surely_does(address: str, town: str | None) -> None:
    case = case_at("town_pending", people=(replace(PATIENT, address=address),))

    assert (case.residence_town and case.residence_town.code) == town


def test_a_town_that_declined_gets_it_back_only_by_designation() -> None:
    case = take(
        case_at("town_pending"),
        "decline",
        "town_wang",
        reason="not_our_town",
        note="院区在外镇",
        proposed=organisation(GAOBU),
    )
    with pytest.raises(Refused, match="道滘镇已退单，再派须由市医调委指定"):
        take(case, "dispatch", "hotline_lin", town=organisation(DAOJIAO), basis="hospital")

    case = take(case, "dispatch", "hotline_lin", town=organisation(GAOBU), basis="occurrence")

    assert case.town.code == GAOBU


def test_the_record_names_towns_by_number_only() -> None:
    done = move(
        case_at("registered"),
        "dispatch",
        "hotline_lin",
        town=organisation(DAOJIAO),
        basis="hospital",
        now=at("2026-03-02"),
    )

    assert done.data == {
        "town": organisation(DAOJIAO).pk,
        "basis": "hospital",
        "residence_town": organisation(GAOBU).pk,
    }
