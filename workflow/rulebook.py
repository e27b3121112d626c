"""What a case is judged by: editions of the calendar and versions of the rules, and the marks on a case's clocks.

An edition or a rulebook is written once, whole, and never changed: a correction is the next number. A case keeps the
numbers it began with. That is why loading one is cached for the life of the process.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from types import MappingProxyType

from django.db import models, transaction

from workflow.append_only import AppendOnly, AppendOnlyQuerySet
from workflow.calendar import Calendar, DayKind
from workflow.chain import Data
from workflow.marks import Mark, MarkKind
from workflow.notices import NamedDay
from workflow.records import record_system
from workflow.rules import CONFIDENCES, UNIT_LABELS, RuleEntry, Rules, parse

# Called by `manage.py load_reference`, in order, each idempotent: what other apps need before the first case.
reference_loaders: list[Callable[[], None]] = []


class CalendarEdition(AppendOnly):
    """Every special day known at one time: the days of all notices loaded up to and including this one."""

    number = models.PositiveIntegerField("版次", unique=True)
    year = models.PositiveSmallIntegerField("最新年度")
    source = models.CharField("来源", max_length=500)
    notice_no = models.CharField("通知文号", max_length=120, blank=True)
    loaded_at = models.DateTimeField("载入时间")
    loaded_by = models.BigIntegerField("载入人编号", null=True, blank=True)

    objects = AppendOnlyQuerySet["CalendarEdition"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "日历版次"
        ordering = ["number"]

    def __str__(self) -> str:
        return f"第 {self.number} 版（至 {self.year} 年）"


class SpecialDay(AppendOnly):
    """A day off or a make-up working day, as the notice for `notice_year` names it."""

    edition = models.ForeignKey(CalendarEdition, models.PROTECT, related_name="days", verbose_name="日历版次")
    date = models.DateField("日期")
    kind = models.CharField(
        "放假或上班", max_length=8, choices=[(DayKind.OFF.value, "放假"), (DayKind.WORK.value, "调休上班")]
    )
    name = models.CharField("节日", max_length=40, blank=True)
    notice_year = models.PositiveSmallIntegerField("通知年度")

    objects = AppendOnlyQuerySet["SpecialDay"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "节假日与调休"
        ordering = ["date"]
        constraints = [models.UniqueConstraint(fields=["edition", "date"], name="one_meaning_per_special_day")]

    def __str__(self) -> str:
        return f"{self.date} {self.get_kind_display()}"


class Rulebook(AppendOnly):
    """One version of all periods, thresholds and limits, in force from a date."""

    number = models.PositiveIntegerField("版本号", unique=True)
    effective_on = models.DateField("施行日期")
    source = models.CharField("来源", max_length=500)
    loaded_at = models.DateTimeField("载入时间")
    loaded_by = models.BigIntegerField("载入人编号", null=True, blank=True)

    objects = AppendOnlyQuerySet["Rulebook"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "规则版本"
        ordering = ["number"]

    def __str__(self) -> str:
        return f"规则第 {self.number} 版"


class Rule(AppendOnly):
    """One period, threshold or limit with the article it stands on."""

    rulebook = models.ForeignKey(Rulebook, models.PROTECT, related_name="rules", verbose_name="规则版本")
    key = models.CharField("代码", max_length=40)
    value = models.CharField("值", max_length=20)
    unit = models.CharField("单位", max_length=20, choices=list(UNIT_LABELS.items()))
    label = models.CharField("名称", max_length=80)
    article = models.CharField("依据", max_length=160, blank=True)
    confidence = models.CharField("可信度", max_length=8, choices=[(level, level) for level in CONFIDENCES])
    note = models.CharField("说明", max_length=300, blank=True)

    objects = AppendOnlyQuerySet["Rule"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "规则"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["rulebook", "key"], name="one_value_per_rule")]

    def __str__(self) -> str:
        return f"{self.key} = {self.value}"

    @property
    def entry(self) -> RuleEntry:
        value = parse(self.value, self.unit, self.article)
        return RuleEntry(self.key, value, self.unit, self.label, self.article, self.confidence, self.note)


class ClockMark(AppendOnly):
    """What happened to one clock of a case; `id` is the order of recording, `on` the day it happened."""

    case_id = models.BigIntegerField("案件编号", db_index=True)
    clock = models.CharField("期限", max_length=32)
    kind = models.CharField(
        "类型",
        max_length=8,
        choices=[
            (MarkKind.START.value, "起算"),
            (MarkKind.STOP.value, "停表"),
            (MarkKind.RESUME.value, "恢复"),
            (MarkKind.EXTEND.value, "延期"),
            (MarkKind.END.value, "终结"),
        ],
    )
    on = models.DateField("发生日期")
    at = models.DateTimeField("发生时刻", null=True, blank=True)
    days = models.PositiveSmallIntegerField("延期天数", null=True, blank=True)
    until = models.DateField("延期至", null=True, blank=True)
    paper = models.CharField("文书", max_length=80, blank=True)
    event_seq = models.PositiveIntegerField("事件行号")

    objects = AppendOnlyQuerySet["ClockMark"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "期限事件"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.clock} {self.get_kind_display()} {self.on}"

    @property
    def mark(self) -> Mark:
        """The mark as the pure clocks read it."""
        return Mark(MarkKind(self.kind), self.at or self.on, self.days, self.until, self.paper)


@cache
def calendar_of(edition: int) -> Calendar:
    """The calendar of an edition number. Raises CalendarEdition.DoesNotExist when there is none."""
    days = CalendarEdition.objects.get(number=edition).days.values_list("date", "kind", "notice_year")
    special = {day: DayKind(kind) for day, kind, _ in days}
    return Calendar(edition, MappingProxyType(special), frozenset(year for *_, year in days))


@cache
def rules_of(rulebook_id: int) -> Rules:
    """The rules of a rulebook's primary key. Raises Rulebook.DoesNotExist when there is none."""
    return Rules(rule.entry for rule in Rulebook.objects.get(pk=rulebook_id).rules.all())


