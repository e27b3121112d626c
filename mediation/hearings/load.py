"""Who could mediate a case, and how much each of them has to do already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min

from mediation.cases.case import CaseMediator, DisputeCase
from mediation.organisations.models import OrganisationGrant, User
from workflow.lifecycle import FINAL
from workflow.rulebook import calendar_of
from workflow.vocabulary import Role


@dataclass(frozen=True)
class Candidate:
    """A mediator of the committee: open cases, nearest deadline, working days to it, and the hospitals of interest."""

    user: User
    open_cases: int = 0
    leading: int = 0
    nearest_due_on: date | None = None
    days_left: int | None = None
    conflict: str = ""

    @property
    def label(self) -> str:
        """One line for a list: 孙明（在办 5 件，最近到期 2026-03-13，剩 9 个工作日）."""
        parts = [f"在办 {self.open_cases} 件"]
        if self.nearest_due_on is not None:
            parts.append(f"最近到期 {self.nearest_due_on:%Y-%m-%d}，剩 {self.days_left} 个工作日")
        if self.conflict:
            parts.append(f"与{self.conflict}有利害关系，不能选")
        return f"{self.user}（{'，'.join(parts)}）"


def mediators_of(committee_id: int) -> list[User]:
    """Everybody who holds the mediator role on the committee now, by name."""
    grants = OrganisationGrant.objects.filter(
        content_object=committee_id, permission__codename=f"act_as_{Role.MEDIATOR.value}"
    )
    people = User.objects.filter(groups__in=grants.values("group"), is_active=True).distinct()
    return list(people.order_by("full_name", "pk"))


def candidates(case: DisputeCase, on: date) -> list[Candidate]:
    """The table from which the director assigns, the least loaded first. Four queries, however many cases there are."""
    people = mediators_of(case.committee_id)
    seats = CaseMediator.objects.filter(user__in=people, until__isnull=True).exclude(case__state=FINAL)
    counted = seats.values_list("user").annotate(Count("case"), Min("case__due_on"))
    load: dict[int, tuple[int, date | None]] = {user: (count, due) for user, count, due in counted}
    leading = dict(seats.filter(lead=True).values_list("user").annotate(Count("case")))
    conflicts = _conflicts(case, people)
    calendar = calendar_of(case.calendar_edition)
    rows = []
    for user in people:
        count, due = load.get(user.pk, (0, None))
        left = None if due is None else calendar.working_days_between(on, due)
        rows.append(Candidate(user, count, leading.get(user.pk, 0), due, left, conflicts.get(user.pk, "")))
    return sorted(rows, key=lambda row: (bool(row.conflict), row.open_cases, row.user.full_name))


def _conflicts(case: DisputeCase, people: list[User]) -> dict[int, str]:
    links = User.affiliations.through.objects.filter(
        user__in=people, organisation__in=case.respondents.values("hospital")
    )
    found: dict[int, list[str]] = {}
    for user, hospital in links.values_list("user", "organisation__name"):
        found.setdefault(user, []).append(hospital)
    return {user: "、".join(names) for user, names in found.items()}
