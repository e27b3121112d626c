"""The order's own clock: 2, 10 and 15 working days from the hotline's receipt."""

from datetime import date

import pytest

from mediation.hotline.models import Appeal
from mediation.hotline.turns import sort_out
from tests.factories import DAOJIAO, at, case_at, organisation, take
from tests.hotline.files import operator, order

pytestmark = pytest.mark.django_db


@pytest.mark.rule("R26")
@pytest.mark.parametrize(
    ("appeal", "due_on"),
    [
        (Appeal.CONSULT, date(2026, 9, 30)), (Appeal.HELP, date(2026, 10, 16)), (Appeal.SUGGEST, date(2026, 10, 16)),
        (Appeal.COMPLAIN, date(2026, 10, 23)), (Appeal.REPORT, date(2026, 10, 23)),
    ],
)  # fmt: skip
def test_an_order_is_due_by_its_kind_over_the_holidays(appeal, due_on):
    assert order(appeal=appeal, now=at("2026-09-28")).due_on == due_on


@pytest.mark.rule("R26")
def test_the_clock_runs_from_the_receipt_of_12345_not_from_the_import():
    made = order(now=at("2026-03-06"), received_at=at("2026-03-02"))
    assert made.due_on == date(2026, 3, 23)


def test_a_date_past_the_published_calendar_is_provisional():
    made = order(now=at("2026-12-21"))
    assert made.due_provisional


@pytest.mark.rule("R26")
def test_another_kind_of_appeal_counts_anew_from_the_same_receipt():
    made = order(now=at("2026-09-28"))
    sorted_ = sort_out(made, category="service", appeal="consult", by=operator(), now=at("2026-09-29"))
    assert sorted_.due_on == date(2026, 9, 30)


@pytest.mark.rule("R26")
def test_the_case_never_touches_the_clock_of_its_order():
    made = order()
    case = case_at("registered", orders=(made,))
    due, signed = made.due_on, "signed"
    case = take(case, "dispatch", "hotline_lin", town=organisation(DAOJIAO), basis="hospital")
    take(case, "sign_for", "town_wang")
    made.refresh_from_db()
    assert (made.due_on, made.state, made.case_id) == (due, signed, case.pk)
