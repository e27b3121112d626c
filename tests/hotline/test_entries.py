"""A row understood as an order, or refused with a reason."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from mediation.hotline.entries import OLD_AFTER, RowRefused, entry_of, moment
from tests.factories import NOW
from tests.hotline.files import COLUMNS, line


def understood(columns=COLUMNS, **changes):
    number = changes.pop("number", "2603010001")
    return entry_of([str(value) for value in line(number, **changes)], columns, NOW)


@pytest.mark.parametrize(
    "text",
    ["2019/4/1 1:59:58", "2019-04-01 01:59:58", "2019年4月1日 1时59分58秒", "2019-04-01T01:59:58.123", "20190401015958",
     "20190401 01:59:58", "43556.08331018519"],
)  # fmt: skip
def test_a_date_is_read_in_every_usual_dress(text):
    assert timezone.localtime(moment(text)).replace(tzinfo=None) == datetime(2019, 4, 1, 1, 59, 58)


def test_a_day_without_a_time_begins_at_midnight():
    assert timezone.localtime(moment("2026.2.27")).isoformat() == "2026-02-27T00:00:00+08:00"


@pytest.mark.parametrize("text", ["昨天", "2026-13-45", "2026-02-30", "1899-01-01", "=TODAY()", "99999999"])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(RowRefused, match="无法识别"):
        moment(text)


def test_a_recent_date_is_the_receipt():
    entry = understood()
    assert entry.received_at == entry.message_at == timezone.make_aware(datetime(2026, 2, 27, 10, 15))


def test_an_old_date_is_kept_but_the_receipt_is_the_import():
    old = NOW - OLD_AFTER - timedelta(days=1)
    entry = understood(received_at=f"{old:%Y-%m-%d %H:%M}")
    assert entry.received_at == NOW
    assert entry.message_at.date() == old.date()


def test_without_a_date_the_receipt_is_the_import():
    entry = understood(received_at="")
    assert (entry.received_at, entry.message_at) == (NOW, None)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"content": ""}, "缺少内容"), ({"number": ""}, "缺少工单号"), ({"number": "2.50912101108115E+17"}, "末几位"),
        ({"number": "=A1"}, "公式"), ({"number": "1 2"}, "空格"), ({"number": "9" * 41}, "40"), ({"title": "长" * 201}, "200"),
        ({"content": "长" * 32_768}, "32767"), ({"received_at": "2026-03-05 10:00"}, "晚于现在"), ({"received_at": "二月"}, "无法识别"),
        ({"appeal": "点赞"}, "诉求类型"),
    ],
)  # fmt: skip
def test_what_cannot_be_an_order_is_refused_with_its_reason(changes, words):
    with pytest.raises(RowRefused, match=words):
        understood(**changes)


@pytest.mark.parametrize(
    ("text", "appeal"),
    [("投诉举报", "complain"), ("咨询类", "consult"), ("求决", "help"), ("意见建议", "suggest"), ("", "")],
)
def test_kinds_of_appeal_are_recognised_by_their_words(text, appeal):
    assert understood(appeal=text).appeal == appeal


def test_a_broken_date_of_answer_is_refused():
    with pytest.raises(RowRefused, match="答复期限"):
        understood(columns={**COLUMNS, "due_on": 0})


def test_a_row_without_a_title_takes_the_first_sentence():
    assert understood(title="").title.startswith("患者在示例人民医院")


def test_a_source_without_numbers_gets_the_same_number_for_the_same_row():
    columns = {key: place for key, place in COLUMNS.items() if key != "number"}
    first, again = understood(columns), understood(columns, content=line()[4] + " ")
    assert first.number.startswith("自编-")
    assert first.number == again.number
    assert len(first.number) <= 40


@pytest.mark.parametrize("changed", ["caller", "content", "title", "received_at"])
def test_another_text_caller_or_date_gets_another_number(changed):
    columns = {key: place for key, place in COLUMNS.items() if key != "number"}
    other = "2026-02-26 10:15" if changed == "received_at" else "别的"
    assert understood(columns).number != understood(columns, **{changed: other}).number


def test_the_digest_does_not_change_with_the_time_of_import():
    columns = {key: place for key, place in COLUMNS.items() if key != "received_at"}
    cells = [str(value) for value in line()]
    assert entry_of(cells, columns, NOW).digest == entry_of(cells, columns, NOW + timedelta(days=3)).digest


def test_the_date_of_answer_that_the_hotline_writes_is_kept_apart():
    entry = understood(columns={**COLUMNS, "due_on": 2})
    assert entry.stated_due_on == date(2026, 2, 27)
