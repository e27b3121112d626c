"""One row of a workbook understood as an order, or refused with the reason a clerk can act on.

A source that gives no order number gets one of its own: ``自编-`` and sixteen digits of a keyed digest of caller, date and
text. The same row gives the same number in every later file; a row whose text was changed is a new order there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from openpyxl.utils.datetime import from_excel

from mediation.hotline.order import Appeal
from mediation.hotline.sheets import LONGEST_CELL
from mediation.privacy.keys import keyed_digest, keyed_search_digest
from mediation.privacy.searchkeys import normalise_name

OLD_AFTER = timedelta(days=90)
EARLIEST_YEAR = 2000  # before that there was no 12345 here: a slip, or a cell that is no date
"""A date older than this is no receipt that a clock could run from: the time of import is, and the date is kept."""
LONGEST = {"number": 40, "title": 200, "caller": 40, "phone": 40, "id_no": 40, "hospital": 120, "category": 60}
LONGEST_STATE = 20
OWN_NUMBER = "自编-"
_LOST_DIGITS = re.compile(r"\d(?:\.\d+)?E\+?\d+", re.IGNORECASE)
_DATE = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
    r"(?:[T\s]*(\d{1,2})\s*[:：时点]\s*(\d{1,2})?\s*分?(?:[:：]?\s*(\d{1,2})(?:\.\d+)?\s*秒?)?)?"
)
_PACKED = re.compile(r"(20\d\d)(\d\d)(\d\d)(?:\s*(\d\d):?(\d\d)(?::?(\d\d))?)?")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_APPEALS = {
    "咨询": Appeal.CONSULT, "求助": Appeal.HELP, "求决": Appeal.HELP, "非警务求助": Appeal.HELP, "建议": Appeal.SUGGEST,
    "意见": Appeal.SUGGEST, "投诉": Appeal.COMPLAIN, "申诉": Appeal.COMPLAIN, "举报": Appeal.REPORT, "表扬": Appeal.PRAISE,
    "感谢": Appeal.PRAISE,
}  # fmt: skip

_STATES = (
    ("returned", ("退单", "退回", "退件")), ("received", ("待签收", "未签收", "待接收", "待受理", "未受理", "待派", "已派", "待办理", "未办理")),
    ("signed", ("重办", "办理中", "处理中", "承办", "在办", "已签收", "已接收", "已受理", "待答复", "未答复", "待回复", "未办结", "延期", "催办")),
    ("replied", ("已答复", "已回复", "待回访", "待评价", "待办结", "待审核", "待归档")),
    ("closed", ("办结", "办毕", "结案", "归档", "完结", "已完成", "已回访", "已评价")),
)  # fmt: skip
"""How hotlines name the states of an order; the first that is found counts, so 未办结 is not taken for 办结."""


class RowRefused(Exception):
    """The row cannot become an order; ``str()`` is the reason, in Chinese and without personal values."""


@dataclass(frozen=True)
class Entry:
    """What a row says. ``message_at`` is the date in the file, ``received_at`` the hotline's receipt that counts.

    ``appeal`` is empty when the file does not say; it is then taken for a complaint until a person decides.
    """

    number: str
    appeal: str
    received_at: datetime
    message_at: datetime | None
    stated_due_on: date | None
    title: str
    content: str
    caller: str
    phone: str
    id_no: str
    hospital_text: str
    source_category: str
    is_confidential: bool
    stated_state: str = ""
    """The hotline's word for where the order stands. No part of what the order says: it is compared, not taken over."""

    @property
    def digest(self) -> str:
        """The keyed digest of everything the file says: the same row, the same digest. Import times do not count."""
        said = (
            self.appeal, self.title, self.content, self.caller, self.phone, self.id_no, self.hospital_text,
            self.source_category, str(self.is_confidential), _iso(self.message_at), _iso(self.stated_due_on),
        )  # fmt: skip
        return keyed_digest("\x1f".join(said))


def _iso(moment: date | datetime | None) -> str:
    return moment.isoformat() if moment else ""


