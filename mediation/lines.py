"""How many lines a text takes on paper, for forms that have to fit on one page.

Widths are counted in full-width characters, a little pessimistically, so that what is promised to fit does fit.
"""

from __future__ import annotations

import unicodedata
from math import ceil

NARROW, WIDE = 0.62, 1.0
BRIEF_COLUMNS, BRIEF_HALF, BRIEF_LINES = 36, 15, 23
"""What the one page of a 上报呈批表 has room for: full-width characters in a whole line and in half a line, lines."""


def width(text: str) -> float:
    """Full-width characters that the text takes on one line."""
    return sum(WIDE if unicodedata.east_asian_width(mark) in "WFA" else NARROW for mark in text)


def lines(text: str, columns: int) -> int:
    """Lines that the text takes in a cell of so many full-width characters; an empty text takes one."""
    return sum(max(1, ceil(width(line) / (columns - 1))) for line in text.split("\n"))


def wrapped(*cells: str) -> int:
    """Lines that a row of short cells on the brief takes beyond its first."""
    return max(lines(text, BRIEF_HALF) for text in cells) - 1
