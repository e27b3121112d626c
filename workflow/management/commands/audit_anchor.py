"""``manage.py audit_anchor``: sign the heads of all chains as they stand, and print the line to be kept on paper."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from workflow.records import AnchorLine


class Command(BaseCommand):
    help = "签发一条锚行并打印；--all 打印全部已签发的锚行。请把它印在纸上或另存他处。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="只打印已有的锚行，不签发新的")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["all"]:
            AnchorLine.make(timezone.now())
        lines = AnchorLine.objects.order_by("seq").values_list("line", flat=True)
        for line in lines if options["all"] else lines.reverse()[:1]:
            self.stdout.write(line)
