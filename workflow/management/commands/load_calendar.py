"""manage.py load_calendar FILE.csv --year 2027 --source "国办发明电〔2026〕…号" --by USER"""

import re
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from workflow import timekeeping
from workflow.management import account
from workflow.notices import SheetRefused, decode, read_notice, refuse_part_of_a_year
from workflow.rulebook import CalendarEdition, publish_calendar

_NOTICE_NO = re.compile(r"[\u4e00-\u9fff]+〔\d{4}〕\d+号")


class Command(BaseCommand):
    help = "载入国务院公布的某一年节假日安排，生成新的日历版次，并重新计算所有在办期限。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="CSV：date,kind(off|work),name")
        parser.add_argument("--year", type=int, required=True, help="通知所安排的年度")
        parser.add_argument("--source", required=True, help="通知的名称或文号")
        parser.add_argument("--by", required=True, help="载入人的用户名")

    def handle(self, *, file: Path, year: int, source: str, by: str, **options: Any) -> None:
        user = account(by)
        try:
            days = read_notice(decode(file.read_bytes()), year)
            refuse_part_of_a_year(days, year)
        except (OSError, SheetRefused) as problem:
            raise CommandError(str(problem)) from problem
        number = _NOTICE_NO.search(source)
        before = CalendarEdition.objects.count()
        now = timezone.now()
        edition = publish_calendar(days, source=source, notice_no=number.group() if number else "", by=user.pk, now=now)
        if CalendarEdition.objects.count() == before:
            self.stdout.write(f"与日历第 {edition} 版相同，未生成新版。")
        else:
            moved = timekeeping.recount(now)
            self.stdout.write(f"日历第 {edition} 版：载入 {year} 年 {len(days)} 日，重新计算后变动的期限 {moved} 个。")
