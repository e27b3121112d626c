"""Likely earlier cases beside the registration form: somebody in common says so, a name only at the same hospital."""

from datetime import timedelta

import pytest

from mediation.cases.case import DisputeCase
from mediation.cases.pages.register import candidates
from mediation.cases.registration import Person
from tests.factories import HOSPITAL, OTHER_HOSPITAL, PATIENT, case_at, organisation, persona

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def earlier(monkeypatch: pytest.MonkeyPatch) -> DisputeCase:
    case = case_at("registered")
    monkeypatch.setattr("mediation.cases.pages.register.timezone.localdate", lambda: case.received_on)
    return case


def why(code: str = HOSPITAL, **typed: str) -> list[str]:
    found = candidates(persona("hotline_lin"), {"hospital": str(organisation(code).pk), **typed})
    return [one["why"] for one in found]


def test_the_same_phone_is_enough_and_the_same_hospital_is_said(earlier: DisputeCase) -> None:
    assert why(phone=PATIENT.phone) == ["同一电话同院"]
    assert why(OTHER_HOSPITAL, caller_phone=PATIENT.phone) == ["同一电话"]
    assert why(phone=PATIENT.phone, patient_name=PATIENT.name) == ["同一电话同院、同名同院"]


def test_a_name_says_something_only_at_the_same_hospital(earlier: DisputeCase) -> None:
    assert why(patient_name=PATIENT.name) == ["同名同院"]
    assert why(OTHER_HOSPITAL, patient_name=PATIENT.name) == []


@pytest.mark.parametrize("word", ["匿名", "市民", "未留姓名"])
def test_what_stands_in_place_of_a_name_finds_nobody(earlier: DisputeCase, word: str) -> None:
    case_at("registered", people=(Person(kind="caller", name=word),))
    assert why(caller_name=word) == []


def test_nobody_is_found_by_nothing(earlier: DisputeCase) -> None:
    assert why() == why(phone=" ", patient_name="") == []


def test_what_is_long_ago_is_not_offered(earlier: DisputeCase) -> None:
    DisputeCase.objects.filter(pk=earlier.pk).update(received_on=earlier.received_on - timedelta(days=91))
    assert why(phone=PATIENT.phone) == []
