"""The product's own workbook of orders, in the shape that hotlines export: invented people and 示例 hospitals only.

The same day always gives the same file. Beside ordinary orders it has what real files have: the same matter told twice
in other words, the same caller again, and rows that cannot be imported.
"""

from __future__ import annotations

import io
import random
import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.conf import settings
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from workflow.notices import decode, rows

COLUMNS = ("appeal", "hospital", "category", "title", "content")
HEADER = ("工单编号", "来电人", "联系电话", "诉求标题", "受理时间", "诉求内容", "诉求类型", "所涉单位", "一级分类")
WIDTHS = (22, 10, 14, 36, 18, 80, 10, 20, 16)
SURNAMES = "甄贾郝安康宁舒乐卞钟温游"
_SEED = 20260301
_SAID_AGAIN = (
    ("家属", "家里人"), ("要求", "希望"), ("市民", "本人"), ("认为", "觉得"), ("医院", "院方"), ("多次", "好几次"), ("没有", "并没有"),
)  # fmt: skip

Line = tuple[object, ...]


def matters() -> list[dict[str, str]]:
    """The invented matters."""
    text = decode((Path(settings.BASE_DIR) / "fixtures" / "sample_orders.csv").read_bytes())
    return [row for _, row in rows(text, COLUMNS)]


def lines(on: date) -> list[Line]:
    """The rows of the file as the hotline would have exported it on that morning."""
    rng = random.Random(_SEED)  # noqa: S311 — the same file every time, not a secret
    told = matters()
    ordinary = [_line(place, matter, on, rng) for place, matter in enumerate(told)]
    return [*ordinary, *_again(ordinary, on, rng), *_broken(ordinary, on)]


def workbook(on: date) -> bytes:
    """The file, with a title above the header and a blank line before the last rows, as such files have."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "工单"
    sheet.append([f"12345 工单清单（示例数据，导出日期 {on:%Y-%m-%d}）"])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(HEADER))
    sheet.append(list(HEADER))
    for cell in sheet[2]:
        cell.font = Font(bold=True)
    found = lines(on)
    for place, line in enumerate(found):
        if place == len(matters()):
            sheet.append([])
        sheet.append(list(line))
    for letter, width in zip("ABCDEFGHI", WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    for row in sheet.iter_rows(min_row=3, min_col=6, max_col=6):
        row[0].alignment = Alignment(wrap_text=True, vertical="top")
    book.properties.creator, book.properties.created, book.properties.modified = "示例", _dawn(on), _dawn(on)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _dawn(on: date) -> datetime:
    return datetime.combine(on, time(6))


def _line(place: int, matter: dict[str, str], on: date, rng: random.Random) -> Line:
    moment = _dawn(on) - timedelta(hours=1 + place % 60, minutes=rng.randrange(60))
    return (
        f"{moment:%y%m%d%H%M%S}{100_000 + rng.randrange(900_000)}", f"{SURNAMES[place % len(SURNAMES)]}示例",
        f"138{10_000_000 + place * 37:08d}", matter["title"], f"{moment:%Y-%m-%d %H:%M:%S}", matter["content"], matter["appeal"],
        matter["hospital"], matter["category"],
    )  # fmt: skip


def _again(ordinary: list[Line], on: date, rng: random.Random) -> Iterator[Line]:
    """The same matters told again: two in other words by somebody else, one by the same caller with the news since."""
    for place in (0, 3):
        number, _, _, title, _, content, *rest = ordinary[place]
        yield (
            f"{number}9", "卜示例", f"139{20_000_000 + place:08d}", reworded(str(title), rng), f"{_dawn(on):%Y/%m/%d %H:%M}",
            reworded(str(content), rng), *rest,
        )  # fmt: skip
    number, caller, phone, title, _, content, *rest = ordinary[1]
    follow_up = "再次来电补充：上次反映后医院至今没有联系，请尽快安排调解。"
    yield (f"{number}8", caller, phone, f"再次反映：{title}", _dawn(on), f"{follow_up}{content}", *rest)


def reworded(text: str, rng: random.Random) -> str:
    """The same told by another: some words changed, a sentence moved."""
    for old, new in _SAID_AGAIN:
        if rng.random() < 0.7:
            text = text.replace(old, new, 1)
    parts = [part for part in re.split(r"(?<=[。，])", text) if part]
    if len(parts) > 4:
        place = rng.randrange(1, len(parts) - 2)
        parts[place], parts[place + 1] = parts[place + 1], parts[place]
    return "".join(parts)


def _broken(ordinary: list[Line], on: date) -> Iterator[Line]:
    """Rows that cannot be imported, each for another reason."""
    number, caller, phone, title, moment, content, *rest = ordinary[5]
    yield (f"{number}1", caller, phone, title, moment, "", *rest)
    yield (f"{number}2", caller, phone, title, "2026年13月45日", content, *rest)
    yield (number, caller, phone, title, moment, f"{content}（重复导出）", *rest)
    yield ("", caller, phone, title, moment, content, *rest)
    yield (float(str(number)[:18]), caller, phone, title, moment, content, *rest)
    yield (f"{number}3", caller, phone, title, f"{on + timedelta(days=2):%Y-%m-%d} 09:00", content, *rest)
    yield (f"{number}4", caller, phone, title, moment, content, "点赞", *rest[1:])
