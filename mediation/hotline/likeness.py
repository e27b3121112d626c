"""Which texts are probably the same matter told twice: a cheap print finds candidates, the texts themselves decide.

The print is a MinHash of the text's three-character shingles by one permutation (72 bins, empty ones filled from the
next), cut into 24 bands of three. Two texts that share four tenths of their shingles share a band with a probability of
about eight in ten, seven tenths nearly always; unrelated ones hardly ever. Only bands are stored, under a key, so a print
tells nothing of the text; looking one up is a read of one index, whatever the number of orders.
"""

from __future__ import annotations

import hashlib
import re
import struct
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from mediation.privacy.keys import derived_key

BANDS, ROWS = 24, 3
BINS = BANDS * ROWS
WIDTH = 3
ALIKE = 50
"""Per cent of likeness from which two texts are shown as probable duplicates."""
COMPARED = 4_000
"""Characters compared at most: what a caller repeats stands at the beginning."""

_MASK = (1 << 64) - 1
_PUNCTUATION = re.compile(r"[\W_]+")
_COURTESY = re.compile(
    r"尊敬的?[\u4e00-\u9fff]{0,8}?(?:领导|书记|市长|局长|主任|同志|厅长|县长|镇长)(?:们)?|(?:您|你|大家)们?好|谢谢|感谢|"
    r"请?(?:有关)?(?:部门|领导)(?:予以)?(?:尽快|尽早)?(?:处理|核实|解决|重视|回复)|此致敬礼|来电人?(?:反映|称|表示)|市民(?:反映|来电)"
)


def bare(text: str) -> str:
    """The text without what says nothing: width, case, punctuation, spaces, courtesies."""
    text = _PUNCTUATION.sub("", unicodedata.normalize("NFKC", text).lower())
    return _COURTESY.sub("", text)[:COMPARED]


@dataclass(frozen=True)
class Gist:
    """A text as it is compared: its bare words and their pairs of characters, taken once for many comparisons."""

    words: str
    pairs: frozenset[str]

    @property
    def bands(self) -> tuple[int, ...]:
        """Its print, as signed 64-bit numbers; empty for a text too short to be compared."""
        if len(self.words) < 2 * WIDTH:
            return ()
        key = derived_key("likeness")
        lowest = _filled(_lowest(self.words, key))
        return tuple(_band(number, lowest, key) for number in range(BANDS))


def gist_of(text: str) -> Gist:
    """What of a text is compared."""
    words = bare(text)
    return Gist(words, frozenset(words[place : place + 2] for place in range(len(words) - 1)))


@lru_cache(maxsize=2)
def _multipliers(key: bytes) -> tuple[int, int, int, int]:
    a, b, c, d = struct.unpack("<4Q", key)
    return a | 1, b | 1, c | 1, d | 1


def print_of(text: str) -> tuple[int, ...]:
    """The bands of a text."""
    return gist_of(text).bands


def _lowest(words: str, key: bytes) -> list[int | None]:
    """One permutation of all shingles: the smallest hash in each bin."""
    one, two, three, mix = _multipliers(key)
    points = [ord(char) for char in words]
    shingles = set(zip(points, points[1:], points[2:], strict=False))
    bins: list[int | None] = [None] * BINS
    for first, second, third in shingles:
        value = (first * one + second * two + third * three) & _MASK
        value = ((value ^ (value >> 29)) * mix) & _MASK
        value ^= value >> 32
        place = value % BINS
        known = bins[place]
        if known is None or value < known:
            bins[place] = value
    return bins


def _filled(bins: list[int | None]) -> list[int]:
    """Empty bins take the value of the next full one, marked with the distance, so that equal texts stay equal."""
    filled = []
    for place in range(BINS):
        distance = 0
        while (value := bins[(place + distance) % BINS]) is None:
            distance += 1
        filled.append((value + distance * 0x9E3779B97F4A7C15) & _MASK)
    return filled


def _band(number: int, lowest: list[int], key: bytes) -> int:
    rows = struct.pack("<B3Q", number, *lowest[number * ROWS : (number + 1) * ROWS])
    band: int = struct.unpack("<q", hashlib.blake2b(rows, digest_size=8, key=key).digest())[0]
    return band


def likeness(one: str, other: str) -> int:
    """How alike two texts are, in per cent. See :func:`compared`."""
    return compared(gist_of(one), gist_of(other))


def compared(one: Gist, other: Gist) -> int:
    """How alike two texts are, in per cent. The order of the sentences does not matter, nor what was added around them.

    The larger of: shared pairs of characters (Dice), and the edit likeness of the whole; a text that is contained in a
    longer one counts for nine tenths of the share contained.
    """
    if not one.words or not other.words:
        return 0
    if one.words == other.words:
        return 100
    shared = len(one.pairs & other.pairs)
    dice = 2 * shared / max(len(one.pairs) + len(other.pairs), 1)
    least = min(len(one.pairs), len(other.pairs))
    contained = 0.9 * shared / least if least >= 30 else 0.0
    return min(
        99, round(100 * max(dice, contained if contained > 0.6 else 0.0, fuzz.ratio(one.words, other.words) / 100))
    )
