"""The product's own workbook."""

import io
from datetime import date

import pytest

from mediation.hotline import columns
from mediation.hotline.importing import settle_columns, stage, take_in
from mediation.hotline.models import HotlineOrder
from mediation.hotline.naming import HospitalNames
from mediation.hotline.sample import HEADER, lines, matters, workbook
from mediation.hotline.sheets import read
from tests.factories import NOW, TODAY, organisation
from tests.hotline.files import operator


def test_the_same_day_gives_the_same_rows_and_another_day_others():
    assert lines(TODAY) == lines(TODAY)
    assert lines(TODAY) != lines(date(2026, 3, 3))


@pytest.mark.django_db
def test_only_invented_hospitals_and_people_are_in_it():
    organisation("X001")
    names = HospitalNames()
    for matter in matters():
        assert matter["hospital"] == "" or matter["hospital"].startswith("示例")
        named = names.found(matter["hospital"], matter["title"], matter["content"])
        assert all(one.name.startswith("示例") for one in named), matter["title"]
    assert all(str(line[1]).endswith("示例") for line in lines(TODAY))


def test_the_header_needs_no_help():
    sheet = read(io.BytesIO(workbook(TODAY)), "示例工单.xlsx")
    assert sheet.header == list(HEADER)
    assert set(columns.guess(sheet.header)) == {
        "number",
        "caller",
        "phone",
        "title",
        "received_at",
        "content",
        "appeal",
        "hospital",
        "category",
    }


@pytest.mark.django_db
def test_it_imports_with_every_kind_of_bad_row_and_three_planted_duplicates():
    organisation("X001")
    batch = stage(io.BytesIO(workbook(TODAY)), "示例工单.xlsx", centre=organisation("hotline"), by=operator(), now=NOW)
    settle_columns(batch, columns.guess(batch.header), by=operator(), now=NOW)
    assert batch.counts == {"new": len(matters()) + 3, "rejected": 7}
    reasons = list(batch.rows.filter(standing="rejected").order_by("line").values_list("reason", flat=True))
    for reason, words in zip(
        reasons, ["缺少内容", "无法识别", "重复", "缺少工单号", "末几位", "晚于现在", "诉求类型"], strict=True
    ):
        assert words in reason
    alike = {row.line: [one["line"] for one in row.alike] for row in batch.rows.all() if row.alike}
    assert sorted(alike.values()) == [[3], [4], [6]]
    assert take_in(batch, by=operator(), now=NOW).new == len(matters()) + 3
    assert HotlineOrder.objects.filter(hospital__isnull=False).count() >= 20
