"""Reading a workbook or CSV as it really comes: titles above the header, merged and blank rows, dates in any dress.

Rows are streamed, so a file of ten thousand orders needs the memory of one. Nothing is computed: a formula stays the
text it is.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain, islice
from typing import IO, Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from mediation.cases.uploads import UploadRefused, accept_upload
from mediation.hotline.columns import recognised, tidy

MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 10_000
MOST_COLUMNS = 60
LONGEST_CELL = 32_767
"""Excel's own limit; only a CSV can hold more."""
HEADER_WITHIN = 30
BLANKS_AT_END = 1_000
EXACT_DIGITS = 15
"""Excel keeps fifteen digits of a number; an order number of eighteen must be text."""

_UNCLEAN = re.compile(r"[\s\x00-\x1f\x7f\ufeff\u200b-\u200f\u202a-\u202e\ud800-\udfff]|_x000")

Row = tuple[int, list[str]]
_ZIP = b"PK\x03\x04"  # a workbook is a zip archive
_NO_WORKBOOK = "文件已损坏或不是 Excel 工作簿，请重新导出后再上传。"
_BROKEN = (
    BadZipFile,
    InvalidFileException,
    ParseError,
    KeyError,
    ValueError,
    TypeError,
    OSError,
    AttributeError,
    IndexError,
    EOFError,
)


csv.field_size_limit(MOST_BYTES)  # the process has one limit: it is set here and never again


class SheetRefused(Exception):
    """The file cannot be read as a list of orders; ``str()`` says why and what to do, in Chinese."""


@dataclass(frozen=True)
class Sheet:
    """A header and the rows below it, each with its line number in the file and as many cells as the header."""

    header: list[str]
    rows: Iterator[Row]


def read(file: IO[bytes], name: str) -> Sheet:
    """The sheet in an uploaded file; raises :class:`SheetRefused`. Rows are read while they are asked for."""
    suffix = name.lower().rpartition(".")[2]
    if suffix == "xlsx":
        return _below_header(_workbook_lines(file, name))
    if suffix in ("csv", "txt"):
        return _below_header(_csv_lines(file))
    if suffix in ("xls", "et", "wps"):
        raise SheetRefused("这是旧版表格格式，请在 Excel 或 WPS 中“另存为”.xlsx 后再上传。")
    raise SheetRefused("只能导入 .xlsx 或 .csv 文件。")


def _workbook_lines(file: IO[bytes], name: str) -> Iterator[Row]:
    file.seek(0)
    if (head := file.read(len(_ZIP))) and head != _ZIP:
        raise SheetRefused(_NO_WORKBOOK)
    try:
        accept_upload(file, name=name)
    except UploadRefused as refused:
        raise SheetRefused(str(refused)) from refused
    file.seek(0, io.SEEK_END)
    _refuse_size(file.tell())
    file.seek(0)
    try:
        book = load_workbook(file, read_only=True, keep_links=False)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"] or book.worksheets
        for sheet in sheets:
            sheet.reset_dimensions()  # what a file claims of its size is often wrong
        lines = next((lines for sheet in sheets if (lines := _with_something(sheet)) is not None), iter(()))
        for number, cells in lines:
            yield number, [cell_text(value) for value in cells[:MOST_COLUMNS]]
    except _BROKEN as broken:
        raise SheetRefused(_NO_WORKBOOK) from broken


def _with_something(sheet: Any) -> Iterator[tuple[int, tuple[Any, ...]]] | None:
    """The lines of a sheet that holds a table; nothing for a cover sheet."""
    lines = enumerate(sheet.iter_rows(values_only=True), start=1)
    first = list(islice(lines, HEADER_WITHIN))
    if any(sum(value not in (None, "") for value in cells) >= 2 for _, cells in first):
        return chain(first, lines)
    return None


def _csv_lines(file: IO[bytes]) -> Iterator[Row]:
    file.seek(0)
    content = file.read(MOST_BYTES + 1)
    _refuse_size(len(content))
    text = _decoded(content)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max("\t;,", key=first.count)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False)
        for cells in reader:
            yield reader.line_num, [clean(cell) for cell in cells[:MOST_COLUMNS]]
    except csv.Error as broken:
        raise SheetRefused("CSV 文件的引号或换行不完整，请重新导出后再上传。") from broken


