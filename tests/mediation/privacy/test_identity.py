"""Certificate and telephone numbers. The numbers are made here by the published rules; none belongs to anybody."""

import datetime as dt
import random

import pytest

from mediation.privacy.identity import (
    Finding,
    IdKind,
    Sex,
    age_on,
    check_id_no,
    check_phone,
    check_uscc,
    normalise_phone,
)

TODAY = dt.date(2025, 11, 3)


def _with_check_digit(first_17: str) -> str:
    """ISO 7064 MOD 11-2 by its recurrence, written differently from the product on purpose."""
    rest = 0
    for digit in first_17:
        rest = (rest + int(digit)) * 2 % 11
    return first_17 + "10X98765432"[rest % 11]


def card(area: str = "441900", born: str = "19900101", order: str = "123") -> str:
    return _with_check_digit(area + born + order)


def check(number: str, kind: str = IdKind.ID_CARD) -> Finding:
    return check_id_no(kind, number, today=TODAY)


def test_the_example_of_the_standard_is_right() -> None:
    finding = check("11010519491231002X")
    assert (finding.ok, finding.sex, finding.born_on) == (True, Sex.FEMALE, dt.date(1949, 12, 31))
    assert check("11010519491231002x").value == "11010519491231002X"


@pytest.mark.parametrize("area", ["441900", "442527", "110101", "659000", "810000", "820000", "830000", "911344"])
def test_residents_of_everywhere_have_valid_numbers(area: str) -> None:
    finding = check(card(area, order="121"))
    assert (finding.ok, finding.sex, finding.born_on) == (True, Sex.MALE, dt.date(1990, 1, 1))


def test_the_number_tells_the_sex() -> None:
    assert [check(card(order=order)).sex for order in ("001", "002", "999", "888")] == ["male", "female"] * 2


def test_spaces_dashes_and_full_width_digits_are_forgiven() -> None:
    number = card()
    spaced = f" {number[:6]} {number[6:14]}-{number[14:]}"
    assert check(spaced).value == number
    assert check(number.translate({ord(str(d)): chr(0xFF10 + d) for d in range(10)})).ok


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("441900900101123", "15位"),
        ("4419001990010112", "应为18位，现为16位"),
        ("", "应为18位，现为0位"),
        (card(born="19900230"), "出生日期不存在"),
        (card(born="20230229"), "出生日期不存在"),
        (card(born="19901301"), "出生日期不存在"),
        (card(born="18991231"), "出生日期不存在"),
        (card(born="20990101"), "晚于今天"),
        (card(born="20251104"), "晚于今天"),
        (card("810001"), "地区码"),
        (card("840000"), "地区码"),
        (card("001900"), "地区码"),
        (card("711900"), "地区码"),
        ("44190019900101X238", "17位数字"),
        ("四四一九零零一九九零零一零一一二三八", "17位数字"),
        ("٤٤١٩٠٠١٩٩٠٠١٠١١٢٣٨", "17位数字"),
    ],
)
def test_an_impossible_number_is_refused_with_its_reason(number: str, reason: str) -> None:
    finding = check(number)
    assert not finding.ok
    assert reason in finding.message
    assert (finding.sex, finding.born_on) == ("", None)


def test_somebody_born_today_or_on_a_leap_day_exists() -> None:
    assert check(card(born="20251103")).ok
    assert check(card(born="20240229")).born_on == dt.date(2024, 2, 29)


def test_no_single_wrong_digit_goes_unnoticed() -> None:
    number = card(born="19880808")
    for place in range(17):
        for digit in "0123456789":
            wrong = number[:place] + digit + number[place + 1 :]
            assert check(wrong).ok == (wrong == number)


def test_two_neighbouring_digits_exchanged_are_noticed() -> None:
    number = card("441927", "19861023", "947")
    for place in range(16):
        if number[place] != number[place + 1]:
            assert not check(number[:place] + number[place + 1] + number[place] + number[place + 2 :]).ok


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (IdKind.PASSPORT, ["E12345678", "ea1234567", "L898902C3", "123456789"], ["E1234", "ABCDEFGH", "E1234567*", ""]),
        (IdKind.HK_MACAU_PERMIT, ["H12345678", "m1234567890"], ["A12345678", "H1234567", "H123456789", "12345678"]),
        (IdKind.TAIWAN_PERMIT, ["12345678"], ["1234567", "T1234567", "123456789"]),
        (IdKind.BIRTH_CERTIFICATE, ["Q441234567"], ["Q44123456", "4412345678", "QQ12345678"]),
        (IdKind.NONE, ["", "  "], ["123"]),
    ],
)
def test_other_certificates_have_their_shape(kind: str, good: list[str], bad: list[str]) -> None:
    assert [check(number, kind).ok for number in good] == [True] * len(good)
    for number in bad:
        finding = check(number, kind)
        assert not finding.ok
        assert finding.message.endswith("。")


