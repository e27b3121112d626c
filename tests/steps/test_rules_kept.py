"""A case, and an order, is judged by the rules in force on the day on which it begins."""

from datetime import date, timedelta
from pathlib import Path

from tests.factories import NOW, TODAY, case_at, fresh
from tests.prove.test_foreign_ids import enter_order
from workflow.rulebook import publish_rules, rules_of
from workflow.rules import read_rules

RULES = Path(__file__).resolve().parents[2] / "fixtures" / "rules.csv"


def publish(effective_on: date) -> int:
    rows = read_rules(RULES.read_text(encoding="utf-8").replace("triage,1,", "triage,3,"))
    return publish_rules(rows, effective_on=effective_on, source="示例", by=None, now=NOW).pk


def test_rules_of_tomorrow_do_not_touch_what_begins_today(db: None) -> None:
    before = case_at("registered")
    coming = publish(TODAY + timedelta(days=1))

    case, order = case_at("registered"), enter_order()

    assert case.rulebook_id == order.rulebook_id == before.rulebook_id != coming
    assert case.due_on == before.due_on


def test_rules_of_today_hold_for_what_begins_today_and_for_nothing_older(db: None) -> None:
    before = case_at("registered")
    new = publish(TODAY)

    case = case_at("registered")

    assert (case.rulebook_id, fresh(before).rulebook_id) == (new, before.rulebook_id)
    assert rules_of(new).period("triage") != rules_of(before.rulebook_id).period("triage")
    assert case.due_on > fresh(before).due_on
