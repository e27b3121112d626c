"""``manage.py tick``: time acts. Run it every minute where no worker runs."""

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from workflow.records import AnchorLine


def act(now: datetime) -> None:
    """What time does: cases whose hour has come move, and the day's anchor line is made."""
    from workflow import timekeeping

    timekeeping.tick(now)
    AnchorLine.make_if_due(now)


class Command(BaseCommand):
    help = "让时间起作用：到期的案件按规则流转，并签发当日锚行。"

    def handle(self, *args: Any, **options: Any) -> None:
        act(timezone.now())
