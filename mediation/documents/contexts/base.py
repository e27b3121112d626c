"""The ground of every paper's context: plain values with Chinese labels, checked before a template sees them.

A template receives one frozen context and nothing else: no case, no user, no query can be reached from a paper, so
what a paper says is what its context says (private notes of a mediator never travel).
"""

# ruff: noqa: RUF009  # must() and may() are dataclasses.field()

import re
from dataclasses import Field, dataclass, field, fields, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self

TEXT_LIMIT = 20_000
"""Characters in one field; longer texts cost minutes of layout."""

_EXCHANGED = str.maketrans({"\u2011": "-", "\uffe5": "\u00a5", "\r": None, "\t": "\u3000"})
"""U+2011 costs a minute of layout; U+FFE5 is drawn as a dollar sign by several Chinese fonts."""
_REMOVED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")
"""Control characters, lone surrogates, and marks that turn the direction of the following text around."""


class PaperRefused(Exception):
    """A paper cannot be made from what is there. `sentence` is Chinese, for a screen, and holds no personal value."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class PaperIncomplete(PaperRefused):
    """Mandatory contents are missing; `labels` names them."""

    def __init__(self, labels: list[str]) -> None:
        super().__init__(f"文书内容不完整，还缺：{'、'.join(labels)}。")
        self.labels = labels


class PaperTooLong(PaperRefused):
    """One text is longer than TEXT_LIMIT; cutting a legal paper silently would be worse than refusing it."""

    def __init__(self, label: str) -> None:
        super().__init__(f"“{label}”超过 {TEXT_LIMIT} 字，请精简，或改作附件。")
        self.label = label


def must(label: str) -> Any:
    """A mandatory field: the paper is not issued without it."""
    return field(metadata={"label": label, "mandatory": True})


def may(label: str, default: Any = "") -> Any:
    """A field that may stay empty; the template leaves it out or leaves room to write."""
    return field(default=default, metadata={"label": label, "mandatory": False})


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Anything a context is built of."""

    def missing(self) -> list[str]:
        """Labels of the mandatory fields that are empty, here and in the parts."""
        labels = []
        for item in fields(self):
            value = getattr(self, item.name)
            if item.metadata["mandatory"] and value in ("", None, (), []):
                labels.append(item.metadata["label"])
            for part in value if isinstance(value, (tuple, list)) else (value,):
                if isinstance(part, Facts):
                    labels += [f"{item.metadata['label']}的{label}" for label in part.missing()]
        return labels

    def cleaned(self) -> Self:
        """The same facts with harmless text. Raises PaperTooLong, and TypeError for values that are no plain facts."""
        return replace(self, **{item.name: _clean(getattr(self, item.name), item) for item in fields(self)})


@dataclass(frozen=True, kw_only=True)
class Issuer(Facts):
    """Who issues a paper; every word of it is configuration of the organisation."""

    name: str = must("单位全称")
    seal_name: str = may("印章名称", "调解委员会印章")
    address: str = may("地址")
    phone: str = may("联系电话")
    hours: str = may("办公时间")


@dataclass(frozen=True, kw_only=True)
class PaperContext(Facts):
    """What every paper says: who issues it, about which case, under which number, on which day."""

    issuer: Issuer = must("制作单位")
    case_number: str = may("案号")
    number: str = may("文书编号")
    issued_on: date | None = may("落款日期", None)
    is_draft: bool = may("草案", False)


def _clean(value: Any, item: "Field[Any]") -> Any:
    if isinstance(value, str):
        text = _REMOVED.sub("", value.translate(_EXCHANGED))
        if len(text) > TEXT_LIMIT:
            raise PaperTooLong(item.metadata["label"])
        return text
    if isinstance(value, Facts):
        return value.cleaned()
    if isinstance(value, (tuple, list)):
        return tuple(_clean(part, item) for part in value)
    if value is None or isinstance(value, (bool, int, Decimal, datetime, date)):
        return value
    raise TypeError(f"{item.name}: a paper takes plain facts, not {type(value).__name__}")


def labels(context_class: type[Facts]) -> dict[str, tuple[str, bool]]:
    """Field → (Chinese label, mandatory), for the pages and the documentation."""
    return {item.name: (item.metadata["label"], item.metadata["mandatory"]) for item in fields(context_class)}
