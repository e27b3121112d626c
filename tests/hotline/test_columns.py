"""The columns: guessed from Chinese names, remembered by the header."""

import pytest

from mediation.hotline import columns
from tests.factories import NOW, organisation
from tests.hotline.files import COLUMNS, HEADER, other_operator


def test_the_usual_names_are_recognised():
    assert columns.guess(HEADER) == COLUMNS


def test_a_message_board_is_recognised():
    header = ["留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "一级分类"]
    assert columns.guess(header) == {
        "number": 0,
        "caller": 1,
        "title": 2,
        "received_at": 3,
        "content": 4,
        "category": 5,
    }


def test_remarks_stars_and_spaces_in_a_name_do_not_matter():
    assert columns.guess(["*工单编号", "诉求内容（必填）", "联系 电话:"]) == {"number": 0, "content": 1, "phone": 2}


def test_a_longer_name_that_contains_a_known_one_is_guessed():
    assert columns.guess(["热线工单编号", "市民诉求内容摘要"]) == {"number": 0, "content": 1}


def test_no_column_serves_two_fields():
    found = columns.guess(["内容", "主要内容", "时间", "编号"])
    assert len(set(found.values())) == len(found)


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({"number": 0}, "内容"),
        ({"content": 1, "title": 1}, "同一列"),
        ({"content": 9}, "不符"),
        ({"content": 0, "x": 1}, "不符"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(chosen, words):
    assert words in columns.problem_of(chosen, width=3)


@pytest.mark.django_db
def test_a_mapping_is_remembered_for_its_header_and_centre_only():
    centre = organisation("hotline")
    columns.remember(centre, HEADER, COLUMNS, NOW)
    assert columns.remembered(centre, [f" {name}*" for name in HEADER]) == COLUMNS
    assert columns.remembered(centre, [*HEADER, "备注"]) is None
    assert columns.remembered(other_operator_centre(), HEADER) is None


def other_operator_centre():
    other_operator()
    return organisation("hotline-2")


@pytest.mark.django_db
def test_a_corrected_mapping_takes_the_place_of_the_first():
    centre = organisation("hotline")
    columns.remember(centre, HEADER, COLUMNS, NOW)
    columns.remember(centre, HEADER, {"content": 4}, NOW)
    assert columns.remembered(centre, HEADER) == {"content": 4}
