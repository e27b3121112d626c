"""``manage.py rotate_keys``: seal every value and every stored file again under the first of PRIVACY_KEYS."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mediation.privacy import rotation
from mediation.privacy.keys import key_ring


class Command(BaseCommand):
    help = "用当前（第一把）密钥重新加密全部加密字段和文件；可随时中断，再次运行即从中断处继续。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--batch", type=int, default=500, help="每个事务处理的行数")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["batch"] < 1:
            raise CommandError("--batch 必须大于 0。")
        rows = rotation.rotate_rows(rotation.sealed_models(), batch=options["batch"])
        papers = rotation.rotate_papers()
        self.stdout.write(f"密钥 {key_ring().active}：重新加密 {rows.resealed} 个值、{papers.resealed} 个文件。")
        for place in rows.broken + papers.broken:
            self.stderr.write(f"无法解开：{place}")
        if rows.broken or papers.broken:
            raise CommandError(f"{len(rows.broken)} 个值、{len(papers.broken)} 个文件无法解开，旧密钥不可停用。")