def entry_of(cells: Sequence[str], columns: Mapping[str, int], now: datetime) -> Entry:
    """The order that a row tells of; raises :class:`RowRefused`."""
    said = {key: cells[place].strip() if place < len(cells) else "" for key, place in columns.items()}
    _refuse_lengths(said)
    content = said.get("content", "")
    if not content:
        raise RowRefused("缺少内容（如为合并单元格，请取消合并后再导出）")
    message_at = moment(said.get("received_at", ""))
    if message_at and message_at.year < EARLIEST_YEAR:
        raise RowRefused(f"受理时间 {message_at:%Y-%m-%d} 早于{EARLIEST_YEAR}年")
    if message_at and message_at > now:
        raise RowRefused(f"受理时间 {timezone.localtime(message_at):%Y-%m-%d %H:%M} 晚于现在")
    title = said.get("title") or re.split(r"[。！？!?\n]", content)[0][:40]
    caller, number = said.get("caller", ""), said.get("number", "")
    if "number" in columns:
        _refuse_number(number)
    else:
        number = own_number(caller, message_at, title, content)
    is_old = message_at is None or now - message_at > OLD_AFTER
    return Entry(
        number=number, appeal=_appeal(said.get("appeal", "")), received_at=now if is_old or message_at is None else message_at,
        message_at=message_at, stated_due_on=_due(said.get("due_on", "")), title=title, content=content, caller=caller,
        phone=said.get("phone", ""), id_no=said.get("id_no", ""), hospital_text=said.get("hospital", ""),
        source_category=said.get("category", ""), is_confidential=_is_yes(said.get("confidential", "")),
        stated_state=said.get("state", "")[:LONGEST_STATE],
    )  # fmt: skip


def own_number(caller: str, message_at: datetime | None, title: str, content: str) -> str:
    """The number of an order whose source gives none, from what it says."""
    said = "\x1f".join((normalise_name(caller), _iso(message_at), "".join(title.split()), "".join(content.split())))
    return f"{OWN_NUMBER}{keyed_search_digest('order', said)[:16].upper()}"


def _refuse_lengths(said: Mapping[str, str]) -> None:
    from mediation.hotline.columns import LABELS

    for key, text in said.items():
        longest = LONGEST.get(key, LONGEST_CELL)
        if len(text) > longest:
            raise RowRefused(f"“{LABELS[key].split('（')[0]}”超过 {longest} 字")


def _refuse_number(number: str) -> None:
    if not number:
        raise RowRefused("缺少工单号")
    if _LOST_DIGITS.fullmatch(number):
        raise RowRefused("工单号被 Excel 当成数字，末几位已丢失；请把该列设为文本后重新导出")
    if number.startswith("=") or re.search(r"\s", number):
        raise RowRefused("工单号含有公式或空格")


def moment(text: str) -> datetime | None:
    """A date and time in any of the usual dresses, as local time; None for nothing. Raises :class:`RowRefused`."""
    if not text:
        return None
    try:
        naive = _naive(text)
        if naive is not None and 2000 <= naive.year < 2100:
            return timezone.make_aware(naive)
    except ValueError:
        pass
    raise RowRefused(f"受理时间“{text[:20]}”无法识别")


def _naive(text: str) -> datetime | None:
    found = _DATE.fullmatch(text) or _PACKED.fullmatch(text)
    if found:
        return datetime(*(int(part or 0) for part in found.groups()))  # type: ignore[arg-type]  # noqa: DTZ001 — made aware by the caller
    if _SERIAL.fullmatch(text):
        serial = from_excel(float(text))
        return serial.replace(microsecond=0) if isinstance(serial, datetime) else None
    return None


def _due(text: str) -> date | None:
    try:
        due = moment(text)
    except RowRefused:
        raise RowRefused(f"答复期限“{text[:20]}”无法识别") from None
    return timezone.localtime(due).date() if due else None


def _appeal(text: str) -> str:
    if not text:
        return ""
    for word, appeal in _APPEALS.items():
        if word in text:
            return appeal
    raise RowRefused(f"诉求类型“{text[:12]}”不在咨询、求助、建议、投诉、举报、表扬之列")


def state_named(words: str) -> str:
    """Our state that the hotline's word means; nothing when we do not know it."""
    return next((state for state, names in _STATES if any(name in words for name in names)), "")


def _is_yes(text: str) -> bool:
    return text.strip().lower() in ("是", "保密", "匿名", "隐匿", "y", "yes", "true", "1", "√", "要求保密")
