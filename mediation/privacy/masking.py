"""What of a personal value is shown to someone who has not asked, with a reason, to see it.

Names keep the surname, numbers their ends, addresses the town. Masking never fails and never shows more when a value
has an unexpected shape: then it shows less.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from enum import StrEnum

from mediation.privacy.identity import normalise_id_no, normalise_phone

HIDDEN = "****"

_COMPOUND_SURNAMES = (
    "欧阳太史端木上官司马东方独孤南宫万俟闻人夏侯诸葛尉迟公羊赫连澹台皇甫宗政濮阳公冶太叔申屠公孙慕容仲孙钟离长孙宇文司徒鲜于司空闾丘子车亓官司寇巫马"
    "公西颛孙壤驷公良漆雕乐正宰父谷梁拓跋夹谷轩辕令狐段干百里呼延东郭南门羊舌微生公户公玉公仪梁丘公仲公上公门公山公坚左丘公伯西门公祖第五公乘贯丘公皙"
    "南荣东里东宫仲长子书子桑即墨达奚褚师纳兰完颜叶赫耶律爱新那拉淳于单于田丘歐陽諸葛東方司馬尉遲鍾離長孫軒轅"
)
_COMPOUND = frozenset(map("".join, zip(*[iter(_COMPOUND_SURNAMES)] * 2, strict=True)))
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
_PLACE = r"(?:[^\W\d_省市区县旗镇乡街村路号]|街(?=镇)){1,8}"  # 厚街镇
_TO_TOWN = re.compile(
    rf"(?:{_PLACE}(?:省|自治区|特别行政区))?(?:{_PLACE}(?:市|自治州|地区|盟))?"
    rf"(?:{_PLACE}(?:新区|市|区|县|旗))?"
    rf"(?:{_PLACE}(?:街道|镇|乡|苏木)|松山湖|东莞港|东莞生态园|东莞滨海湾新区)?"
)


class MaskKind(StrEnum):
    """The kinds of value :func:`mask` knows."""

    NAME = "name"
    PHONE = "phone"
    ID_NO = "id_no"
    BANK = "bank"
    ADDRESS = "address"
    BORN_ON = "born_on"
    TEXT = "text"


def mask_name(value: str) -> str:
    """``张**`` for 张示例 and ``欧阳**`` for 欧阳示例; the first letter only of a name that is not Chinese."""
    name = "".join(unicodedata.normalize("NFKC", value).split())
    if len(name) < 2:
        return "*" if name else ""
    if not _HAN.fullmatch(name):
        return name[0] + "**"
    kept = 2 if len(name) > 2 and name[:2] in _COMPOUND else 1
    return name[:kept] + "*" * (len(name) - kept)


def mask_phone(value: str) -> str:
    """``138****5678``, ``0769-2286****``, ``+852****5678``."""
    number = normalise_phone(value)
    if not number:
        return ""
    if re.fullmatch(r"1\d{10}", number):
        return f"{number[:3]}{HIDDEN}{number[-4:]}"
    if "-" in number:
        area, local = number.split("-", 1)
        return f"{area}-{local[:-4]}{HIDDEN}" if len(local) > 4 else HIDDEN
    if re.fullmatch(r"\+\d{9,}", number):
        return f"{number[:4]}{HIDDEN}{number[-4:]}"
    return HIDDEN


def mask_id_no(value: str) -> str:
    """``441900********1238``; of other certificates the first character and the last two."""
    number = normalise_id_no(value)
    if len(number) == 18:
        return f"{number[:6]}{'*' * 8}{number[-4:]}"
    if len(number) >= 8:
        return f"{number[0]}{'*' * (len(number) - 3)}{number[-2:]}"
    return HIDDEN if number else ""


def mask_bank(value: str) -> str:
    """The last four digits of an account."""
    account = normalise_id_no(value)
    return HIDDEN + (account[-4:] if len(account) >= 12 else "") if account else ""


def mask_address(value: str) -> str:
    """The address down to its town: ``东莞市道滘镇****``."""
    address = "".join(unicodedata.normalize("NFKC", value).split())
    kept = _TO_TOWN.match(address)
    shown = kept.group() if kept else ""
    return shown if shown == address else shown + HIDDEN


def mask_born_on(value: dt.date | str) -> str:
    """The year alone: ``1985-**-**``."""
    text = value.isoformat() if isinstance(value, dt.date) else value.strip()
    return f"{text[:4]}-**-**" if re.match(r"\d{4}-", text) else HIDDEN if text else ""


def mask_text(value: str) -> str:
    """Nothing but that there is something (diagnoses, free text)."""
    return HIDDEN if value.strip() else ""


_MASKS: dict[str, Callable[[str], str]] = {
    MaskKind.NAME: mask_name,
    MaskKind.PHONE: mask_phone,
    MaskKind.ID_NO: mask_id_no,
    MaskKind.BANK: mask_bank,
    MaskKind.ADDRESS: mask_address,
    MaskKind.BORN_ON: mask_born_on,
    MaskKind.TEXT: mask_text,
}


def mask(kind: str, value: object) -> str:
    """``value`` masked as its :class:`MaskKind`; None becomes "". ValueError for an unknown kind, never the value."""
    if kind not in _MASKS:
        raise ValueError(f"不认识的脱敏种类：{kind}")
    if value is None:
        return ""
    return _MASKS[kind](value.isoformat() if isinstance(value, dt.date) else str(value))
