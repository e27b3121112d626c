"""``manage.py audit_verify``: is the record as it was written? Exits 1 and names the first broken row if it is not."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from workflow.records import Report, verify


class Command(BaseCommand):
    help = "核验全部事件链与锚，指出第一处被改动的行；发现改动时退出码为 1。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="以 JSON 输出")
        parser.add_argument("--lines", type=Path, help="印出并留存的锚行，每行一条，与库核对")

    def handle(self, *args: Any, **options: Any) -> None:
        printed = options["lines"].read_text(encoding="utf-8").splitlines() if options["lines"] else []
        report = verify(timezone.now(), printed=printed)
        if options["json"]:
            self.stdout.write(json.dumps(report.as_json(), ensure_ascii=False, indent=2))
        else:
            self._tell(report)
        if not report.ok:
            sys.exit(1)

    def _tell(self, report: Report) -> None:
        self.stdout.write(f"已核验 {report.checked} 行，{report.chains} 条链，{report.anchors} 个锚")
        self.stdout.write(f"链首摘要 {report.heads_digest}")
        if broken := report.first_broken:
            row = f"（库内编号 {broken['id']}）" if broken["id"] is not None else ""
            self.stdout.write(f"首处异常：链 {broken['chain']} 第 {broken['seq']} 行{row}：{broken['what']}")
            self.stdout.write(f"异常的链共 {report.broken_chains} 条")
        for table in report.unguarded:
            self.stdout.write(f"表 {table} 的防改触发器缺失或被改")
        self.stdout.write("记录完好" if report.ok else "记录有异常")
