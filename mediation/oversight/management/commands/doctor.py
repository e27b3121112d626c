"""``manage.py doctor``: everything that should never be."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from mediation.oversight.diagnosis import diagnose


class Command(BaseCommand):
    help = "自检：待办、期限、发件箱、办理记录、文件；发现问题时以状态 1 退出。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="以 JSON 输出")
        parser.add_argument("--no-files", action="store_true", help="不逐个核对文件")

    def handle(self, *args: Any, **options: Any) -> None:
        faults = list(diagnose(timezone.now(), files=not options["no_files"]))
        if options["json"]:
            self.stdout.write(
                json.dumps({"ok": not faults, "faults": [asdict(fault) for fault in faults]}, ensure_ascii=False)
            )
        else:
            for fault in faults:
                self.stdout.write(f"{fault.kind} {fault.case} {fault.sentence}")
            self.stdout.write("一切正常" if not faults else f"{len(faults)} 处问题")
        if faults:
            raise SystemExit(1)