def _refuse_size(size: int) -> None:
    if not size:
        raise SheetRefused("文件是空的，请重新选择。")
    if size > MOST_BYTES:
        raise SheetRefused(f"文件超过 {MOST_BYTES // 2**20} MiB，请按日期拆分后再上传。")


def _decoded(content: bytes) -> str:
    encodings = ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise SheetRefused("文件的文字编码无法识别，请另存为 UTF-8 的 CSV 或 .xlsx 后再上传。")


def cell_text(value: Any) -> str:
    """A cell as text: dates in ISO form, whole numbers without a point, numbers too long for Excel in E notation."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime | date | time):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, int | float):
        return _number_text(value)
    return clean(str(value))


def _number_text(value: int | float) -> str:
    if abs(value) >= 10**EXACT_DIGITS:
        return f"{value:.14E}"  # its last digits are lost already; the entry says so
    return str(int(value)) if value == int(value) else repr(value)


def clean(text: str) -> str:
    """The text without what spreadsheets and web forms leave in it; paragraphs stay."""
    if not _UNCLEAN.search(text):
        return text  # nearly every cell of a file
    text = re.sub(r"_x000[dD]_", "", text).replace("\r\n", "\n").replace("\r", "\n")
    text = re.sub(r"[\x00-\x08\x0b-\x1f\x7f\ufeff\u200b-\u200f\u202a-\u202e\ud800-\udfff]", "", text)
    lines = (re.sub(r"[ \t\xa0\u3000]+", " ", line).strip() for line in re.split(r"\n|\u3000{2,}", text))
    return "\n".join(line for line in lines if line)


def _below_header(lines: Iterable[Row]) -> Sheet:
    lines = iter(lines)
    first = list(islice(lines, HEADER_WITHIN))
    place = _header_place([cells for _, cells in first])
    if place is None:
        raise SheetRefused("没有找到表头：请保留写有“工单编号、诉求内容”等列名的一行。")
    header = _named(first[place][1], first[place - 1][1] if place else [])
    return Sheet(header, _data(chain(first[place + 1 :], lines), header))


def _header_place(first: list[list[str]]) -> int | None:
    """The row with most names we know; without any, the first row that looks like names."""
    known = [_known(cells, first[place - 1] if place else []) for place, cells in enumerate(first)]
    best = max(range(len(first)), key=lambda place: (known[place], -place), default=None)
    if best is not None and known[best] >= 2:
        return best
    for place, cells in enumerate(first):
        named = [cell for cell in cells if cell]
        if len(named) >= 2 and all(len(cell) <= 20 and not re.fullmatch(r"[\d\s./:\-]+", cell) for cell in named):
            return place
    return None


def _known(cells: list[str], above: list[str]) -> int:
    """How many names of ours a row has; of a merged header in two lines the lower one has those of both."""
    own = {key for cell in cells if (key := recognised(cell))}
    if len(own) < 2:
        return len(own)
    return len({key for name in _named(cells, above) if (key := recognised(name))})


def _named(cells: list[str], above: list[str]) -> list[str]:
    """Names for all columns: of a merged header in two lines the upper name, else the place; never the same twice."""
    width = max((place + 1 for row in (cells, above) for place, cell in enumerate(row) if cell), default=0)
    header: list[str] = []
    for place, cell in enumerate((cells + [""] * width)[:width]):
        name = re.sub(r"\s+", "", cell) or re.sub(r"\s+", "", above[place] if place < len(above) else "")
        name = (name or f"第{place + 1}列")[:40]
        header.append(name if name not in header else f"{name}（第{place + 1}列）")
    return header


def _data(lines: Iterable[Row], header: list[str]) -> Iterator[Row]:
    names, count, blanks = [tidy(name) for name in header], 0, 0
    for number, cells in lines:
        if not any(cells):
            blanks += 1
            if blanks >= BLANKS_AT_END:
                return
            continue
        blanks = 0
        if len(cells) >= len(names) and all(tidy(cell) == name for cell, name in zip(cells, names, strict=False)):
            continue  # the header again, as printed at the top of every page
        count += 1
        if count > MOST_ROWS:
            raise SheetRefused(f"超过 {MOST_ROWS} 行，请按日期拆分后分次导入。")
        yield number, (cells + [""] * len(header))[: len(header)]
