"""What a browser sends where a row's number is expected: anything."""

from __future__ import annotations

_LONGEST = 15  # digits; no table of ours has a key as long as that, and every database can compare it


def row_number(text: object) -> int | None:
    """The number of a row, or ``None`` for a text that cannot be one."""
    said = str(text or "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) <= _LONGEST else None
