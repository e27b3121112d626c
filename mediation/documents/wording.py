"""How dates, hours and amounts are written in a paper: template filters, and usable as plain functions."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django import template

from mediation.settlement.money import both, capitals, figures

register = template.Library()
SHANGHAI = ZoneInfo("Asia/Shanghai")
WEEKDAYS = "一二三四五六日"
NUMERALS = ("零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十")


@register.filter
def day(value: date | None) -> str:
    """2026年3月2日, no leading zeros; blanks to fill in by hand when there is no date yet."""
    if value is None:
        return "\u3000\u3000\u3000年\u3000\u3000月\u3000\u3000日"
    if isinstance(value, datetime):
        value = value.astimezone(SHANGHAI).date()
    return f"{value.year}年{value.month}月{value.day}日"


@register.filter
def moment(value: datetime | None) -> str:
    """2026年3月2日14时05分, in Dongguan's time."""
    if value is None:
        return day(None) + "\u3000\u3000时\u3000\u3000分"
    local = value.astimezone(SHANGHAI)
    return f"{day(local)}{local.hour}时{local.minute:02d}分"


@register.filter
def clock(value: datetime) -> str:
    """14:05"""
    return value.astimezone(SHANGHAI).strftime("%H:%M")


@register.filter
def weekday(value: date) -> str:
    """星期一"""
    if isinstance(value, datetime):
        value = value.astimezone(SHANGHAI).date()
    return "星期" + WEEKDAYS[value.weekday()]


@register.filter
def yuan(amount: Decimal) -> str:
    """人民币壹拾万零伍佰元整（¥100,500.00）"""
    return both(amount)


@register.filter
def sum_figures(amount: Decimal | None) -> str:
    """¥100,500.00, or a dash when no sum was named."""
    return "—" if amount is None else figures(amount)


@register.filter
def sum_capitals(amount: Decimal) -> str:
    """壹拾万零伍佰元整"""
    return capitals(amount)


@register.filter
def numeral(number: int) -> str:
    """一 … 九十九, for 第一条 and 一式三份."""
    if not 0 <= number <= 99:
        return str(number)
    if number <= 10:
        return NUMERALS[number]
    tens, ones = divmod(number, 10)
    return ("" if tens == 1 else NUMERALS[tens]) + "十" + (NUMERALS[ones] if ones else "")


@register.filter
def paragraphs(text: str) -> list[str]:
    """The written paragraphs of a text, each to be indented on its own."""
    return [line.strip() for line in text.splitlines() if line.strip()]


@register.filter
def listed(values: list[str]) -> str:
    """甲、乙、丙"""
    return "、".join(values)


@register.filter
def closed(sentence: str) -> str:
    """The sentence with exactly one mark at its end, whatever its writer typed."""
    return sentence.strip().rstrip("。；;，,") + "。"
