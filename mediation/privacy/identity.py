"""Whether a phone or certificate number can be right, and what a number itself tells.

Numbers follow GB 11643-1999 (identity, 18 digits, check digit of ISO 7064 MOD 11-2) and GB 32100-2015 (organisations).
Area codes are not compared with today's list: an abolished county's numbers stay legal. A failed check warns when the
number was told over the telephone and stops when it was copied from a document; the caller decides which.
"""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass

from django.db import models

HOME_AREA_CODE = "0769"
"""Dongguan: a landline of eight digits without an area code is local."""

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECK = "10X98765432"
_ID_SHAPE = re.compile(r"(?:[1-6]\d{5}|8[123]0000|9\d{5})\d{11}[\dX]")
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_DASHES = re.compile(r"[\s\-‐-―−()（）·.]+")
_EXTENSION = re.compile(r"(?:转|分机|ext\.?|#|(?<=\d{4})-)\s*\d{1,6}$", re.IGNORECASE)


class IdKind(models.TextChoices):
    """The certificate that a number is written on."""

    ID_CARD = "id_card", "居民身份证、居住证或永久居留证（18位）"
    PASSPORT = "passport", "护照"
    HK_MACAU_PERMIT = "hk_macau_permit", "港澳居民来往内地通行证"
    TAIWAN_PERMIT = "taiwan_permit", "台湾居民来往大陆通行证"
    BIRTH_CERTIFICATE = "birth_certificate", "出生医学证明"
    NONE = "none", "无证件"


def certificate_name(kind: str, number: str) -> str:
    """What a paper calls the certificate: its own name, which of the three with 18 digits the number tells (GB 11643)."""
    if kind != IdKind.ID_CARD:
        return str(IdKind(kind).label)
    if number[:2] in ("81", "82", "83"):
        return "港澳台居民居住证"
    return "外国人永久居留身份证" if number[:1] == "9" else "居民身份证"


class Sex(models.TextChoices):
    """Sex as certificates state it."""

    MALE = "male", "男"
    FEMALE = "female", "女"


@dataclass(frozen=True)
class Finding:
    """The outcome of a check: ``message`` says in Chinese what is wrong; ``value`` is the number in its usual form.

    ``sex`` ("" when the number does not tell) and ``born_on`` come from the number itself. The repr shows no number.
    """

    ok: bool
    message: str = ""
    sex: str = ""
    born_on: dt.date | None = None
    value: str = ""

    def __repr__(self) -> str:
        return f"Finding(ok={self.ok}, message={self.message!r})"


def normalise_id_no(value: str) -> str:
    """Upper case without spaces and dashes; full-width digits become ordinary ones."""
    return _DASHES.sub("", unicodedata.normalize("NFKC", value)).upper()


def check_id_no(kind: str, value: str, *, today: dt.date) -> Finding:
    """Check a certificate number of one :class:`IdKind`; ``today`` bounds the date of birth."""
    number = normalise_id_no(value)
    match kind:
        case IdKind.ID_CARD:
            return _check_id_card(number, today)
        case IdKind.NONE:
            return Finding(not number, "选择“无证件”时不能填写号码。" if number else "")
        case _ if kind in _SHAPES:
            shape, message = _SHAPES[kind]
            return Finding(True, value=number) if shape.fullmatch(number) else Finding(False, message, value=number)
    raise ValueError("不认识的证件种类。")


_SHAPES: dict[str, tuple[re.Pattern[str], str]] = {
    IdKind.PASSPORT: (re.compile(r"(?=.*\d)[A-Z0-9]{6,15}"), "护照号码应为6至15位字母和数字。"),
    IdKind.HK_MACAU_PERMIT: (re.compile(r"[HM]\d{8}(?:\d{2})?"), "港澳居民来往内地通行证号码应为H或M加8位数字。"),
    IdKind.TAIWAN_PERMIT: (re.compile(r"\d{8}"), "台湾居民来往大陆通行证号码应为8位数字。"),
    IdKind.BIRTH_CERTIFICATE: (re.compile(r"[A-Z]\d{9}"), "出生医学证明编号应为1位字母加9位数字。"),
}


