"""manage.py load_rules FILE.csv --effective-on 2027-01-01 --source "粤高法〔2025〕…号" --by USER"""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from workflow.management import account
from workflow.notices import SheetRefused, decode
from workflow.rulebook import Rule, current_rulebook, publish_rules
from workflow.rules import read_rules


class Command(BaseCommand):
    help = "载入期限、限额的新版本，自施行日期起登记的案件适用；已经登记的案件仍按原版本办理。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="CSV：key,value,unit,label_zh,article,confidence,note")
        parser.add_argument("--effective-on", type=date.fromisoformat, required=True, help="施行日期，如 2027-01-01")
        parser.add_argument("--source", required=True, help="依据的名称或文号")
        parser.add_argument("--by", required=True, help="载入人的用户名")

    def handle(self, *, file: Path, effective_on: date, source: str, by: str, **options: Any) -> None:
        user = account(by)
        now = timezone.now()
        if effective_on < timezone.localtime(now).date():
            raise CommandError("施行日期不能早于今天：已经登记的案件不能改变所适用的规则")
        try:
            rules = read_rules(decode(file.read_bytes()))
        except (OSError, SheetRefused) as problem:
            raise CommandError(str(problem)) from problem
        _refuse_other_keys({row["key"] for row in rules})
        book = publish_rules(rules, effective_on=effective_on, source=source, by=user.pk, now=now)
        self.stdout.write(f"{book}：{len(rules)} 条，自 {effective_on} 起登记的案件适用。")


def _refuse_other_keys(keys: set[str]) -> None:
    """The code asks for its rules by name: a missing one would stop the first case that needs it."""
    known = set(Rule.objects.filter(rulebook=current_rulebook()).values_list("key", flat=True))
    if missing := known - keys:
        raise CommandError(f"缺少规则：{'、'.join(sorted(missing))}")
    if unknown := keys - known:
        raise CommandError(f"不认识的规则：{'、'.join(sorted(unknown))}")
