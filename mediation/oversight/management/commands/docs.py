"""``manage.py docs``: write the generated documents; with ``--check`` only say which are out of date."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mediation.oversight import documentation


class Command(BaseCommand):
    help = "由代码生成 docs/ 下的说明文档；--check 只核对，有过期的以状态 1 退出。"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="只核对，不写入")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        try:
            names = list(documentation.outdated()) if check else documentation.write()
        except LookupError as unknown:
            raise CommandError(f"文档所引用的名称不存在：{unknown}") from unknown
        for name in names:
            self.stdout.write(f"{'过期' if check else '已更新'} {name}")
        if not names:
            self.stdout.write("生成的文档均为最新")
        if check and names:
            raise SystemExit(1)
