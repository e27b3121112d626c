"""``manage.py seed_demo``: accounts and disputes to look at, every step of them performed through the door."""

import json
import time
from argparse import ArgumentParser
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from mediation.cases.case import DisputeCase
from mediation.oversight.demonstration.people import NameTaken
from mediation.oversight.demonstration.seeding import Result, seed
from mediation.oversight.demonstration.theatre import Misplayed
from workflow.rulebook import CalendarEdition


class Command(BaseCommand):
    help = "生成演示账号和演示案件（虚构人物和医院）；同一种子和日期结果相同。运行时请先停止 worker。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seed", type=int, default=1, help="随机种子，默认 1")
        parser.add_argument(
            "--as-of", type=date.fromisoformat, help="演示到哪一天（YYYY-MM-DD），默认今天，不能晚于今天"
        )
        parser.add_argument("--json", type=Path, help="把账号和案件写入这个文件")
        parser.add_argument("--cases", type=int, default=0, help="案件总数；不填只演示各种情形，1000 可填满一年")
        parser.add_argument("--append", action="store_true", help="库中已有案件时也继续")
        parser.add_argument("--force-demo", action="store_true", help="在生产环境中也继续")

    def handle(self, *args: Any, **options: Any) -> None:
        today = timezone.localdate()
        as_of = options["as_of"] or today
        if settings.PRODUCTION and not options["force_demo"]:
            raise CommandError("这是生产环境：演示账号的口令是公开的。确有需要请加 --force-demo。")
        if as_of > today:
            raise CommandError(f"演示日期 {as_of} 晚于今天。")
        if not CalendarEdition.objects.exists():
            call_command("load_reference", verbosity=0)
        if DisputeCase.objects.exists() and not options["append"]:
            raise CommandError("库中已有案件。要在其上追加演示案件，请加 --append。")
        began = time.monotonic()
        try:
            result = seed(options["seed"], as_of, cases=options["cases"])
        except NameTaken as taken:
            raise CommandError(f"用户名 {taken} 已由他人使用，不能作为演示账号。") from taken
        except Misplayed as misplayed:
            raise CommandError(f"演示中断：{misplayed}") from misplayed
        if options["json"]:
            options["json"].parent.mkdir(parents=True, exist_ok=True)
            text = json.dumps(result.said, ensure_ascii=False, indent=1)
            options["json"].write_text(text + "\n", encoding="utf-8")
        if options["verbosity"]:
            self._tell(result, time.monotonic() - began)

    def _tell(self, result: Result, seconds: float) -> None:
        said = result.said
        for account in said["accounts"]:
            self.stdout.write(
                "  ".join(account[key] for key in ("username", "password", "name", "role", "organisation"))
            )
        for case in said["cases"][: None if len(said["cases"]) < 200 else 0]:
            self.stdout.write(f"{case['title']}  {case['label']}  {case['story']}")
        states = Counter(case["label"] for case in said["cases"])
        self.stdout.write("；".join(f"{label} {count}" for label, count in states.most_common()))
        self.stdout.write(f"共 {len(said['cases'])} 件，{result.cues} 步，{seconds:.1f} 秒；摘要 {said['digest']}")
