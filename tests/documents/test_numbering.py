"""Numbers of papers: how they are written, and that none is given twice."""

import threading

import pytest
from django.db import connection, transaction

from mediation.documents.catalogue import kind_of
from mediation.documents.numbering import NumberSeries, give_number, prefix_of, written
from mediation.organisations.models import Organisation

AGREEMENT, ACCEPTANCE = kind_of("mediation_agreement"), kind_of("acceptance_notice")


@pytest.fixture
def committee(transactional_db: None) -> Organisation:
    return Organisation.objects.create(kind="committee", code="number-test", name="示例医调委", number_prefix="东医调")


def number(organisation: Organisation, kind: object = AGREEMENT, year: int = 2026, base: str = "东医调") -> str:
    with transaction.atomic():
        return give_number(organisation.pk, kind, year=year, base=base)  # type: ignore[arg-type]


def test_a_number_has_the_full_year_in_tortoise_shells_and_no_leading_zero() -> None:
    assert written("东医调", 2026, 12) == "东医调〔2026〕12号"


@pytest.mark.parametrize(("year", "count"), [(26, 1), (2026, 0), (2026, -3)])
def test_a_short_year_and_a_number_below_one_are_refused(year: int, count: int) -> None:
    with pytest.raises(ValueError, match="文号"):
        written("东医调", year, count)


def test_the_kind_sets_its_word_behind_the_prefix_of_the_organisation() -> None:
    assert prefix_of("东医调", ACCEPTANCE) == "东医调受"
    assert prefix_of(" 东医调 ", AGREEMENT) == "东医调"


def test_a_kind_without_numbers_and_an_organisation_without_prefix_are_refused() -> None:
    with pytest.raises(ValueError, match="不编号"):
        prefix_of("东医调", kind_of("dossier_cover"))
    with pytest.raises(ValueError, match="代字"):
        prefix_of(" ", AGREEMENT)


def test_each_kind_and_year_counts_for_itself(committee: Organisation) -> None:
    assert [number(committee), number(committee)] == ["东医调〔2026〕1号", "东医调〔2026〕2号"]
    assert number(committee, kind=ACCEPTANCE) == "东医调受〔2026〕1号"
    assert number(committee, year=2027) == "东医调〔2027〕1号"


def test_a_series_keeps_the_prefix_that_it_began_with(committee: Organisation) -> None:
    number(committee)

    assert number(committee, base="东调") == "东医调〔2026〕2号"


def test_a_number_of_a_transaction_that_failed_is_given_to_the_next_paper(committee: Organisation) -> None:
    number(committee)
    with transaction.atomic():
        give_number(committee.pk, AGREEMENT, year=2026, base="东医调")
        transaction.set_rollback(True)

    assert number(committee) == "东医调〔2026〕2号"


def test_a_number_outside_a_transaction_is_refused(committee: Organisation) -> None:
    with pytest.raises(RuntimeError):
        give_number(committee.pk, AGREEMENT, year=2026, base="东医调")

    assert not NumberSeries.objects.exists()


def test_eight_desks_at_once_get_eight_different_numbers_without_a_gap(committee: Organisation) -> None:
    given: list[str] = []

    def desk() -> None:
        try:
            given.extend(number(committee) for _ in range(5))
        finally:
            connection.close()

    desks = [threading.Thread(target=desk) for _ in range(8)]
    for one in desks:
        one.start()
    for one in desks:
        one.join()

    assert sorted(given) == sorted(written("东医调", 2026, count) for count in range(1, 41))
