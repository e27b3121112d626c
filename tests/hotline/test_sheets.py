"""Reading files as they really come."""

import io
from datetime import datetime

import pytest
from openpyxl import Workbook

from mediation.hotline.sheets import MOST_ROWS, SheetRefused, read
from tests.hotline.files import HEADER, line, xlsx


def rows_of(file: io.BytesIO, name: str = "工单.xlsx") -> list[list[str]]:
    return [cells for _, cells in read(file, name).rows]


def test_a_title_above_the_header_and_blank_rows_below_do_not_matter():
    sheet = read(xlsx([["2026年2月工单清单"], [], HEADER, line("1"), [], [None, " "], line("2")]), "工单.xlsx")
    assert sheet.header == list(HEADER)
    assert [(number, cells[0]) for number, cells in sheet.rows] == [(4, "1"), (7, "2")]


def test_the_lines_keep_the_numbers_of_the_file():
    assert [number for number, _ in read(xlsx([["标题"], HEADER, line("1"), [], line("2")]), "a.xlsx").rows] == [3, 5]


def test_a_header_in_two_lines_takes_the_upper_name_where_the_lower_is_blank():
    upper = ["工单编号", "诉求人信息", None, "诉求内容"]
    sheet = read(xlsx([upper, [None, "姓名", "联系电话", None], ["1", "贾示例", "138", "内容"]]), "工单.xlsx")
    assert sheet.header == ["工单编号", "姓名", "联系电话", "诉求内容"]


def test_the_header_repeated_on_every_printed_page_is_no_order():
    assert len(rows_of(xlsx([HEADER, line("1"), HEADER, line("2")]))) == 2


def test_dates_numbers_and_booleans_become_text_without_loss():
    moment = datetime(2026, 2, 27, 10, 15)
    (cells,) = rows_of(xlsx([HEADER, (260227, True, moment, 1.5, "内容", None, 13800000002)]))
    assert cells == ["260227", "是", "2026-02-27 10:15:00", "1.5", "内容", "", "13800000002"]


def test_a_number_longer_than_excel_keeps_is_marked_as_lost():
    (cells,) = rows_of(xlsx([HEADER, line(250912101108115409)]))
    assert "E+17" in cells[0]


def test_a_formula_stays_the_text_it_is():
    (cells,) = rows_of(xlsx([HEADER, line("1", title="=1+1", content='=HYPERLINK("http://example.invalid")')]))
    assert cells[3] == "=1+1"
    assert cells[4].startswith("=HYPERLINK")


def test_what_web_forms_leave_in_a_cell_is_cleaned_and_paragraphs_stay():
    dirty = "\n\t\t\t\t\n\t\t尊敬的领导：\u3000\u3000您好_x000D_\n\xa0\xa0第二段\u200b \n\t\n"
    (cells,) = rows_of(xlsx([HEADER, line("1", content=dirty)]))
    assert cells[4] == "尊敬的领导：\n您好\n第二段"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_csv_is_read_in_every_usual_encoding_and_with_every_usual_delimiter(encoding, delimiter):
    text = (
        delimiter.join(HEADER)
        + "\r\n"
        + delimiter.join(["1", "投诉", "2026-02-27", "滘和埗", '"甲\r\n乙"', "贾示例", "138"])
        + "\r\n"
    )
    (cells,) = rows_of(io.BytesIO(text.encode(encoding)), "工单.csv")
    assert cells[3] == "滘和埗"
    assert cells[4] == "甲\n乙"


def test_a_cover_sheet_before_the_list_is_passed_over():
    book = Workbook()
    book.active.append(["说明"])
    sheet = book.create_sheet("清单")
    sheet.append(list(HEADER))
    sheet.append(list(line("1")))
    held = io.BytesIO()
    book.save(held)
    assert rows_of(held)[0][0] == "1"


def test_short_rows_are_filled_to_the_width_of_the_header():
    (cells,) = rows_of(io.BytesIO(("工单编号,诉求内容,联系电话\n1,内容\n").encode()), "a.csv")
    assert cells == ["1", "内容", ""]


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "a.csv", "空的"),
        (b"", "a.xlsx", "空的"),
        (b"hello", "a.xlsx", "损坏或不是 Excel 工作簿"),
        (b"PK\x03\x04broken", "a.xlsx", "损坏|内部|打开"),
        (b"\xd0\xcf\x11\xe0", "a.xls", "另存为"),
        (b"x", "a.pdf", "只能导入"),
        (b"\x00\x01\x02\x03" * 10, "a.csv", "编码"),
        ("只有一列\n一\n二\n".encode(), "a.csv", "表头"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_what_to_do(content, name, words):
    with pytest.raises(SheetRefused, match=words):
        list(read(io.BytesIO(content), name).rows)


def test_more_rows_than_one_import_takes_are_refused():
    text = "工单编号,诉求内容\n" + "".join(f"{n},内容\n" for n in range(MOST_ROWS + 1))
    with pytest.raises(SheetRefused, match="10000"):
        list(read(io.BytesIO(text.encode()), "a.csv").rows)


def test_reading_stops_after_a_thousand_blank_rows():
    text = "工单编号,诉求内容\n1,内容\n" + ",\n" * 1_000 + "2,内容\n"
    assert len(rows_of(io.BytesIO(text.encode()), "a.csv")) == 1
