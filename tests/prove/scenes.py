"""For every step of the table a case in which it is possible, and who takes it: where races and forms begin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from mediation.cases.case import DisputeCase
from mediation.settlement.models import MarkKind
from tests.factories import (
    HOSPITAL,
    NOW,
    OTHER_HOSPITAL,
    WALKS,
    at,
    case_at,
    no_other_route,
    persona,
    take,
    town_with_committee,
)
from tests.factories_mediation import SUN, failed, pay_all, rights_signed, sign, visited
from tests.prove.typed import TYPED, Desk
from workflow import engine, timekeeping
from workflow.lifecycle import STEPS
from workflow.registry import Move

CLERK, DIRECTOR, TOWN, OPERATOR = "clerk_chen", "director_xu", "town_wang", "hotline_lin"


@dataclass(frozen=True)
class Scene:
    """A case before a step: who takes it (``""``: time), when, with which facts, and what the form was rendered for."""

    step: str
    case: DisputeCase
    by: str
    now: datetime
    facts: dict[str, Any]
    task: int | None
    version: int

    def play(self) -> Move:
        """Take the step once, as the form of this scene would."""
        user = persona(self.by) if self.by else None
        return engine.perform(
            self.case, self.step, by=user, now=self.now, task=self.task, version=self.version, **self.facts
        )

    def tick(self) -> int:
        """Let time act: how many steps it took."""
        if self.step == "recount":
            return timekeeping.recount(self.now)
        return timekeeping.tick(self.now)


Stage = tuple[DisputeCase, str, datetime]
STAGES: dict[str, Callable[[], Stage]] = {}


def scene(step: str, seed: int = 0) -> Scene:
    """The stage of a step, freshly set."""
    case, by, now = STAGES[step]()
    desk = Desk(case, persona(by) if by else None, now, Random(seed))
    facts = TYPED[step](desk)
    assert facts is not None, f"{step} has nothing to type in {case.state}"
    open_task = case.tasks.filter(finished__isnull=True).values_list("pk", flat=True).first()
    return Scene(step, case, by, now, facts, open_task, case.version)


def _at(state: str, by: str, now: datetime = NOW, **how: Any) -> Callable[[], Stage]:
    return lambda: (case_at(state, now=now, **how), by, now)


def _after(
    state: str, by: str, *before: tuple[str, str, Callable[[DisputeCase], dict[str, Any]]], **how: Any
) -> Callable[[], Stage]:
    def stage() -> Stage:
        case = case_at(state, **how)
        for step, who, facts in before:
            case = take(case, step, who, **facts(case))
        return case, by, NOW

    return stage


def contact(purpose: str = "explain") -> Callable[[DisputeCase], dict[str, Any]]:
    return lambda case: {
        "side": "hospital" if purpose == "urge" else "patient", "purpose": purpose, "means": "phone", "at": NOW - timedelta(minutes=5), "reached": True,
        "content": "电话沟通。",
    }  # fmt: skip


def _late(state: str, by: str, due: str) -> Callable[[], Stage]:
    """The day after a date of the case has passed."""

    def stage() -> Stage:
        case = case_at(state)
        return case, by, at((getattr(case, due) + timedelta(days=1)).isoformat(), hour=8)

    return stage


def _duplicate() -> Stage:
    case_at("town_handling")
    return case_at("registered"), CLERK, NOW


def _joined() -> Stage:
    original, case = case_at("town_handling"), case_at("registered")
    return take(case, "mark_duplicate", OPERATOR, original=original, reason="同一患者同一次住院"), OPERATOR, NOW


def _town_committee() -> Stage:
    town_with_committee()
    return case_at("town_handling"), TOWN, NOW


def _accept() -> Stage:
    case = case_at(WALKS["awaiting_assignment"].start)
    for stride in WALKS["awaiting_assignment"].strides[:-1]:
        case = take(case, stride.step, stride.by, **stride.facts_of(case))
    return case, CLERK, NOW


def _convene() -> Stage:
    case = case_at("investigating")
    for side in ("patient", "hospital"):
        case = take(case, "sign_rights_notice", SUN, **rights_signed(case, side))
    return case, SUN, NOW


def _lapsed(by: str) -> Callable[[], Stage]:
    def stage() -> Stage:
        case = case_at("lapsed")
        return case, by, case.latest_at + timedelta(hours=9)

    return stage


def _paid() -> Stage:
    return pay_all(case_at("performing"), now=NOW), SUN, NOW


def _recount() -> Stage:
    from datetime import date

    from workflow import rulebook
    from workflow.calendar import DayKind
    from workflow.models import CalendarEdition
    from workflow.notices import NamedDay

    case = case_at("awaiting_assignment", now=at("2026-12-01"))
    if CalendarEdition.objects.filter(year=2027).exists():
        DisputeCase.objects.filter(pk=case.pk).update(calendar_edition=rulebook.current_edition() - 1)
        return DisputeCase.objects.get(pk=case.pk), "", at("2026-12-02")
    days = [NamedDay(date(2027, 1, day), DayKind.OFF, "元旦", 2027) for day in (1, 2, 3)]
    rulebook.publish_calendar(days, source="示例通知", by=None, now=at("2026-12-02"))
    return case, "", at("2026-12-02")


BOTH = (HOSPITAL, OTHER_HOSPITAL)
STAGES |= {
    "dispatch": _at("registered", OPERATOR), "redirect": _at("town_handling", CLERK), "divert": _at("town_handling", TOWN),
    "mark_duplicate": _duplicate,
    "drop": _after("town_handling", TOWN, ("log_contact", TOWN, contact()), ("log_contact", TOWN, contact())),
    "apply_directly": _at("registered", CLERK), "step_in": _at("registered", CLERK), "sign_for": _at("town_pending", TOWN),
    "decline": _at("town_pending", TOWN), "resolve": _at("town_handling", TOWN), "settle_locally": _at("town_handling", TOWN),
    "settle_by_town_committee": _town_committee, "guide_to_apply": _at("town_handling", TOWN),
    "escalate": _at("town_handling", TOWN), "escalate_overdue": _late("town_handling", "", "due_on"),
    "take_over": _at("escalated", CLERK), "send_back": _at("escalated", CLERK), "seek_consent": _at("under_review", CLERK),
    "consent_given": _at("awaiting_consent", CLERK), "consent_refused": _at("awaiting_consent", CLERK), "accept": _accept,
    "refuse": _at("awaiting_consent", CLERK), "assign": _at("awaiting_assignment", DIRECTOR),
    "start_appraisal": _at("investigating", SUN), "finish_appraisal": _at("under_appraisal", SUN), "convene": _convene,
    "draft_agreement": _at("in_mediation", SUN), "redraft": _at("agreement_drafted", SUN),
    "conclude": lambda: (sign(case_at("agreement_drafted"), *MarkKind.values, now=NOW), SUN, NOW),
    "refuse_mediation": _at("in_mediation", SUN), "fail": _at("in_mediation", SUN),
    "lapse": _late("in_mediation", "", "mediation_due_on"), "confirm_lapse": _lapsed(DIRECTOR), "restore": _lapsed(DIRECTOR),
    "terminate": _after("in_mediation", DIRECTOR, ("declare_routes", SUN, lambda case: no_other_route() | {
        "court": "accepted", "body": "东莞市第一人民法院"})),
    "performed": _paid, "default": _after("performing", SUN, ("log_contact", SUN, contact("urge"))),
    "confirmation_dismissed": _at("performing", SUN), "visit": _at("follow_up", SUN), "withdraw": _at("under_review", CLERK),
    "close": _at("closing", TOWN),
    "log_contact": _at("registered", OPERATOR), "extend_handling": _at("town_handling", TOWN),
    "record_application": _after("escalated", CLERK, ("take_over", CLERK, lambda case: {})),
    "record_consent": _at("under_review", CLERK), "declare_routes": _at("under_review", CLERK),
    "request_papers": _at("under_review", CLERK), "serve_notice": _at("awaiting_consent", CLERK),
    "sign_rights_notice": _at("investigating", SUN), "reassign": _at("investigating", DIRECTOR),
    "substitute_party": _at("under_review", CLERK), "sever": _at("under_review", CLERK, hospitals=BOTH),
    "extend": _at("in_mediation", DIRECTOR), "record_investigation": _at("investigating", SUN),
    "record_meeting": _at("in_mediation", SUN), "add_paper": _at("registered", OPERATOR), "mark": _at("agreement_drafted", SUN),
    "amend": _at("performing", SUN), "record_payment": _at("performing", SUN),
    "submit_dossier": lambda: (failed(), SUN, NOW), "correct": _at("registered", OPERATOR),
    "visit_again": lambda: (visited(), SUN, NOW), "reveal": _at("registered", OPERATOR), "recount": _recount,
    "absorb": _at("town_handling", ""), "unlink": _joined,
}  # fmt: skip


def again(played: Scene) -> Scene:
    """The same step once more on the same case, as a page rendered anew would send it (for steps that stay)."""
    case = DisputeCase.objects.get(pk=played.case.pk)
    desk = Desk(case, persona(played.by) if played.by else None, played.now, Random(case.version))
    facts = TYPED[played.step](desk)
    if facts is None:
        return scene(played.step)
    open_task = case.tasks.filter(finished__isnull=True).values_list("pk", flat=True).first()
    return replace(played, case=case, facts=facts, task=open_task, version=case.version)


MANY_TIMES = frozenset({
    "log_contact", "record_consent", "declare_routes", "request_papers", "serve_notice", "sign_rights_notice", "reassign",
    "substitute_party", "record_investigation", "record_meeting", "add_paper", "correct", "reveal",
    "visit_again",
})  # fmt: skip
"""Steps that may be taken twenty times on one case, so that a race needs no twenty cases."""

assert set(STAGES) == set(STEPS) == set(TYPED), set(STEPS) ^ set(STAGES) | set(STEPS) ^ set(TYPED)
