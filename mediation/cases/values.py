"""How a typed value is read when something recorded is corrected: one reader a kind of value, refusing in Chinese."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import TextChoices
from django.utils import timezone

from mediation.organisations.models import Kind, Organisation
from mediation.privacy.identity import check_phone
from mediation.typed import plain_amount, row_number
from workflow.registry import Refused

Reader = Callable[[str], Any]

LONGEST = 20_000


def text(value: str) -> str:
    """Any text that says something."""
    if not value.strip() or len(value) > LONGEST:
        raise Refused(f"请填写更正后的内容，不超过 {LONGEST} 字", field="value")
    return value.strip()


@dataclass(frozen=True)
class Short:
    """A name or another short text, as long as its column."""

    longest: int = 80

    def __call__(self, value: str) -> str:
        if not 0 < len(value.strip()) <= self.longest:
            raise Refused(f"请填写更正后的内容，不超过 {self.longest} 字", field="value")
        return value.strip()


short = Short()


def day(value: str) -> date:
    """A date as 2026-03-02."""
    try:
        return date.fromisoformat(value.strip())
    except ValueError:
        raise Refused("日期请写作 2026-03-02", field="value") from None


def moment(value: str) -> datetime:
    """A day and an hour as 2026-03-02 09:30."""
    try:
        said = datetime.strptime(" ".join(value.replace("：", ":").split()), "%Y-%m-%d %H:%M")  # noqa: DTZ007 — made aware below
    except ValueError:
        raise Refused("时间请写作 2026-03-02 09:30", field="value") from None
    return timezone.make_aware(said)


def hour(value: str) -> time:
    """An hour as 09:30."""
    try:
        return datetime.strptime(value.strip().replace("：", ":"), "%H:%M").time()  # noqa: DTZ007 — an hour has no zone
    except ValueError:
        raise Refused("时间请写作 09:30", field="value") from None


def count(value: str) -> int:
    """How many: pages, people."""
    number = row_number(value.strip())
    if number is None or not 0 < number < 10_000:
        raise Refused("请写大于零的整数", field="value")
    return number


def people(value: str) -> list[str]:
    """Names, separated by 、 or a comma or each on its line."""
    parts = value.replace("，", "、").replace(",", "、").replace("\n", "、").split("、")
    return [part.strip() for part in parts if part.strip()]


def amount(value: str) -> Decimal:
    """Yuan with at most two decimals, not negative."""
    try:
        yuan = Decimal(plain_amount(value))
    except InvalidOperation:
        raise Refused("金额请写数字，如 12000.50", field="value") from None
    exponent = yuan.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -2 or not 0 <= yuan < 10**12:
        raise Refused("金额须为不超过两位小数的非负数", field="value")
    return yuan


def phone(value: str) -> str:
    """A telephone number that can be right."""
    found = check_phone(value)
    if not found.ok:
        raise Refused(found.message, field="value")
    return found.value


def flag(value: str) -> bool:
    """是 or 否."""
    if value.strip() not in ("是", "否"):
        raise Refused("请填写“是”或“否”", field="value")
    return value.strip() == "是"


@dataclass(frozen=True)
class OneOf:
    """A code of a list, typed as the code or as its Chinese label."""

    options: type[TextChoices]

    def __call__(self, value: str) -> str:
        for option in self.options:
            if value.strip() in (option.value, option.label):
                return str(option.value)
        raise Refused(f"请填写其中一项：{'、'.join(self.options.labels)}", field="value")


@dataclass(frozen=True)
class SomeOf:
    """Several codes of a list, separated by 、 or a comma."""

    options: type[TextChoices]

    def __call__(self, value: str) -> list[str]:
        said = [part for part in value.replace("，", "、").replace(",", "、").split("、") if part.strip()]
        if not said:
            raise Refused("请至少填写一项", field="value")
        return [OneOf(self.options)(part) for part in said]


@dataclass(frozen=True)
class Body:
    """An organisation of one kind, typed by its name or number."""

    kind: Kind

    def __call__(self, value: str) -> Organisation:
        said = value.strip()
        rows = Organisation.objects.filter(kind=self.kind, active=True)
        found = rows.filter(pk=said) if said.isdecimal() else rows.filter(name=said)
        if (row := found.first()) is None:
            raise Refused(f"没有名称为“{said[:40]}”的{self.kind.label}", field="value")
        return row


@dataclass(frozen=True)
class OrNothing:
    """The value, or 无 where there is none."""

    read: Reader
    nothing: Any = None

    def __call__(self, value: str) -> Any:
        return self.nothing if value.strip() == "无" else self.read(value)
