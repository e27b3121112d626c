"""What an order seems to be about: a weighted list of words suggests, a person decides.

Every word that counts is shown with its weight, so anybody can see why, and change the list (``fixtures/triage.csv``). A
word counts once, twice when it stands in the title; ``甲+乙`` wants both in one sentence. Medical categories need a medical
setting (words of ``setting``): without one the matter is not ours, whatever else is said.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from django.conf import settings

from mediation.cases.codes import Category
from workflow.notices import SheetRefused, decode, rows

COLUMNS = ("category", "word", "weight", "body")
HEALTH_BUREAU = "市卫生健康局"
SETTING = "setting"
SETTING_NEEDED = 3
"""So much of a medical setting must be in the text; one named institution is enough, or two other mentions."""
NEEDED = 3
"""A category with less is not suggested."""
IN_TITLE = 2
ANYWHERE = (Category.ILLEGAL, Category.INSURANCE, Category.OTHER)
"""Categories that need no medical setting in the text."""
_SENTENCE = re.compile(r"[。！？!?；;\n]+")


@dataclass(frozen=True)
class Word:
    """One line of the list."""

    category: str
    text: str
    weight: int
    body: str = ""

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """What must all stand in one sentence."""
        return tuple(self.text.split("+"))


@dataclass(frozen=True)
class Suggestion:
    """A category with the words that speak for it, the heaviest first; ``score`` is their sum.

    ``body`` is who would answer what is not medical; empty when the words do not tell.
    """

    category: str
    score: int
    words: tuple[tuple[str, int], ...]
    body: str = ""

    @property
    def label(self) -> str:
        """The category in Chinese."""
        return str(Category(self.category).label)

    @property
    def is_dispute(self) -> bool:
        """Whether it may be registered as a dispute."""
        return self.category == Category.MEDICAL_DISPUTE

    @property
    def is_health(self) -> bool:
        """Whether it concerns the health system at all: care, or family planning, or those who work there."""
        return self.category != Category.OTHER or self.body == HEALTH_BUREAU


@lru_cache(maxsize=1)
def words() -> tuple[Word, ...]:
    """The list; raises SheetRefused when it cannot be read."""
    text = decode((Path(settings.BASE_DIR) / "fixtures" / "triage.csv").read_bytes())
    found = []
    for number, row in rows(text, COLUMNS):
        if row["category"] not in (SETTING, *Category.values) or not re.fullmatch(r"-?\d+", row["weight"]):
            raise SheetRefused(f"第 {number} 行：类别或分值不对")
        found.append(Word(row["category"], row["word"], int(row["weight"]), row["body"]))
    return tuple(found)


def suggest(title: str, content: str) -> Suggestion:
    """The category that most weight speaks for; ``other`` when nothing medical is recognised."""
    heading, sentences = (
        _plain(title),
        [_plain(part) for part in _SENTENCE.split(f"{title}\n{content}") if part.strip()],
    )
    whole = "".join(sentences)
    said: dict[str, list[tuple[Word, int]]] = {}
    for word in (one for one in words() if one.parts[0] in whole):
        weight = _weight(word, heading, sentences, whole)
        if weight:
            said.setdefault(word.category, []).append((word, weight))
    setting = sum(weight for _, weight in said.pop(SETTING, []))
    return _heaviest(said, is_medical=setting >= SETTING_NEEDED)


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def _weight(word: Word, heading: str, sentences: list[str], whole: str) -> int:
    parts = word.parts
    if not all(part in whole for part in parts):
        return 0
    if all(part in heading for part in parts):
        return word.weight * IN_TITLE
    if len(parts) == 1 or any(all(part in sentence for part in parts) for sentence in sentences):
        return word.weight
    return 0


def _heaviest(said: dict[str, list[tuple[Word, int]]], *, is_medical: bool) -> Suggestion:
    scores = {category: sum(weight for _, weight in found) for category, found in said.items()}
    possible = [
        category for category in Category.values
        if scores.get(category, 0) >= NEEDED and (is_medical or category in ANYWHERE)
    ]  # fmt: skip
    if not possible:
        return Suggestion(Category.SERVICE, 0, ()) if is_medical else Suggestion(Category.OTHER, 0, ())
    best = max(possible, key=lambda category: scores[category])
    found = sorted(said[best], key=lambda pair: -pair[1])
    shown = tuple((word.text.replace("+", "…"), weight) for word, weight in found[:8])
    return Suggestion(best, scores[best], shown, _body(found, is_medical=is_medical) if best == Category.OTHER else "")


def _body(found: list[tuple[Word, int]], *, is_medical: bool) -> str:
    named = next((word.body for word, _ in found if word.body), "")
    return named or (HEALTH_BUREAU if is_medical else "")
