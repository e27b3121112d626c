"""Which column of a hotline's workbook says what: guessed from Chinese header names, then remembered by the header.

Nobody publishes a format for these files, so every centre's own header is learnt once and recognised by its digest.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from mediation.hotline.batch import ColumnMapping
from mediation.organisations.models import Organisation

Columns = dict[str, int]
"""Our field → the place of its column, counted from 0."""


@dataclass(frozen=True)
class Target:
    """One thing that a column can say. ``names`` are header names as hotlines write them, the likeliest first.

    Fields ``for_reply`` are filled when the replies are exported; what the hotline wrote there is never taken over.
    """

    key: str
    label: str
    names: tuple[str, ...]
    for_reply: bool = False


TARGETS: tuple[Target, ...] = (
    Target("number", "工单号", ("工单编号", "工单号", "平台单号", "受理编号", "受理单号", "诉求编号", "登记编号", "留言编号",
                             "信件编号", "流水号", "工单流水号", "外部单号", "编号", "单号")),
    Target("appeal", "诉求类型", ("诉求类型", "诉求性质", "工单类型", "事项类型", "来电类型", "诉求类别", "业务类型")),
    Target("received_at", "受理时间", ("受理时间", "12345受理时间", "登记时间", "来电时间", "接收时间", "派单时间", "转派时间",
                                  "留言时间", "创建时间", "诉求时间", "受理日期", "登记日期", "日期", "时间")),
    Target("due_on", "答复期限", ("答复期限", "办理期限", "办理时限", "答复时限", "截止时间", "截止日期", "到期时间", "要求办结时间",
                              "限办时间", "期限")),
    Target("title", "标题", ("标题", "诉求标题", "工单标题", "主题", "留言主题", "事项标题", "诉求主题")),
    Target("content", "内容", ("诉求内容", "工单内容", "内容", "事项内容", "留言详情", "详情", "诉求详情", "来电内容", "问题描述",
                             "反映内容", "主要内容", "具体内容", "留言内容", "诉求描述")),
    Target("caller", "来电人", ("来电人", "来电人姓名", "诉求人", "诉求人姓名", "反映人", "反映人姓名", "联系人", "联系人姓名",
                             "市民姓名", "姓名", "留言用户", "投诉人", "申请人")),
    Target("phone", "联系电话", ("联系电话", "来电号码", "联系号码", "联系方式", "手机号码", "手机号", "手机", "电话", "电话号码",
                              "主叫号码")),
    Target("id_no", "证件号码", ("证件号码", "身份证号", "身份证号码", "证件号", "公民身份号码")),
    Target("hospital", "所涉单位", ("所涉单位", "被反映单位", "被投诉单位", "投诉对象", "涉事单位", "涉及单位", "医疗机构", "医院",
                                "医院名称", "被诉单位", "反映单位", "涉及医院")),
    Target("confidential", "是否保密", ("是否保密", "保密", "隐匿信息", "是否匿名", "信息保密", "要求保密")),
    Target("category", "来文分类", ("一级分类", "诉求分类", "内容分类", "事项分类", "问题分类", "分类", "一级类别", "类别")),
    Target("state", "办理状态（对账；导出时填写）", ("办理状态", "工单状态", "状态", "处理状态"), for_reply=True),
    Target("reply", "公开答复（导出时填写）", ("公开答复内容", "公开答复", "答复内容", "回复内容", "办理结果", "答复意见", "答复"), for_reply=True),
    Target("replied_on", "答复时间（导出时填写）", ("答复时间", "答复日期", "回复时间", "办结时间", "反馈时间"), for_reply=True),
)  # fmt: skip
LABELS = {target.key: target.label for target in TARGETS}
REQUIRED = ("content",)


def tidy(name: str) -> str:
    """A header name without what differs between exports of the same file: spaces, marks of duty, remarks."""
    name = re.sub(r"[（(\[【].*?[）)\]】]", "", unicodedata.normalize("NFKC", name))
    return re.sub(r"[\s*:：·_\-—/]+", "", name)


_EXACT = {tidy(name): target.key for target in reversed(TARGETS) for name in reversed(target.names)}


def recognised(name: str) -> str:
    """The field that a header name certainly means, or nothing."""
    return _EXACT.get(tidy(name), "")


def digest(header: Sequence[str]) -> str:
    """What a header row is remembered by."""
    return hashlib.sha256("\x1f".join(map(tidy, header)).encode()).hexdigest()


def guess(header: Sequence[str]) -> Columns:
    """The likeliest mapping: by exact name first, then by a name that contains one of ours; each field once."""
    names = [tidy(name) for name in header]
    found: Columns = {}
    for target in TARGETS:
        place = _exact(target, names)
        if place is not None:
            found[target.key] = place
    for target in TARGETS:
        if target.key not in found:
            place = _containing(target, names, set(found.values()))
            if place is not None:
                found[target.key] = place
    return found


def _exact(target: Target, names: Sequence[str]) -> int | None:
    for wanted in target.names:
        if wanted in names:
            return names.index(wanted)
    return None


def _containing(target: Target, names: Sequence[str], taken: set[int]) -> int | None:
    for wanted in (name for name in target.names if len(name) >= 4):
        for place, name in enumerate(names):
            if place not in taken and wanted in name:
                return place
    return None


def remembered(centre: Organisation, header: Sequence[str]) -> Columns | None:
    """The mapping that somebody of this centre confirmed for this very header."""
    row = ColumnMapping.objects.filter(centre=centre, header_digest=digest(header)).first()
    return dict(row.columns) if row else None


def remember(centre: Organisation, header: Sequence[str], columns: Mapping[str, int], now: datetime) -> ColumnMapping:
    """Keep a confirmed mapping; a later one for the same header takes its place."""
    row, _ = ColumnMapping.objects.update_or_create(
        centre=centre, header_digest=digest(header),
        defaults={"columns": dict(columns), "header": list(header), "saved_at": now},
    )  # fmt: skip
    return row


def problem_of(columns: Mapping[str, int], width: int) -> str:
    """What is wrong with a mapping, as a Chinese sentence; empty when it can be used."""
    missing = [LABELS[key] for key in REQUIRED if key not in columns]
    if missing:
        return f"请指定哪一列是{'、'.join(missing)}"
    places = list(columns.values())
    if len(set(places)) != len(places):
        return "同一列不能对应两项内容"
    if any(place < 0 or place >= width for place in places) or set(columns) - set(LABELS):
        return "对应关系与文件的列不符，请重新选择"
    return ""
