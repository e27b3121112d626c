"""Code lists are data with an effective date; a case keeps the words it was registered under."""

from datetime import date

import pytest

from mediation.cases.codelists import CodeLabel, Labels


@pytest.fixture
def renamed(db):
    return CodeLabel.objects.create(
        code_list="cause", code="fees", label="收费争议", effective_on=date(2026, 5, 1), basis="示例通知"
    )


def test_an_entry_is_called_by_its_new_name_from_the_day_on(renamed):
    assert dict(Labels(date(2026, 5, 1)).offered("cause"))["fees"] == "收费争议"


def test_the_day_before_it_still_has_its_old_name(renamed):
    assert dict(Labels(date(2026, 4, 30)).offered("cause"))["fees"] == "收费"


def test_a_case_registered_before_keeps_the_old_word(renamed):
    assert Labels(date(2026, 4, 30))("cause", "fees") == "收费"
    assert Labels(date(2026, 5, 2))("cause", "fees") == "收费争议"


def test_a_retired_entry_is_offered_no_more_and_still_has_its_name(db):
    CodeLabel.objects.create(
        code_list="harm", code="property", label="财产、费用", retired=True, effective_on=date(2026, 5, 1)
    )

    assert "property" not in dict(Labels(date(2026, 5, 1)).offered("harm"))
    assert Labels(date(2026, 6, 1))("harm", "property") == "财产、费用"
