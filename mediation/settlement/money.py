"""Amounts of yuan in figures and in Chinese capitals, always both from one Decimal.

The capitals follow the rules of the People's Bank of China for filling in bills (正确填写票据和结算凭证的基本规定):
整 after 元, none after 角 and 分; one 零 for any run of zeros inside; 零 before 分 when 角 is zero.
"""

from decimal import Decimal

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("仟", "佰", "拾", "")
_LIMIT = Decimal(10) ** 16
YEN_SIGN = "\u00a5"
"""The half-width sign: several Chinese fonts draw the full-width U+FFE5 as a dollar sign."""


def figures(amount: Decimal | int) -> str:
    """Yuan in figures, ``¥100,500.00``; ValueError in Chinese for an amount that cannot be paid."""
    return f"{YEN_SIGN}{_checked(amount):,.2f}"


def capitals(amount: Decimal | int) -> str:
    """Yuan in capitals, ``壹拾万零伍佰元整``; ValueError in Chinese for an amount that cannot be paid."""
    cents = int(_checked(amount).scaleb(2))
    yuan, (jiao, fen) = cents // 100, divmod(cents % 100, 10)
    if not yuan and not jiao and not fen:
        return "零元整"
    text = f"{_integer(yuan)}元" if yuan else ""
    if not jiao and not fen:
        return text + "整"
    if jiao:
        text += f"{_DIGITS[jiao]}角"
    elif yuan:
        text += "零"
    return text + (f"{_DIGITS[fen]}分" if fen else "")


def both(amount: Decimal | int) -> str:
    """Capitals with the figures behind them, ``人民币壹拾万零伍佰元整（¥100,500.00）``."""
    return f"人民币{capitals(amount)}（{figures(amount)}）"


def _checked(amount: Decimal | int) -> Decimal:
    """The amount with exactly two decimals. Nothing is ever rounded away."""
    if isinstance(amount, bool) or not isinstance(amount, (Decimal, int)):
        raise ValueError("金额必须是十进制数，不能是浮点数或文字。")
    amount = Decimal(amount)
    if not amount.is_finite():
        raise ValueError("金额不是有效的数字。")
    if amount < 0:
        raise ValueError("金额不能为负数。")
    if amount >= _LIMIT:
        raise ValueError("金额过大，必须小于一亿亿元。")
    _, digits, exponent = amount.as_tuple()
    if isinstance(exponent, int) and exponent < -2 and any(digits[exponent + 2 :]):
        raise ValueError("金额最多保留两位小数（到分）。")
    return abs(amount).quantize(Decimal("0.01"))


def _integer(number: int) -> str:
    """A positive whole number below 10^16; the part above 亿 is read as a number of its own."""
    for unit, size in (("亿", 10**8), ("万", 10**4)):
        if number >= size:
            high, low = divmod(number, size)
            return f"{_integer(high)}{unit}{_tail(low, size)}"
    return _group(number)


def _tail(number: int, size: int) -> str:
    """What follows a unit: a missing leading digit is said once as 零."""
    if not number:
        return ""
    return ("零" if number < size // 10 else "") + _integer(number)


def _group(number: int) -> str:
    """Up to four digits without leading or trailing 零."""
    text, skipped = "", False
    for digit, place in zip(f"{number:04d}", _PLACES, strict=True):
        if digit == "0":
            skipped = bool(text)
            continue
        text += ("零" if skipped else "") + _DIGITS[int(digit)] + place
        skipped = False
    return text