def test_an_unknown_kind_of_certificate_is_an_error() -> None:
    with pytest.raises(ValueError, match="证件种类"):
        check("1", "library_card")


def test_every_kind_has_a_chinese_label() -> None:
    assert all("\u4e00" <= label[0] <= "\u9fff" for label in IdKind.labels)


def test_a_finding_does_not_print_its_number() -> None:
    assert card() not in repr(check(card()))


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        ((2000, 6, 15), (2025, 6, 14), 24),
        ((2000, 6, 15), (2025, 6, 15), 25),
        ((2004, 2, 29), (2025, 2, 28), 20),
        ((2004, 2, 29), (2025, 3, 1), 21),
        ((2004, 2, 29), (2024, 2, 29), 20),
        ((2025, 11, 3), (2025, 11, 3), 0),
    ],
)
def test_age_counts_full_years(born: tuple[int, int, int], day: tuple[int, int, int], age: int) -> None:
    assert age_on(dt.date(*born), dt.date(*day)) == age


def test_nobody_has_an_age_before_birth() -> None:
    with pytest.raises(ValueError, match="出生"):
        age_on(dt.date(2025, 1, 2), dt.date(2025, 1, 1))


@pytest.mark.parametrize(
    ("typed", "spelling"),
    [
        ("13800138000", "13800138000"),
        ("138-2013-8000", "13820138000"),
        ("+86 138 0013 8000", "13800138000"),
        ("0086-13800138000", "13800138000"),
        ("8613800138000", "13800138000"),
        ("013800138000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("19912345678", "19912345678"),
        ("16212345678", "16212345678"),
        ("22863456", "0769-22863456"),
        ("0769-22863456", "0769-22863456"),
        ("（0769）2286 3456", "0769-22863456"),
        ("0769-22863456-801", "0769-22863456"),
        ("0769-22863456转801", "0769-22863456"),
        ("+86 769 2286 3456", "0769-22863456"),
        ("+86 10 6512 3456", "010-65123456"),
        ("020-81234567", "020-81234567"),
        ("400-820-1234", "4008201234"),
        ("+852 6123 4567", "+85261234567"),
        ("00852-61234567", "+85261234567"),
        ("+853 6612 3456", "+85366123456"),
        ("+886 912 345 678", "+886912345678"),
        ("+1 415 555 1234", "+14155551234"),
    ],
)
def test_a_phone_number_has_one_spelling(typed: str, spelling: str) -> None:
    finding = check_phone(typed)
    assert (finding.ok, finding.value) == (True, spelling)
    assert normalise_phone(spelling) == spelling


_NO_PHONES = ["110", "123", "12345", "", "12800138000", "1380013800", "138001380000", "电话", "85261234567"]


@pytest.mark.parametrize(
    "typed", [*_NO_PHONES, "+12345", "+852 123", "+85212345678", "+86 110", "+853 91234567", "0769-12345678"]
)
def test_what_is_no_phone_number_is_refused(typed: str) -> None:
    finding = check_phone(typed)
    assert not finding.ok
    assert "电话号码不正确" in finding.message


def test_another_town_may_have_another_area_code() -> None:
    assert normalise_phone("22863456", area_code="0755") == "0755-22863456"


_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def _organisation(first_17: str) -> str:
    total = sum(_USCC.index(char) * 3**place for place, char in enumerate(first_17))
    return first_17 + next(char for value, char in enumerate(_USCC) if (total + value) % 31 == 0)


def test_the_credit_code_of_a_hospital_is_checked() -> None:
    # China's own published example, and made-up hospitals.
    assert check_uscc("91350100M000100Y43").ok
    rng = random.Random(7)
    for _ in range(200):
        code = _organisation("12441900" + "".join(rng.choices(_USCC, k=9)))
        assert check_uscc(code.lower()).value == code
        wrong = code[:10] + _USCC[(_USCC.index(code[10]) + 1) % 31] + code[11:]
        assert not check_uscc(wrong).ok


@pytest.mark.parametrize(
    ("code", "reason"),
    [("1244190000000001", "应为18位"), ("12441900I000000012", "无效字符"), ("124419A00000000012", "无效字符")],
)
def test_an_impossible_credit_code_is_refused_with_its_reason(code: str, reason: str) -> None:
    assert reason in check_uscc(code).message