def current_edition() -> int:
    """The newest edition's number. Raises CalendarEdition.DoesNotExist before the first is loaded."""
    return CalendarEdition.objects.latest("number").number


def current_rulebook(on: date | None = None) -> int:
    """The primary key of the rulebook in force on a day, for a case that begins; of the newest when no day is given."""
    books = Rulebook.objects.all() if on is None else Rulebook.objects.filter(effective_on__lte=on)
    return books.latest("number").pk


def forget() -> None:
    """Drop what was cached: for whoever puts another database in the place of this one, such as a test."""
    calendar_of.cache_clear()
    rules_of.cache_clear()


@contextmanager
def _publication() -> Iterator[None]:
    """The outermost transaction: what is undone in it is forgotten, and nothing around it can undo it later."""
    try:
        with transaction.atomic(durable=True):
            yield
    except BaseException:
        forget()
        raise


@_publication()
def publish_calendar(
    days: Sequence[NamedDay], *, source: str, notice_no: str = "", by: int | None, now: datetime
) -> int:
    """Make the next edition: the days given replace those of their years, all other years are carried over.

    Answers its number; days that change nothing make none, and the answer is the present number. Cases stay on their
    edition until time counts each anew (`timekeeping.recount`). Raises RuntimeError inside another transaction: one that
    was undone would leave in this process's memory an edition that never was.
    """
    last = CalendarEdition.objects.order_by("-number").first()
    known = {} if last is None else {day.date: _named(day) for day in last.days.all()}
    years = {day.notice_year for day in days}
    kept = {day.date: day for day in known.values() if day.notice_year not in years}
    merged = kept | {day.date: day for day in days}
    if last is not None and merged == known:
        return last.number
    edition = CalendarEdition.objects.create(
        number=1 if last is None else last.number + 1, year=max(day.notice_year for day in merged.values()),
        source=source, notice_no=notice_no, loaded_at=now, loaded_by=by,
    )  # fmt: skip
    SpecialDay.objects.bulk_create(
        SpecialDay(edition=edition, date=day.date, kind=day.kind.value, name=day.name, notice_year=day.notice_year)
        for day in sorted(merged.values(), key=lambda day: day.date)
    )
    data: Data = {
        "edition": edition.number, "years": " ".join(map(str, sorted(years))), "days": len(merged),
        "rows_digest": _digest(days),
    }  # fmt: skip
    record_system("calendar_loaded", actor_id=by, data=data, now=now)
    return edition.number


@_publication()
def publish_rules(
    rows: Iterable[Mapping[str, str]], *, effective_on: date, source: str, by: int | None, now: datetime
) -> Rulebook:
    """Make the next rulebook from checked rows (`rules.read_rules`); cases that have begun keep theirs.

    Raises RuntimeError inside another transaction, as `publish_calendar` does.
    """
    rules = [_rule(row) for row in rows]
    last = Rulebook.objects.order_by("-number").first()
    book = Rulebook.objects.create(
        number=1 if last is None else last.number + 1,
        effective_on=effective_on, source=source, loaded_at=now, loaded_by=by,
    )  # fmt: skip
    for rule in rules:
        rule.rulebook = book
    Rule.objects.bulk_create(rules)
    digest = _digest([(rule.key, rule.value, rule.unit, rule.article) for rule in rules])
    data: Data = {"rulebook": book.number, "rules": len(rules), "rows_digest": digest}
    record_system("rules_loaded", actor_id=by, data=data, now=now)
    return book


def _rule(row: Mapping[str, str]) -> Rule:
    return Rule(
        key=row["key"], value=row["value"], unit=row["unit"], label=row["label_zh"], article=row["article"],
        confidence=row["confidence"], note=row["note"],
    )  # fmt: skip


def _named(day: SpecialDay) -> NamedDay:
    return NamedDay(day.date, DayKind(day.kind), day.name, day.notice_year)


def _digest(rows: Sequence[object]) -> str:
    return sha256("\n".join(map(str, rows)).encode()).hexdigest()
