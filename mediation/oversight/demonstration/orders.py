"""The hotline's part: files of orders that come in each morning, and what the operator does with the orders."""

from __future__ import annotations

import csv
import io
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import astuple, dataclass
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from django.conf import settings
from django.utils import timezone

from mediation.hotline import columns, importing, replies, turns
from mediation.hotline.batch import ImportBatch
from mediation.hotline.models import HotlineOrder
from mediation.oversight.demonstration.people import Company
from mediation.oversight.demonstration.script import Plot
from mediation.oversight.demonstration.texts import phone, somebody

HEADER = (
    "工单编号", "来电人", "联系电话", "诉求标题", "受理时间", "诉求内容", "诉求类型", "所涉单位", "一级分类", "是否保密",
)  # fmt: skip
OPERATOR = "lin"
RETURNED_TO = "所在镇城市管理部门"


@dataclass(frozen=True)
class Line:
    """One row of a file, in the order of ``HEADER``."""

    number: str
    caller: str
    phone: str
    title: str
    received_at: str
    content: str
    appeal: str = "投诉"
    hospital: str = ""
    category: str = "医疗卫生"
    confidential: str = "否"


def told() -> Mapping[str, list[dict[str, Any]]]:
    """The orders that no story is about."""
    path = Path(settings.BASE_DIR) / "fixtures" / "demonstration" / "orders.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


class Mailbag:
    """What callers have said, by the morning on which the hotline's file brings it."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.files: dict[date, list[Line]] = defaultdict(list)
        self._there: dict[date, int] = {}  # orders of an earlier demonstration

    def post(self, morning: date, *, rng: Random, **said: str) -> str:
        """Put a line into the file of a morning; answers the order's number."""
        if morning not in self._there:
            self._there[morning] = HotlineOrder.objects.filter(number__startswith=f"DG{morning:%Y%m%d}").count()
        serial = self._there[morning] + len(self.files[morning]) + 1
        number, received = f"DG{morning:%Y%m%d}{serial:03d}", _the_evening_before(morning, rng)
        self.files[morning].append(Line(number=number, received_at=f"{received:%Y-%m-%d %H:%M}", **said))
        return number

    def call(self, morning: date, plot: Plot, rng: Random) -> str:
        """Somebody of the family calls about what a story is about."""
        speaker = (plot.family.others or (plot.family.patient,))[0]
        hospital = self.company.place(plot.hospitals[0]).name
        confidential = "是" if plot.story.told.get("is_confidential") else "否"
        return self.post(
            morning, rng=rng, caller=speaker.name, phone=speaker.phone, hospital=hospital, confidential=confidential,
            title=f"反映在{hospital}就医：{plot.matter.diagnosis}"[:60],
            content=f"市民反映：{plot.telling(self.company)}{plot.matter.want}",
        )  # fmt: skip

    def deliver(self, morning: date, now: datetime) -> None:
        """The operator imports a morning's file; its columns are settled once."""
        batch = self.stage(self.files[morning], f"12345工单{morning:%Y%m%d}.csv", now)
        importing.take_in(batch, by=self.company.person(OPERATOR), now=now)

    def stage(self, lines: list[Line], name: str, now: datetime) -> ImportBatch:
        """Upload a file up to its preview."""
        text = io.StringIO()
        csv.writer(text).writerows([HEADER, *map(astuple, lines)])
        by, file = self.company.person(OPERATOR), io.BytesIO(text.getvalue().encode("utf-8-sig"))
        batch = importing.stage(file, name, centre=self.company.place("hotline"), by=by, now=now)
        if not batch.columns:
            importing.settle_columns(batch, columns.guess(batch.header), by=by, now=now)
        return batch


