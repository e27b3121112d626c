"""Fitting long texts into a form of one page: how many lines each may take, and what goes to the 续页."""

from dataclasses import dataclass

from mediation.lines import lines

NOTICE = "……（下接续页）"
CLOSING = "，。；、：？！）”》"


@dataclass(frozen=True)
class Fitted:
    """What stands in the form, and what stands on the continuation page ("" when all fits)."""

    label: str
    shown: str
    rest: str


def share(needs: list[int], budget: int) -> list[int]:
    """Lines for each text: nobody gets more than it needs, and what short texts leave goes to the long ones."""
    granted = [0] * len(needs)
    left = max(budget, len(needs))
    while left > 0 and any(have < need for have, need in zip(granted, needs, strict=True)):
        for index in sorted(range(len(needs)), key=lambda i: granted[i]):
            if left > 0 and granted[index] < needs[index]:
                granted[index] += 1
                left -= 1
    return granted


def split(text: str, columns: int, allowed: int) -> tuple[str, str]:
    """The part that fits into the allowed lines, ending in the notice, and the rest."""
    if lines(text, columns) <= allowed:
        return text, ""
    end, used = 0, ""
    for mark in text:
        if lines(used + mark + NOTICE, columns) > allowed:
            break
        used, end = used + mark, end + 1
    while end < len(text) and text[end] in CLOSING:
        used, end = used + text[end], end + 1
    return used.rstrip() + NOTICE, text[end:].lstrip()


def fit(texts: list[tuple[str, str]], columns: int, budget: int) -> list[Fitted]:
    """Label and text of every cell, cut so that together they take at most the budget of lines."""
    allowed = share([lines(text, columns) for _label, text in texts], budget)
    parts = [split(text, columns, count) for (_label, text), count in zip(texts, allowed, strict=True)]
    return [Fitted(label, *part) for (label, _text), part in zip(texts, parts, strict=True)]
