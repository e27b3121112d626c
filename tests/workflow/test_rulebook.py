"""Editions and rulebooks: written once, whole; a new one recomputes, records, and leaves the old one readable."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import transaction

from tests.workflow.published import WHOLE_2027
from workflow import rulebook
from workflow.append_only import AppendOnlyError
from workflow.clocks import LEGAL_TIME, Mark, MarkKind, Period, Unit, deadline
from workflow.lifecycle import CLOCKS
from workflow.models import CalendarEdition, ClockMark, Event, Rule, Rulebook, SpecialDay
from workflow.notices import SheetRefused, read_notice
from workflow.rules import parse, read_rules

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
NOTICE_2027 = "date,kind,name\n2027-01-01,off,元旦\n2027-01-02,off,元旦\n2027-01-09,work,元旦\n"
RULES = Path(__file__).resolve().parents[2] / "fixtures" / "rules.csv"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def reference() -> Iterator[None]:
    """Reference data as shipped, no loaders of other apps, and nothing cached from or for another test."""
    loaders, rulebook.reference_loaders[:] = rulebook.reference_loaders[:], []
    rulebook.forget()
    call_command("load_reference", verbosity=0)
    yield
    rulebook.reference_loaders[:] = loaders
    rulebook.forget()


def publish(text: str = NOTICE_2027, year: int = 2027) -> int:
    return rulebook.publish_calendar(read_notice(text, year), source="通知", notice_no="", by=None, now=NOW)


def test_the_reference_data_is_edition_one_and_rulebook_one() -> None:
    edition, book = CalendarEdition.objects.get(), Rulebook.objects.get()

    assert (edition.number, edition.year, book.number) == (1, 2026, 1)
    assert "国办发明电〔2024〕12号" in edition.notice_no
    assert rulebook.current_edition() == 1
    assert rulebook.current_rulebook() == book.pk
    assert rulebook.calendar_of(1).covered_years == {2024, 2025, 2026}


def test_loading_the_reference_data_again_changes_nothing() -> None:
    before = (SpecialDay.objects.count(), Rule.objects.count(), Event.objects.count())

    call_command("load_reference", verbosity=0)

    assert (SpecialDay.objects.count(), Rule.objects.count(), Event.objects.count()) == before
    assert CalendarEdition.objects.count() == Rulebook.objects.count() == 1


def test_other_apps_load_their_reference_data_with_it() -> None:
    called: list[str] = []
    rulebook.reference_loaders.extend([lambda: called.append("towns"), lambda: called.append("hospitals")])

    call_command("load_reference", verbosity=0)

    assert called == ["towns", "hospitals"]


def test_every_clock_of_the_lifecycle_has_its_period() -> None:
    rules = rulebook.rules_of(rulebook.current_rulebook())

    periods = {clock: rules.period(clock) for clock in CLOCKS if clock != "performance"}

    assert periods["mediation"] == Period(30, Unit.WORKING_DAYS, True, "医疗纠纷预防和处理条例第38条")
    assert str(periods["town_handling"]) == "5 个工作日"
    assert periods["judicial_confirmation"].unit is Unit.NATURAL_DAYS
    assert periods["judicial_confirmation"].roll_over


def test_a_rule_is_a_period_a_number_an_amount_or_years() -> None:
    rules = rulebook.rules_of(rulebook.current_rulebook())

    assert rules["hotline_complaint"] == rules.period("hotline_complaint")
    assert rules.number("representatives") == 5
    assert rules.number("backdating") == 3
    assert rules.amount("self_settlement_limit") == Decimal(10000)
    assert (rules.years("retention_long"), rules.years("retention_permanent")) == (30, None)
    assert not rules.period("autopsy_frozen").roll_over
    assert rules.entry("mediation").confidence == "H"
    assert [rules.entry(key).text for key in ("mediation", "retention_permanent", "appraisal_prompt")] == [
        "30 个工作日", "永久", "100000 元",
    ]  # fmt: skip


def test_a_rule_is_not_read_as_what_it_is_not() -> None:
    rules = rulebook.rules_of(rulebook.current_rulebook())

    for read, key in (
        (rules.period, "representatives"), (rules.number, "appraisal_prompt"), (rules.amount, "mediation"),
        (rules.years, "representatives"),
    ):  # fmt: skip
        with pytest.raises(TypeError, match=key):
            read(key)
    with pytest.raises(KeyError):
        rules["no_such_rule"]


def test_every_shipped_rule_says_how_sure_we_are() -> None:
    rules = rulebook.rules_of(rulebook.current_rulebook())

    unsure = [key for key in rules if rules.entry(key).confidence == "H" and not rules.entry(key).article]

    assert unsure == []
    assert len(rules) == len(read_rules(RULES.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("value", "unit"),
    [("30", "days"), ("-1", "count"), ("2.5", "working_days"), ("0", "working_days"), ("1.005", "yuan"), ("x", "yuan"),
     ("NaN", "yuan"), ("-5", "yuan"), ("permanent", "count"), ("", "count"), ("３", "count")],
)  # fmt: skip
def test_a_value_that_means_nothing_is_refused(value: str, unit: str) -> None:
    with pytest.raises(ValueError):
        parse(value, unit)


def test_a_wrong_line_of_a_rule_sheet_is_named() -> None:
    columns = "key,value,unit,label_zh,article,confidence,note\n"

    for line, why in (
        ("a,1,count,甲,,SURE,", "第 2 行 a：可信度"), ("a,x,count,甲,,H,", "第 2 行 a：“x”应为"),
        ("a,1,count,,,H,", "名称不能为空"), ("a,1,count,甲,,H,\na,2,count,甲,,H,", "第 3 行 a：重复"),
    ):  # fmt: skip
        with pytest.raises(SheetRefused, match=why):
            read_rules(columns + line)


def test_a_new_rulebook_leaves_the_old_one_to_the_cases_that_began_with_it() -> None:
    first = rulebook.current_rulebook()
    rows = read_rules(RULES.read_text("utf-8"))
    next(row for row in rows if row["key"] == "mediation")["value"] = "45"

    book = rulebook.publish_rules(rows, effective_on=date(2027, 1, 1), source="修订", by=None, now=NOW)

    assert book.number == 2
    assert rulebook.rules_of(first).number("mediation") == 30
    assert rulebook.rules_of(book.pk).number("mediation") == 45
    assert rulebook.current_rulebook(date(2026, 12, 31)) == first
    assert rulebook.current_rulebook(date(2027, 1, 1)) == book.pk


def test_a_new_year_is_a_new_edition_with_all_earlier_years() -> None:
    assert publish() == 2

    calendar = rulebook.calendar_of(2)
    assert calendar.covered_years == {2024, 2025, 2026, 2027}
    assert calendar.is_working_day(date(2027, 1, 9))
    assert calendar.is_working_day(date(2026, 2, 28))
    assert rulebook.current_edition() == 2
    assert not rulebook.calendar_of(1).is_official(date(2027, 1, 9))


def test_loading_a_year_moves_a_provisional_date_and_makes_it_final() -> None:
    start = Mark(MarkKind.START, date(2026, 11, 21))
    before = deadline(Period(30, Unit.WORKING_DAYS), [start], rulebook.calendar_of(1))

    publish(f"{NOTICE_2027}2027-01-04,off,元旦\n")

    after = deadline(Period(30, Unit.WORKING_DAYS), [start], rulebook.calendar_of(2))
    assert (before.due_on, before.provisional) == (date(2027, 1, 4), True)
    assert (after.due_on, after.provisional) == (date(2027, 1, 5), False)


def test_loading_the_same_days_again_makes_no_edition() -> None:
    publish()

    assert publish() == 2
    assert CalendarEdition.objects.count() == 2


def test_a_corrected_notice_replaces_the_days_of_its_year_only() -> None:
    publish()
    publish("date,kind,name\n2027-01-01,off,元旦\n")

    calendar = rulebook.calendar_of(3)
    assert not calendar.is_working_day(date(2027, 1, 1))
    assert not calendar.is_working_day(date(2027, 1, 9))
    assert not calendar.is_working_day(date(2026, 10, 1))


def test_a_new_edition_is_on_record() -> None:
    assert publish() == 2

    event = Event.objects.filter(kind="calendar_loaded").latest("seq")
    assert (event.data["edition"], event.data["years"]) == (2, "2027")


def test_what_fails_half_way_leaves_no_edition_and_nothing_cached(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **more: Any) -> None:
        rulebook.calendar_of(rulebook.current_edition())
        raise RuntimeError("no")

    monkeypatch.setattr(rulebook, "record_system", fail)
    with pytest.raises(RuntimeError):
        publish()

    assert rulebook.current_edition() == 1
    with pytest.raises(CalendarEdition.DoesNotExist):
        rulebook.calendar_of(2)


@pytest.mark.both
def test_nothing_is_published_within_a_transaction_that_may_still_be_undone(fresh_database: object) -> None:
    rows = read_rules(RULES.read_text(encoding="utf-8"))
    with transaction.atomic():
        with pytest.raises(RuntimeError):
            publish()
        with pytest.raises(RuntimeError):
            rulebook.publish_rules(rows, effective_on=date(2027, 1, 1), source="修订", by=None, now=NOW)

    assert (rulebook.current_edition(), Rulebook.objects.count()) == (1, 1)


def test_an_edition_is_never_changed() -> None:
    day, rule = SpecialDay.objects.first(), Rule.objects.first()
    assert day is not None
    assert rule is not None

    for refused in (day.save, day.delete, rule.save, rule.delete, SpecialDay.objects.all().delete):
        with pytest.raises(AppendOnlyError):
            refused()
    with pytest.raises(AppendOnlyError):
        Rule.objects.update(value="1")


def test_an_edition_is_read_once(django_assert_num_queries: Any) -> None:
    book = rulebook.current_rulebook()
    rulebook.calendar_of(1), rulebook.rules_of(book)

    with django_assert_num_queries(0):
        assert rulebook.calendar_of(1) is rulebook.calendar_of(1)
        assert rulebook.rules_of(book) is rulebook.rules_of(book)


def test_a_clock_mark_reads_as_the_clocks_understand_it() -> None:
    at = datetime(2026, 3, 6, 14, 30, tzinfo=LEGAL_TIME)
    ClockMark(case_id=1, clock="mediation", kind="extend", on=date(2026, 4, 1), days=5, paper="E1", event_seq=3).save()
    ClockMark(case_id=1, clock="autopsy", kind="start", on=at.date(), at=at, event_seq=4).save()

    extension, start = (row.mark for row in ClockMark.objects.filter(case_id=1))

    assert extension == Mark(MarkKind.EXTEND, date(2026, 4, 1), days=5, paper="E1")
    assert start == Mark(MarkKind.START, at)


def load(path: Path, **options: Any) -> str:
    out = StringIO()
    call_command("load_calendar", path, **{"year": 2027, "source": "国办发明电〔2026〕9号", **options}, stdout=out)
    return out.getvalue()


def test_the_administrator_loads_a_year_from_a_sheet(tmp_path: Path) -> None:
    user = get_user_model().objects.create_user("admin_he")
    sheet = tmp_path / "2027.csv"
    sheet.write_bytes(WHOLE_2027.encode("gb18030"))

    first, second = load(sheet, by="admin_he"), load(sheet, by="admin_he")

    edition = CalendarEdition.objects.get(number=2)
    assert first == "日历第 2 版：载入 2027 年 16 日，重新计算后变动的期限 0 个。\n"
    assert second == "与日历第 2 版相同，未生成新版。\n"
    assert (edition.notice_no, edition.loaded_by, edition.year) == ("国办发明电〔2026〕9号", user.pk, 2027)


def test_a_sheet_that_is_wrong_or_an_unknown_person_loads_nothing(tmp_path: Path) -> None:
    get_user_model().objects.create_user("admin_he")
    sheet = tmp_path / "2027.csv"
    sheet.write_text("date,kind,name\n2027-13-01,off,元旦\n", encoding="utf-8")

    with pytest.raises(CommandError, match="第 2 行"):
        load(sheet, by="admin_he")
    sheet.write_text("date,kind,name\n2027-01-01,off,元旦\n", encoding="utf-8")
    with pytest.raises(CommandError, match="放假日不全"):
        load(sheet, by="admin_he")
    with pytest.raises(CommandError, match="没有用户 nobody"):
        load(sheet, by="nobody")
    with pytest.raises(CommandError):
        load(tmp_path / "absent.csv", by="admin_he")
    assert CalendarEdition.objects.count() == 1


def load_rules(path: Path, **options: Any) -> str:
    out = StringIO()
    call_command(
        "load_rules",
        path,
        **{"effective_on": date(2199, 1, 1), "source": "示例通知", "by": "admin_he", **options},
        stdout=out,
    )
    return out.getvalue()


def test_new_rules_hold_from_their_day_and_not_before(tmp_path: Path) -> None:
    get_user_model().objects.create_user("admin_he")
    sheet = tmp_path / "rules.csv"
    sheet.write_text(RULES.read_text(encoding="utf-8").replace("triage,1,", "triage,2,"), encoding="utf-8")
    first = rulebook.current_rulebook()

    said = load_rules(sheet)

    new = Rulebook.objects.get(number=2)
    assert said.startswith("规则第 2 版：")
    assert rulebook.current_rulebook(date(2198, 12, 31)) == first
    assert rulebook.current_rulebook(date(2199, 1, 1)) == new.pk
    assert rulebook.rules_of(new.pk).period("triage").amount == 2
    assert rulebook.rules_of(first).period("triage").amount == 1


def test_rules_that_are_incomplete_unknown_or_of_yesterday_are_not_loaded(tmp_path: Path) -> None:
    get_user_model().objects.create_user("admin_he")
    text = RULES.read_text(encoding="utf-8")
    incomplete, unknown = tmp_path / "incomplete.csv", tmp_path / "unknown.csv"
    incomplete.write_text(
        "\n".join(line for line in text.splitlines() if not line.startswith("triage,")), encoding="utf-8"
    )
    unknown.write_text(f"{text}\ncoffee,1,working_days,咖啡,,DESIGN,\n", encoding="utf-8")

    with pytest.raises(CommandError, match="缺少规则：triage"):
        load_rules(incomplete)
    with pytest.raises(CommandError, match="不认识的规则：coffee"):
        load_rules(unknown)
    with pytest.raises(CommandError, match="不能早于今天"):
        load_rules(RULES, effective_on=date(2020, 1, 1))
    with pytest.raises(CommandError, match="没有用户 nobody"):
        load_rules(RULES, by="nobody")
    assert Rulebook.objects.count() == 1
