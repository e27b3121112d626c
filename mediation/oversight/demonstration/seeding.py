"""The whole demonstration: the company settles in, the programme is drawn up, everything is performed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from random import Random
from typing import Any

from django.utils import timezone

from mediation.cases.case import DisputeCase
from mediation.cases.record import Notice
from mediation.oversight.demonstration.digest import digest
from mediation.oversight.demonstration.people import ACCOUNTS, PASSWORD, Company, settle_in
from mediation.oversight.demonstration.stories import STORIES
from mediation.oversight.demonstration.theatre import Programme, Stage
from mediation.oversight.demonstration.year import DAYS, stories
from workflow.rulebook import calendar_of, current_edition


@dataclass(frozen=True)
class Result:
    """What there is to see: the accounts, and every case with its story."""

    company: Company
    cases: tuple[tuple[DisputeCase, str], ...]
    cues: int

    @cached_property
    def said(self) -> dict[str, Any]:
        """Accounts with their passwords, cases with state and story, and the digest of it all."""
        return {
            "accounts": [
                {
                    "username": one.username, "password": PASSWORD, "name": one.name, "role": one.role.label,
                    "organisation": self.company.place(one.place).name,
                }
                for one in ACCOUNTS
            ],
            "cases": [
                {"number": case.number, "title": case.title, "state": case.state, "label": case.state_label, "story": story}
                for case, story in sorted(self.cases, key=lambda pair: pair[0].number)
            ],
            "digest": digest([case for case, _ in self.cases]),
        }  # fmt: skip


def seed(number: int, as_of: date, *, cases: int = 0) -> Result:
    """Perform the stories, and ordinary ones up to so many ``cases``, on the days before ``as_of``.

    Raises :class:`~mediation.oversight.demonstration.theatre.Misplayed` when a story does not keep to the law.
    """
    company = settle_in()
    programme = Programme(Stage(as_of, calendar_of(current_edition())), company)
    for place, told in enumerate(STORIES):
        programme.add(told, _chance(number, f"story {place}"))
    _add_the_year(programme, cases - len(STORIES), number)
    programme.add_other_orders(_chance(number, "orders"))
    cues = programme.perform()
    _read_the_news(company, programme.stage.days[-1])
    return Result(company, tuple(_told(programme)), cues)


def _read_the_news(company: Company, last: date) -> None:
    """Everybody has read what came before the last working day; what came on it still waits."""
    morning = datetime.combine(last, time.min, timezone.get_current_timezone())
    for account in ACCOUNTS:
        Notice.objects.filter(made_at__lt=morning).read_by(company.person(account.username), morning)


def _chance(number: int, what: str) -> Random:
    return Random(f"{number} {what}")  # noqa: S311  # the same every time is the purpose


def _add_the_year(programme: Programme, many: int, number: int) -> None:
    stage = programme.stage
    first = next(place for place, day in enumerate(stage.days) if day >= stage.as_of - timedelta(days=DAYS))
    year = stories(many, len(stage.days) - first, programme.company, _chance(number, "year"))
    for place, (told, begins) in enumerate(year):
        programme.add(told, _chance(number, f"year {place}"), begins=first + begins)


def _told(programme: Programme) -> list[tuple[DisputeCase, str]]:
    """Every case as it stands in the end, those that grew out of others with them."""
    found: list[tuple[DisputeCase, str]] = []
    for performance in programme.performances:
        if performance.case is not None:
            case = DisputeCase.objects.get(pk=performance.case.pk)
            title = performance.plot.story.title
            found.append((case, title))
            found += [(later, f"{title}（分出的案件）") for later in case.later_cases.order_by("pk")]
    return found