def answered(number: str, company: Company, now: datetime) -> None:
    """The caller hears how the case stands: from the draft that the case has left, if there is one."""
    order = HotlineOrder.objects.get(number=number)
    if order.is_answered or order.case is None:
        return
    draft = next(iter(replies.drafts_of(order)), None)
    text = draft.text if draft else replies.case_text(order, order.case)
    turns.answer(
        order, text=text, by=company.person(OPERATOR), now=now, is_founded=True, is_solved=order.case.is_closed,
        prepared=draft,
    )  # fmt: skip


def finished(number: str, company: Company, now: datetime, *, rating: str) -> None:
    """The caller was called back."""
    order = HotlineOrder.objects.get(number=number)
    if order.state == "replied":
        turns.finish(order, rating=rating, by=company.person(OPERATOR), now=now)


Turn = Callable[[datetime], None]


def without_a_case(mail: Mailbag, days: list[date], rng: Random) -> Iterator[tuple[int, Turn]]:
    """Orders that become no dispute, or not yet: the working day of each turn, and the turn."""
    for row in told()["order"]:
        arrives = len(days) - row["age"]
        said = {key: row[key] for key in ("appeal", "hospital", "category", "title", "content")}
        number = mail.post(days[arrives], rng=rng, caller=somebody(rng), phone=phone(rng), **said)
        for turn in row["turns"]:
            name, wait, *rest = turn.split(":")
            yield arrives + int(wait), partial(_turn, mail.company, number, name, rest)


def left_in_preview(mail: Mailbag, morning: date, rng: Random, now: datetime) -> None:
    """A file that was uploaded and not yet taken in: new orders, two alike, one known, and some that cannot be read."""
    received = _the_evening_before(morning, rng)
    lines = [
        Line(
            number=f"DG{morning:%Y%m%d}9{serial:02d}", caller=somebody(rng), phone=phone(rng), title=row["title"],
            received_at=f"{received:%Y-%m-%d %H:%M}", content=row["content"], hospital=row["hospital"],
        )
        for serial, row in enumerate(told()["waiting"], start=1)
    ]  # fmt: skip
    known = [line for lines_of_a_day in list(mail.files.values())[:1] for line in lines_of_a_day[:1]]
    unreadable = Line(
        f"DG{morning:%Y%m%d}999", "缺样本", "13800009999", "时间写错的一行", "2026年13月40日", "受理时间无法识别。"
    )
    mail.stage([*lines, *known, unreadable], f"12345工单{morning:%Y%m%d}（待核对）.csv", now)


def _turn(company: Company, number: str, name: str, rest: list[str], now: datetime) -> None:
    order, by = HotlineOrder.objects.get(number=number), company.person(OPERATOR)
    if name == "answer":
        body = replies.body_for(rest[0]) or "有关主管部门"
        text = replies.begin_reply(order, rest[0], body)
        turns.answer(order, text=text, by=by, now=now, category=rest[0], receiving_body=body, is_founded=True)
    elif name == "sort_out":
        turns.sort_out(order, category=rest[0], by=by, now=now)
    elif name == "finish":
        turns.finish(order, rating=rest[0], is_solved=rest[0] != "fair", by=by, now=now)
    elif name == "redo":
        turns.redo(order, reason="回访时市民表示没有人联系，要求重新办理。", by=by, now=now)
    elif name == "send_return":
        turns.send_return(order, reason="反映施工噪音，不属于医疗卫生事项。", unit=RETURNED_TO, by=by, now=now)
    elif name == "extend":
        assert order.due_on is not None
        until = _later(order, 5)
        turns.extend(order, until=until, reason="病历由外院代管，需要调取。", by=by, now=now)
    else:
        turns.sign(order, by=by, now=now)


def _later(order: HotlineOrder, working_days: int) -> date:
    from workflow.rulebook import calendar_of

    assert order.due_on is not None
    return calendar_of(order.calendar_edition).add_working_days(order.due_on, working_days)


def _the_evening_before(morning: date, rng: Random) -> datetime:
    at = timezone.make_aware(datetime.combine(morning, datetime.min.time()))
    return at - timedelta(minutes=rng.randint(120, 540))
