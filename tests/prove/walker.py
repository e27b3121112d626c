"""Walks through a dispute's life: legal steps as the page offers them, attacks that must fail, and time passing.

Uniform chance ends most cases within a few steps and never sees the deep ones; so a walk begins in a state of its own,
favours some steps and shuns the endings. After every rule the record is judged by ``oracle``.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from random import Random
from typing import Any

import hypothesis
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, assume, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from mediation.cases.case import CaseTask, DisputeCase
from mediation.organisations.models import User
from tests.factories import DAOJIAO, HOSPITAL, NOW, OTHER_HOSPITAL, WALKS, case_at, persona
from tests.prove import oracle
from tests.prove.typed import TYPED, Desk
from tests.workflow.test_lifecycle import BOOK
from workflow import engine, timekeeping
from workflow.lifecycle import STEPS, TRANSITIONS
from workflow.records import Event
from workflow.registry import Refused, Stale

CAST = (
    "hotline_lin", "town_wang", "town_of_residence", "clerk_chen", "mediator_sun", "mediator_two", "director_xu", "liaison_he",
    "supervisor_zhou",
)  # fmt: skip
STRANGERS = ("town_zhao", "liaison_other", "auditor", "administrator")
DESKS = (("hotline", "hotline_lin"), (DAOJIAO, "town_wang"), ("committee", "clerk_chen"))
STARTS = ("registered", "registered", "town_handling", "town_handling", "under_review", *WALKS)
ENDINGS = frozenset({"closing", "closed", "follow_up", "performing", "lapsed"})
GATES = frozenset({"accept", "convene", "conclude", "performed", "close"})
"""Steps with much to be fulfilled before them; a hasty walk takes them as soon as they are offered."""
PREPARING = frozenset({
    "record_application", "declare_routes", "add_paper", "sign_rights_notice", "mark", "record_payment", "submit_dossier",
})  # fmt: skip
TO_AND_FRO = frozenset({"dispatch", "sign_for", "decline", "escalate", "take_over", "send_back"})
GOES_ON = [name for name, step in TRANSITIONS.items() if step.target not in ENDINGS and not step.by_time]
ROLE_OF = {
    "hotline_operator": "hotline_lin", "town_official": "town_wang", "dispatcher": "clerk_chen", "mediator": "mediator_sun",
    "director": "director_xu",
}  # fmt: skip
SEEDS = st.integers(min_value=0, max_value=2**32)


class Walk(RuleBasedStateMachine):
    """One case, its people, its strangers and its days. ``taken`` counts the steps of all walks of a run."""

    taken: Counter[str] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.now, self.seed, self.draws = NOW, 0, 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    def _chance(self, seed: int) -> Random:
        """hypothesis likes to draw the same number again: mixed with the walk and the place in it, it is another."""
        self.draws += 1
        return Random(f"{self.seed}/{self.draws}/{seed}")

    @initialize(seed=SEEDS)
    def begin(self, seed: int) -> None:
        assume(seed)  # every run begins with zeros everywhere: always the same walk
        self.seed = seed
        rng = self._chance(seed)
        desk, by = rng.choice(DESKS)
        state = rng.choice(STARTS)
        hospitals = (HOSPITAL, OTHER_HOSPITAL) if state == "registered" and rng.random() < 0.4 else (HOSPITAL,)
        if state != "registered":
            desk, by = DESKS[0]
        self.pk = case_at(state, desk=desk, by=by, hospitals=hospitals).pk
        self.now = max(self.now, self.case.latest_at) + timedelta(minutes=1)
        some = frozenset(rng.sample(GOES_ON, 8))
        self.favourites = rng.choice([some, some, some | GATES, PREPARING | GATES, TO_AND_FRO])

    @property
    def case(self) -> DisputeCase:
        return DisputeCase.objects.get(pk=self.pk)

    def seen(self) -> tuple[int | None, int]:
        """Task and version as a page rendered now would carry them."""
        task = CaseTask.objects.filter(process=self.pk, finished__isnull=True).values_list("pk", flat=True).first()
        return task, self.case.version

    # --- what people do -----------------------------------------------------------------------------------------------

    @rule(seed=SEEDS)
    def legal(self, seed: int) -> None:
        """People take steps that the page offers, one to four of them."""
        rng = self._chance(seed)
        for _ in range(rng.randint(1, 4)):
            self._take_what_is_offered(rng)

    def _take_what_is_offered(self, rng: Random) -> None:
        case = self.case
        user = self._somebody(case, rng)
        offered = [
            one.step.name
            for one in engine.possible(case, user, today=timezone.localdate(self.now))
            if one.reason is None
        ]
        if offered:
            name = rng.choices(offered, [self._weight(name, case.state) for name in offered])[0]
            self._take(name, user, rng)

    def _somebody(self, case: DisputeCase, rng: Random) -> User:
        task = CaseTask.objects.filter(process=case, finished__isnull=True).first()
        if task is not None and rng.random() < 0.6:
            return task.person or persona(ROLE_OF[task.role])
        return persona(rng.choice(CAST))

    def _weight(self, name: str, state: str) -> float:
        if name in self.favourites:
            return 12.0
        if STEPS[name].stays:
            return 1.0
        return 0.3 if STEPS[name].target in ENDINGS and state not in ENDINGS else 4.0

    def _take(self, name: str, user: User, rng: Random) -> None:
        case = self.case
        facts = TYPED[name](Desk(case, user, self.now, rng))
        if facts is None:
            return
        task, version = self.seen()
        try:
            engine.perform(case, name, by=user, now=self.now, task=task, version=version, **facts)
        except Refused:
            assert self.case.version == version, f"{name} was refused and left a trace"
        else:
            assert self.case.version == version + 1, f"{name} left no event, or two"
            Walk.taken[name] += 1
        self.now += timedelta(minutes=7)

    @rule(days=st.sampled_from([0, 1, 1, 2, 4, 8, 15, 50]))
    def wait(self, days: int) -> None:
        """Days pass, and time acts."""
        before = self.case.version
        self.now += timedelta(days=days, hours=1)
        timekeeping.tick(self.now)
        for event in Event.objects.filter(chain=self.case.chain, seq__gt=before):
            Walk.taken[event.kind] += 1

    # --- what people try ----------------------------------------------------------------------------------------------

    @rule(seed=SEEDS)
    def attack(self, seed: int) -> None:
        """Somebody else's step, the wrong role, the wrong state, an old page: refused, and nothing has happened."""
        rng, case = self._chance(seed), self.case
        way = rng.choice([self._stranger, self._stranger, self._wrong_role, self._wrong_state, self._stale])
        attempt = way(case, rng)
        if attempt is None:
            return
        name, user, extra, refusal = attempt
        before = self._trace()
        desk = Desk(case, user, self.now, rng)
        facts = (TYPED[name](desk) if way in (self._stranger, self._stale) else {}) or {}
        try:
            with transaction.atomic():
                engine.perform(case, name, by=user, now=self.now, **extra, **facts)
        except refusal:
            pass
        except Refused as other:
            assert refusal is not Stale, f"an old page was answered with: {other}"
        else:
            raise AssertionError(f"{name} by {user} went through ({way.__name__})")
        assert self._trace() == before, f"a refused {name} left a trace"

    def _trace(self) -> tuple[Any, ...]:
        case = self.case
        return case.version, case.head, case.state, self.seen(), Event.objects.filter(chain=case.chain).count()

    def _stranger(self, case: DisputeCase, rng: Random) -> Any:
        user = persona(rng.choice(STRANGERS))
        roles = {right.role.value for right in user.roles()}
        if user.username == "liaison_other" and case.respondents.filter(hospital__code=OTHER_HOSPITAL).exists():
            return None
        rows = [
            name for name, sources, _, by in BOOK if case.state in sources and (roles & set(by)) and "time" not in by
        ]
        return (rng.choice(rows or ["log_contact"]), user, {}, Refused)

    def _wrong_role(self, case: DisputeCase, rng: Random) -> Any:
        user = persona(rng.choice(CAST))
        roles = {right.role.value for right in user.roles()}
        return rng.choice([name for name, _, _, by in BOOK if not roles & set(by)]), user, {}, Refused

    def _wrong_state(self, case: DisputeCase, rng: Random) -> Any:
        rows = [(name, by) for name, sources, _, by in BOOK if case.state not in sources and by[0] in ROLE_OF]
        name, by = rng.choice(rows)
        return name, persona(ROLE_OF[by[0]]), {}, Refused

    def _stale(self, case: DisputeCase, rng: Random) -> Any:
        task, version = self.seen()
        name = rng.choice(["log_contact", "correct", "add_paper"])
        user = persona("clerk_chen")
        return name, user, {"task": task, "version": version - 1}, Stale

    # --- what must hold -----------------------------------------------------------------------------------------------

    @invariant()
    def the_record_tells_a_legal_story(self) -> None:
        if hasattr(self, "pk"):
            oracle.whole(self.case)


def walk(count: int, steps: int) -> None:
    """So many walks of so many rules, the same in every run; a broken rule raises.

    Each walk has a run of its own: within one run hypothesis varies what it drew before, and most walks are the same.
    """
    for number in range(count):
        run_state_machine_as_test(
            hypothesis.seed(number)(Walk),
            settings=settings(
                max_examples=1, stateful_step_count=steps, deadline=None, phases=[Phase.generate], database=None,
                report_multiple_bugs=False, suppress_health_check=list(HealthCheck),
            ),
        )  # fmt: skip