def _check_id_card(number: str, today: dt.date) -> Finding:
    if re.fullmatch(r"\d{15}", number):
        return Finding(False, "15位身份证号码已停用，请填写18位号码。", value=number)
    if len(number) != 18:
        return Finding(False, f"身份证号码应为18位，现为{len(number)}位。", value=number)
    if not number.isascii() or not _ID_SHAPE.fullmatch(number):
        return Finding(False, "身份证号码应为17位数字加1位校验码，且地区码有效。", value=number)
    born_on = _date(number[6:14])
    if born_on is None or born_on.year < 1900:
        return Finding(False, "身份证号码中的出生日期不存在。", value=number)
    if born_on > today:
        return Finding(False, "身份证号码中的出生日期晚于今天。", value=number)
    total = sum(weight * int(digit) for weight, digit in zip(_ID_WEIGHTS, number, strict=False))
    if _ID_CHECK[total % 11] != number[17]:
        return Finding(False, "身份证号码校验码不符，请核对是否抄错。", value=number)
    return Finding(True, sex=Sex.MALE if int(number[16]) % 2 else Sex.FEMALE, born_on=born_on, value=number)


def _date(digits: str) -> dt.date | None:
    try:
        return dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def age_on(born_on: dt.date, day: dt.date) -> int:
    """Full years of life (周岁) on ``day``; someone born on 29 February is a year older on 1 March."""
    if day < born_on:
        raise ValueError("日期早于出生日期。")
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def normalise_phone(value: str, *, area_code: str = HOME_AREA_CODE) -> str:
    """The one spelling of a number: ``13800138000``, ``0769-22863456`` or ``+85261234567``; an extension is dropped.

    What is no known kind of number comes back without its spaces and dashes.
    """
    text = unicodedata.normalize("NFKC", value).strip()
    for spelling in (text, _EXTENSION.sub("", text)):
        number = _spelled(_DASHES.sub("", spelling), area_code)
        if _PHONES.fullmatch(number):
            return number
    return _DASHES.sub("", text)


def _spelled(digits: str, area_code: str) -> str:
    if prefix := re.match(r"\+86|0086|86(?=1[3-9]\d{9}$)|0(?=1[3-9]\d{9}$)", digits):
        digits = digits[prefix.end() :]
        if not re.match(r"0|1[3-9]\d{9}$|[48]00\d{7}$", digits):
            digits = "0" + digits
    digits = re.sub(r"^00(?=[1-9])", "+", digits)
    if re.fullmatch(r"[2-8]\d{7}", digits):
        return f"{area_code}-{digits}"
    landline = re.fullmatch(r"(010|02\d|0[3-9]\d{2})([2-8]\d{6,7})", digits)
    return "-".join(landline.groups()) if landline else digits


_PHONES = re.compile(
    r"1[3-9]\d{9}|(?:010|02\d)-[2-8]\d{7}|0[3-9]\d{2}-[2-8]\d{6,7}|[48]00\d{7}"
    r"|\+852[2-9]\d{7}|\+853[268]\d{7}|\+886[2-9]\d{7,8}|\+(?!86|85[23])[1-9]\d{6,13}"
)


def check_phone(value: str) -> Finding:
    """Check a telephone number: mainland mobile or landline, Hong Kong, Macau, Taiwan, or another country's."""
    number = normalise_phone(value)
    if _PHONES.fullmatch(number):
        return Finding(True, value=number)
    message = "电话号码不正确：请填写11位手机号、带区号的座机，或以+852、+853、+886开头的号码。"
    return Finding(False, message, value=number)


def check_uscc(value: str) -> Finding:
    """Check the unified social credit code (统一社会信用代码) of a hospital or other organisation."""
    code = normalise_id_no(value)
    if len(code) != 18:
        return Finding(False, f"统一社会信用代码应为18位，现为{len(code)}位。", value=code)
    if any(char not in _USCC_ALPHABET for char in code) or not re.fullmatch(r"\d{6}", code[2:8]):
        return Finding(False, "统一社会信用代码含有无效字符（不使用I、O、S、V、Z）。", value=code)
    total = sum(_USCC_ALPHABET.index(char) * pow(3, place, 31) for place, char in enumerate(code[:17]))
    if _USCC_ALPHABET[-total % 31] != code[17]:
        return Finding(False, "统一社会信用代码校验码不符，请核对是否抄错。", value=code)
    return Finding(True, value=code)
