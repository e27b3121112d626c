"""Which hospital a text speaks of: a suggestion for the person who registers, found by name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from mediation.organisations.models import Organisation

_CITY = re.compile(r"^(?:广东省)?东莞市?")
_COMMON = frozenset({"人民医院", "中医院", "中医医院", "妇幼保健院", "中心医院", "医院", "社区卫生服务中心", "口腔医院", "骨科医院",
                     "康复医院", "第三人民医院", "第二人民医院", "卫生院"})  # fmt: skip


@dataclass(frozen=True)
class Named:
    """A hospital whose name was found."""

    pk: int
    name: str
    words: str


class HospitalNames:
    """The names of the hospitals in use, read once for a whole import."""

    def __init__(self) -> None:
        rows = Organisation.objects.hospitals().values_list("pk", "name")
        names = [(words, pk, name) for pk, name in rows for words in _words(name)]
        self._names = sorted(names, key=lambda row: -len(row[0]))

    def found(self, *texts: str) -> list[Named]:
        """The hospitals named in the texts, those of an earlier text first, each once.

        A name inside a longer one does not count: 示例人民医院 is not 人民医院.
        """
        hits: dict[int, Named] = {}
        for text in texts:
            for hit in sorted(self._in(_plain(text)), key=lambda row: row[0]):
                hits.setdefault(hit[1].pk, hit[1])
        return list(hits.values())

    def _in(self, text: str) -> Iterable[tuple[int, Named]]:
        for words, pk, name in self._names:
            place = text.find(words)
            if place >= 0:
                text = text.replace(words, "\0" * len(words))
                yield place, Named(pk, name, words)


def _words(name: str) -> set[str]:
    """The name as it is said: in full and, where it stays a name, without the city."""
    full = _plain(name)
    short = _CITY.sub("", full)
    return {full} if short in _COMMON or len(short) < 4 else {full, short}


def _plain(text: str) -> str:
    return re.sub(r"[\s（）()·]+", "", unicodedata.normalize("NFKC", text))
