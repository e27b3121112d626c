"""Amounts in figures and capitals: the bank's own examples, the edges, and a second opinion."""

import warnings
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediation.settlement.money import both, capitals, figures

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import cn2an


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        # The six examples of the People's Bank of China; where it allows either form, the one without the extra 零.
        ("1409.50", "壹仟肆佰零玖元伍角"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
    ],
)
def test_the_examples_of_the_peoples_bank(amount: str, text: str) -> None:
    assert capitals(Decimal(amount)) == text


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "零元整"),
        ("0.00", "零元整"),
        ("-0.00", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角"),
        ("0.55", "伍角伍分"),
        ("1", "壹元整"),
        ("10", "壹拾元整"),
        ("11", "壹拾壹元整"),
        ("100", "壹佰元整"),
        ("101", "壹佰零壹元整"),
        ("1001", "壹仟零壹元整"),
        ("1010", "壹仟零壹拾元整"),
        ("10000", "壹万元整"),
        ("10000.05", "壹万元零伍分"),
        ("10001", "壹万零壹元整"),
        ("10010", "壹万零壹拾元整"),
        ("100500", "壹拾万零伍佰元整"),
        ("1000000", "壹佰万元整"),
        ("10001000", "壹仟万壹仟元整"),
        ("20300040", "贰仟零叁拾万零肆拾元整"),
        ("99999999.99", "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
        ("100000000", "壹亿元整"),
        ("100005600", "壹亿零伍仟陆佰元整"),  # the widely used library forgets this 零
        ("100010000", "壹亿零壹万元整"),
        ("110000000", "壹亿壹仟万元整"),
        ("100000000.01", "壹亿元零壹分"),
        ("1000000000000", "壹万亿元整"),
        ("1000100000000", "壹万零壹亿元整"),
        ("1000000005600", "壹万亿零伍仟陆佰元整"),
        ("9999999999999999.99", "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    ],
)
def test_the_edges(amount: str, text: str) -> None:
    assert capitals(Decimal(amount)) == text


@given(st.integers(min_value=0, max_value=10**10 - 1))
def test_below_a_hundred_million_the_library_agrees(cents: int) -> None:
    amount = Decimal(cents) / 100
    assert capitals(amount) == cn2an.an2cn(f"{amount:.2f}", "rmb")


_VALUES = {**{digit: value for value, digit in enumerate("零壹贰叁肆伍陆柒捌玖")}}
_UNITS = {"拾": 10, "佰": 100, "仟": 1000}


def _read_back(text: str) -> Decimal:
    """Reads capitals as a clerk would; knows nothing of how they were written."""
    whole, _, rest = text.partition("元") if "元" in text else ("", "", text)
    total = section = digit = 0
    for sign in whole:
        if sign in _VALUES:
            digit = _VALUES[sign]
        elif sign in _UNITS:
            section, digit = section + digit * _UNITS[sign], 0
        elif sign == "万":
            total, section, digit = total + (section + digit) * 10**4, 0, 0
        else:  # 亿 multiplies everything before it
            total, section, digit = (total + section + digit) * 10**8, 0, 0
    cents, last = 0, 0
    for sign in rest:
        last = _VALUES.get(sign, last)
        cents += last * {"角": 10, "分": 1}.get(sign, 0)
    return Decimal(total + section + digit) + Decimal(cents) / 100


@given(st.integers(min_value=0, max_value=10**18 - 1))
def test_every_amount_can_be_read_back(cents: int) -> None:
    amount = Decimal(cents).scaleb(-2)
    text = capitals(amount)
    assert _read_back(text) == amount
    assert "零零" not in text
    assert text.endswith(("整", "角", "分"))


def test_figures_have_separators_two_decimals_and_the_half_width_sign() -> None:
    assert figures(Decimal("100500")) == "\u00a5100,500.00"
    assert figures(Decimal("0.5")) == "\u00a50.50"
    assert figures(12) == "\u00a512.00"
    assert figures(Decimal("-0")) == "\u00a50.00"
    assert figures(Decimal("1E+3")) == "\u00a51,000.00"


def test_both_come_from_one_amount_and_never_show_the_full_width_sign() -> None:
    assert both(Decimal("100500")) == "人民币壹拾万零伍佰元整（¥100,500.00）"
    assert "\uffe5" not in both(Decimal("1.23"))


@pytest.mark.parametrize(
    ("amount", "reason"),
    [
        (Decimal("1.005"), "两位小数"),
        (Decimal("1.999"), "两位小数"),
        (Decimal("0.001"), "两位小数"),
        (Decimal("1." + "0" * 40 + "1"), "两位小数"),
        (Decimal("-5"), "负数"),
        (Decimal("-0.01"), "负数"),
        (Decimal(10) ** 16, "一亿亿"),
        (Decimal("1E+400"), "一亿亿"),
        (Decimal("NaN"), "有效的数字"),
        (Decimal("sNaN"), "有效的数字"),
        (Decimal("Infinity"), "有效的数字"),
        (1.5, "浮点数"),
        ("100", "文字"),
        (True, "十进制数"),
        (None, "十进制数"),
    ],
)
@pytest.mark.parametrize("write", [capitals, figures, both])
def test_what_cannot_be_paid_is_refused_in_chinese(write: Any, amount: Any, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        write(amount)


def test_zeros_behind_the_second_decimal_are_no_third_decimal() -> None:
    assert capitals(Decimal("1.50000")) == "壹元伍角"
