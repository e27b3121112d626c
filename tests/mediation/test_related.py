"""Cases that grew out of one another, or were joined, lead to each other for whoever may see both."""

import pytest
from django.test import Client

from bench.measure import statements
from mediation.cases.case import DisputeCase
from tests.factories import HOSPITAL, OTHER_HOSPITAL, case_at, fresh, organisation, persona, take
from tests.test_counts import QUERIES

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def severed() -> tuple[DisputeCase, DisputeCase]:
    case = case_at("under_review", hospitals=(HOSPITAL, OTHER_HOSPITAL))
    case = take(case, "sever", "clerk_chen", hospital=organisation(OTHER_HOSPITAL), reason="不同意调解")
    return fresh(case), case.later_cases.get()


def joined() -> tuple[DisputeCase, DisputeCase]:
    original, case = case_at("town_handling"), case_at("registered")
    return fresh(original), take(case, "mark_duplicate", "hotline_lin", original=original, reason="同一件事")


def page(who: str, case: DisputeCase, tail: str = "") -> str:
    client = Client()
    client.force_login(persona(who), "django.contrib.auth.backends.ModelBackend")
    return client.get(f"{case.get_absolute_url()}{tail}").content.decode()


def fact(label: str, case: DisputeCase) -> str:
    return f'<dt>{label}</dt>\n    <dd class="wide"><a href="{case.get_absolute_url()}">{case.title}</a></dd>'


def line(label: str, case: DisputeCase) -> str:
    return f'{label}：<a href="{case.get_absolute_url()}">{case.title}</a>'


@pytest.mark.parametrize("tail", ["", "print/"])
def test_a_severed_case_and_its_origin_lead_to_each_other(tail: str) -> None:
    case, grown = severed()
    assert fact("另立案件", grown) in page("clerk_chen", case, tail)
    assert fact("前案", case) in page("clerk_chen", grown, tail)


def test_a_case_that_was_joined_and_parted_leads_to_the_new_one() -> None:
    _, case = joined()
    case = take(case, "unlink", "hotline_lin", reason="核对后系另一患者")
    grown = case.later_cases.get()
    assert fact("另立案件", grown) in page("hotline_lin", case)
    assert fact("前案", case) in page("hotline_lin", grown)


@pytest.mark.parametrize("tail", ["tab/log/", "print/"])
def test_the_record_names_the_other_case(tail: str) -> None:
    case, grown = severed()
    assert line("另立案件", grown) in page("clerk_chen", case, tail)
    assert line("前案", case) in page("clerk_chen", grown, tail)
    original, duplicate = joined()
    assert line("并入本案", duplicate) in page("hotline_lin", original, tail)
    assert line("并入案件", original) in page("hotline_lin", duplicate, tail)


def test_the_fact_of_a_joined_case_leads_there_once() -> None:
    original, duplicate = joined()
    said = page("hotline_lin", duplicate)
    assert fact("并入案件", original) in said
    assert said.count("<dt>并入案件</dt>") == 1


def test_who_may_not_see_the_other_case_does_not_hear_of_it() -> None:
    """The liaison of one hospital is no party to the dispute with the other."""
    case, grown = severed()
    for tail in ("", "tab/log/", "print/"):
        said = page("liaison_he", case, tail)
        assert case.title in said
        assert grown.title not in said
        assert grown.number not in said


@pytest.mark.parametrize("who", ["clerk_chen", "director_xu", "supervisor_zhou", "town_wang"])
def test_a_case_with_relations_stays_within_the_queries(who: str) -> None:
    case, _ = severed()
    client, counts = Client(), {}
    client.force_login(persona(who), "django.contrib.auth.backends.ModelBackend")
    for tail in ("", "tab/log/", "tab/parties/", "print/"):
        client.get(f"{case.get_absolute_url()}{tail}")
        with statements() as seen:
            client.get(f"{case.get_absolute_url()}{tail}")
        counts[tail] = len(seen)
    assert max(counts.values()) <= QUERIES, counts
