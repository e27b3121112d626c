"""manage.py load_reference: what must be there before the first case. Each part is whole or absent; running it again adds
what is missing and changes nothing."""

from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from workflow import rulebook
from workflow.notices import NamedDay, decode, head, read_notice
from workflow.rules import read_rules


class Command(BaseCommand):
    help = "载入节假日安排、规则和各应用的基础数据；重复执行不产生变化。"

    def handle(self, **options: Any) -> None:
        fixtures = Path(settings.BASE_DIR) / "fixtures"
        load_calendars(fixtures / "calendar")
        load_rules(fixtures / "rules.csv")
        for load in rulebook.reference_loaders:
            with transaction.atomic():
                load()
        if options["verbosity"]:
            self.stdout.write(f"基础数据已就绪：日历第 {rulebook.current_edition()} 版。")


def load_calendars(folder: Path) -> None:
    """The years shipped with the product that the current edition does not cover, as one edition."""
    known = rulebook.SpecialDay.objects.values_list("notice_year", flat=True).distinct()
    missing = [path for path in sorted(folder.glob("*.csv")) if int(path.stem) not in set(known)]
    if not missing:
        return
    days: list[NamedDay] = []
    heads: list[dict[str, str]] = []
    for path in missing:
        text = decode(path.read_bytes())
        days += read_notice(text, int(path.stem))
        heads.append(head(text))
    rulebook.publish_calendar(
        days,
        source="；".join(said["source"] for said in heads),
        notice_no="；".join(said["notice"] for said in heads),
        by=None,
        now=timezone.now(),
    )


def load_rules(path: Path) -> None:
    """The first rulebook; later ones are the customer's own."""
    if rulebook.Rulebook.objects.exists():
        return
    text = decode(path.read_bytes())
    said = head(text)
    rulebook.publish_rules(
        read_rules(text),
        effective_on=date.fromisoformat(said["effective_on"]),
        source=said["source"],
        by=None,
        now=timezone.now(),
    )
