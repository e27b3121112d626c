"""What people and browsers send where a number is expected."""

from __future__ import annotations

import re
import unicodedata

_LONGEST = 15  # digits; no table of ours has a key as long as that, and every database can compare it


def row_number(text: object) -> int | None:
    """The number of a row, or ``None`` for a text that cannot be one."""
    said = str(text or "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) <= _LONGEST else None


def plain_amount(text: str) -> str:
    """An amount as it is copied from a page or typed with full-width digits, without ￥, 元 and the commas of thousands.

    A comma anywhere else stays, so that whoever reads the number refuses it: nobody can say what 1,5 was meant to be.
    """
    said = unicodedata.normalize("NFKC", text).strip().removeprefix("¥").removesuffix("元").strip()
    grouped = re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d*)?", said)
    return said.replace(",", "") if grouped else said
