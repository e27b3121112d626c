"""``manage.py reconcile``: prove that cases, tasks and dates agree."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from workflow.reconciliation import reconcile


class Command(BaseCommand):
    help = "核对案件、待办与期限；发现不一致时以状态 1 退出。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="以 JSON 输出")
        parser.add_argument("--no-dates", action="store_true", help="不重算期限")

    def handle(self, *args: Any, **options: Any) -> None:
        faults = list(reconcile(dates=not options["no_dates"]))
        if options["json"]:
            self.stdout.write(json.dumps([asdict(fault) for fault in faults], ensure_ascii=False))
        else:
            for fault in faults:
                self.stdout.write(f"{fault.kind} {fault.case} {fault.sentence}")
            self.stdout.write(f"{len(faults)} 处不一致")
        if faults:
            raise SystemExit(1)
