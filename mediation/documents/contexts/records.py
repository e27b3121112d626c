"""Contexts of the records and of the dossier."""

# ruff: noqa: RUF009  # must() and may() are dataclasses.field()

from dataclasses import dataclass
from datetime import date, datetime

from mediation.documents.contexts.base import Facts, PaperContext, may, must
from mediation.documents.contexts.parts import Attendant, Utterance


@dataclass(frozen=True, kw_only=True)
class InvestigationRecord(PaperContext):
    """调查笔录. Where nobody recorded the hour, ``began_at`` is the day's midnight and the paper leaves room for it."""

    matter: str = must("事由")
    began_at: datetime = must("开始时间")
    has_hour: bool = may("记录了时刻", True)
    ended_at: datetime | None = may("结束时间", None)
    place: str = must("地点")
    investigators: tuple[str, ...] = must("调查人")
    recorder: str = must("记录人")
    person: str = must("被调查人")
    person_details: str = may("被调查人情况")
    others: tuple[Attendant, ...] = may("其他参加人", ())
    utterances: tuple[Utterance, ...] = must("笔录内容")


@dataclass(frozen=True, kw_only=True)
class MeetingRecord(PaperContext):
    """调解笔录 (人民调解法 27)."""

    matter: str = must("事由")
    session: int = may("第几次调解", 1)
    began_at: datetime = must("开始时间")
    ended_at: datetime | None = may("结束时间", None)
    place: str = must("地点")
    mediators: tuple[str, ...] = must("调解员")
    recorder: str = must("记录人")
    parties: tuple[Attendant, ...] = must("当事人")
    invited: tuple[Attendant, ...] = may("参加人", ())
    objection: str = must("对调解员的意见")
    utterances: tuple[Utterance, ...] = must("记录正文")
    result: str = must("调解结果")


@dataclass(frozen=True, kw_only=True)
class FollowUpRecord(PaperContext):
    """回访记录: performance, satisfaction, what is left; nothing is pre-written (R21)."""

    parties: tuple[str, ...] = must("当事人")
    agreement_number: str = may("调解协议编号")
    matter: str = must("回访事由")
    visited_at: datetime = must("回访时间")
    manner: str = must("回访方式")
    person: str = must("被回访人")
    performance: str = must("协议履行情况")
    satisfaction: str = may("当事人评价")
    remaining: str = may("遗留问题及隐患")
    visitors: tuple[str, ...] = must("回访人")


@dataclass(frozen=True, kw_only=True)
class DossierCover(PaperContext):
    """卷宗封面."""

    title: str = must("卷名")
    file_number: str = must("卷号")
    year: int = must("年度")
    kind: str = must("卷宗类别")
    mediators: tuple[str, ...] = must("人民调解员")
    began_on: date = must("调解开始日期")
    ended_on: date = must("调解结束日期")
    outcome: str = must("调解结果")
    filed_by: str = must("立卷人")
    filed_on: date = must("立卷日期")
    checked_by: str = may("检查人")
    retention: str = must("保管期限")
    pages: int | None = may("本卷页数", None)
    note: str = may("备注")


@dataclass(frozen=True, kw_only=True)
class DossierItem(Facts):
    """A line of the table of contents; `pages` is "3" or "3-5" of the folder, open where nobody has counted yet."""

    title: str = must("文书名称")
    number: str = may("文书编号")
    pages: str = may("页号")
    note: str = may("备注")


@dataclass(frozen=True, kw_only=True)
class DossierCatalogue(PaperContext):
    """卷内目录."""

    file_number: str = must("卷号")
    items: tuple[DossierItem, ...] = must("卷内文书")


@dataclass(frozen=True, kw_only=True)
class DossierBackCover(PaperContext):
    """卷宗封底, with the 卷宗情况说明: what the folder lacks and why."""

    file_number: str = must("卷号")
    remarks: tuple[str, ...] = may("卷宗情况说明", ())
    pages: int | None = may("本卷页数", None)
    filed_by: str = must("立卷人")
    filed_on: date = must("立卷日期")
    checked_by: str = may("检查人")
