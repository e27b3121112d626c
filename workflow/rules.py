"""One rulebook in the hand: periods, thresholds and limits by key, with the article each stands on. Pure.

A value's unit says what it becomes: working_days, natural_days (rolling over a last day off), natural_days_exact (not
rolling) and hours a `Period`; count an int; yuan a Decimal; years an int, or None for 永久.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from workflow.notices import SheetRefused, rows
from workflow.periods import Period, Unit

Value = Period | int | Decimal | None

PERMANENT = "permanent"
COLUMNS = ("key", "value", "unit", "label_zh", "article", "confidence", "note")
CONFIDENCES = ("H", "M", "L", "DESIGN")
_PERIOD_UNITS = {
    "working_days": (Unit.WORKING_DAYS, True),
    "natural_days": (Unit.NATURAL_DAYS, True),
    "natural_days_exact": (Unit.NATURAL_DAYS, False),
    "hours": (Unit.HOURS, False),
}
UNIT_LABELS = {
    "working_days": "工作日", "natural_days": "自然日", "natural_days_exact": "自然日（不顺延）", "hours": "小时",
    "count": "数量", "yuan": "元", "years": "年",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RuleEntry:
    """One rule as it is shown to people: its meaning, its article and how sure we are of it."""

    key: str
    value: Value
    unit: str
    label: str
    article: str
    confidence: str
    note: str

    @property
    def text(self) -> str:
        """The value as it is read: 30 个工作日, 10000 元, 永久."""
        if isinstance(self.value, Period):
            return str(self.value)
        if self.value is None:
            return "永久"
        return f"{self.value} {UNIT_LABELS[self.unit]}" if self.unit in ("yuan", "years") else str(self.value)


class Rules(Mapping[str, Value]):
    """The rules of one version. A key that the version does not know raises KeyError."""

    def __init__(self, entries: Iterable[RuleEntry]) -> None:
        self._entries = {entry.key: entry for entry in entries}

    def __getitem__(self, key: str) -> Value:
        return self._entries[key].value

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def entry(self, key: str) -> RuleEntry:
        """The rule with its label, article and confidence."""
        return self._entries[key]

    def period(self, key: str) -> Period:
        """The rule as a length of time."""
        value = self[key]
        if not isinstance(value, Period):
            raise TypeError(f"规则 {key} 不是期限")
        return value

    def number(self, key: str) -> int:
        """The rule as a whole number; of a period, its amount."""
        value = self[key]
        if isinstance(value, Period):
            return value.amount
        if not isinstance(value, int):
            raise TypeError(f"规则 {key} 不是整数")
        return value

    def amount(self, key: str) -> Decimal:
        """The rule as an amount of money in yuan."""
        value = self[key]
        if not isinstance(value, Decimal):
            raise TypeError(f"规则 {key} 不是金额")
        return value

    def years(self, key: str) -> int | None:
        """The rule as years of keeping; None means 永久."""
        value = self[key]
        if self._entries[key].unit != "years" or not (value is None or isinstance(value, int)):
            raise TypeError(f"规则 {key} 不是年限")
        return value


def read_rules(text: str) -> list[dict[str, str]]:
    """The lines of a sheet of rules, each checked. Raises SheetRefused, naming the line."""
    found: dict[str, dict[str, str]] = {}
    for number, row in rows(text, COLUMNS):
        problem = "重复" if row["key"] in found else _problem(row)
        if problem:
            raise SheetRefused(f"第 {number} 行 {row['key']}：{problem}")
        found[row["key"]] = row
    return list(found.values())


def _problem(row: dict[str, str]) -> str:
    if not (row["key"] and row["label_zh"]):
        return "代码和名称不能为空"
    if row["confidence"] not in CONFIDENCES:
        return f"可信度应为 {'、'.join(CONFIDENCES)}"
    try:
        parse(row["value"], row["unit"])
    except ValueError as problem:
        return str(problem)
    return ""


def parse(value: str, unit: str, article: str = "") -> Value:
    """The value that text and unit mean. Raises ValueError in Chinese when they mean none."""
    if unit == "years" and value == PERMANENT:
        return None
    if unit == "yuan":
        return _yuan(value)
    if unit not in UNIT_LABELS:
        raise ValueError(f"单位“{unit}”不在 {'、'.join(UNIT_LABELS)} 之列")
    if not (value.isascii() and value.isdigit()):
        raise ValueError(f"“{value}”应为不带小数的非负整数")
    if unit in _PERIOD_UNITS:
        kind, roll_over = _PERIOD_UNITS[unit]
        return Period(int(value), kind, roll_over, article)
    return int(value)


def _yuan(value: str) -> Decimal:
    try:
        amount = Decimal(value)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0 or amount != amount.quantize(Decimal("0.01")):
        raise ValueError(f"“{value}”不是金额（元，至多两位小数）")
    return amount
