"""The 49 real messages: read where they lie, never copied. Skipped where they are not."""

import io

import pytest

from mediation.hotline import columns
from mediation.hotline.duplicates import alike_to
from mediation.hotline.importing import Taken, settle_columns, stage, take_in
from mediation.hotline.models import HotlineOrder
from mediation.hotline.sheets import read
from mediation.hotline.triage import suggest
from tests.factories import NOW, organisation
from tests.hotline.files import operator

HEALTH = "卫生计生"


@pytest.fixture
def messages(shared_data):
    file = shared_data / "citizen-messages.xlsx"
    if not file.is_file():
        pytest.skip("the messages are not beside this checkout")
    return file


def imported(file, *, without=()):
    with file.open("rb") as opened:
        held = io.BytesIO(opened.read())
    batch = stage(held, file.name, centre=organisation("hotline"), by=operator(), now=NOW)
    if not batch.columns:
        guessed = columns.guess(batch.header)
        settle_columns(
            batch, {key: place for key, place in guessed.items() if key not in without}, by=operator(), now=NOW
        )
    return batch, take_in(batch, by=operator(), now=NOW)


@pytest.mark.django_db
def test_all_messages_become_orders_received_now_and_keep_their_own_date(messages):
    _, taken = imported(messages)
    assert taken == Taken(new=49)
    for order in HotlineOrder.objects.all():
        assert order.received_at == NOW
        assert order.message_at.year in range(2010, 2021)
        assert order.title
        assert not any(mark in order.content for mark in ("\t", "_x000D_", "\u3000", "\xa0"))


@pytest.mark.django_db
def test_the_same_file_again_changes_nothing(messages):
    imported(messages)
    assert imported(messages)[1] == Taken(same=49)


@pytest.mark.django_db
def test_without_their_numbers_they_get_stable_ones_of_their_own(messages):
    imported(messages, without=("number",))
    numbers = set(HotlineOrder.objects.values_list("number", flat=True))
    assert len(numbers) == 49
    assert all(number.startswith("自编-") for number in numbers)
    assert imported(messages)[1] == Taken(same=49)


@pytest.mark.django_db
def test_no_two_of_them_are_taken_for_the_same_matter(messages):
    imported(messages)
    assert [order.number for order in HotlineOrder.objects.all() if alike_to(order, now=NOW)] == []


def test_what_concerns_the_health_system_is_told_from_other_matters(messages):
    with messages.open("rb") as file:
        rows = [cells for _, cells in read(file, messages.name).rows]
    judged = [(suggest(cells[2], cells[4]), cells[5] == HEALTH) for cells in rows]
    health = [(suggestion.is_health, real) for suggestion, real in judged]
    precision, recall = _measure(health)
    print(f"health or not: precision {precision:.2f}, recall {recall:.2f}")  # noqa: T201
    assert precision >= 0.85
    assert recall >= 0.9
    medical = [(suggestion.category != "other", real) for suggestion, real in judged]
    precision, recall = _measure(medical)
    print(f"medical care or not: precision {precision:.2f}, recall {recall:.2f}")  # noqa: T201
    assert precision >= 0.85  # the recall is low by nature: the board counts family planning and pay as health
    assert not any(suggestion.is_dispute and not real for suggestion, real in judged)


def _measure(pairs):
    both = sum(said and real for said, real in pairs)
    return both / sum(said for said, _ in pairs), both / sum(real for _, real in pairs)
