"""Double submissions: two people, or one with a quick finger, send the same form at the same moment."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection

from bench.measure import Figures
from bench.walk import NOW, nine, registered
from mediation.cases.case import CaseTask, DisputeCase
from mediation.cases.record import Contact
from workflow import engine
from workflow.records import Event
from workflow.registry import Stale


def double_submits(*, pairs: int = 1000) -> Figures:
    """Half of the pairs move a case, half write a record that does not; both forms were rendered for the same version."""
    dispatch, _, contact, *_ = nine()
    answers: Counter[str] = Counter()
    with ThreadPoolExecutor(2) as people:
        for number in range(pairs // 2):
            if number % 50 == 0:
                waiting = registered(min(50, pairs // 2 - number))
            case = DisputeCase.objects.get(pk=waiting[number % 50])
            for act in (contact, dispatch):
                task = CaseTask.objects.get(process=case.pk, finished=None)
                form = {"version": case.version, "task": task.pk}
                together = threading.Barrier(2)
                for answer in people.map(lambda _, a=act, c=case, f=form, t=together: _submit(a, c, f, t), range(2)):
                    answers[answer] += 1
                case.refresh_from_db()
        list(people.map(lambda _: connection.close(), range(2)))
    return {"pairs": pairs, "answers": dict(answers), "double effects": _twice(pairs)}


def _submit(act: Any, case: DisputeCase, form: dict[str, int], together: threading.Barrier) -> str:
    together.wait()
    facts = dict(act.facts) | ({"side": "patient"} if act.step == "log_contact" else {})
    try:
        engine.perform(DisputeCase(pk=case.pk), act.step, by=_hotline(), now=NOW, **form, **facts)
    except Stale:
        return "stale"
    except Exception as error:  # noqa: BLE001 — whatever else happens is counted under its name
        return type(error).__name__
    return "done"


def _hotline() -> Any:
    from mediation.organisations.models import User

    return User.objects.get(username="hotline_lin")


def _twice(pairs: int) -> int:
    """Effects beyond one a pair, by everything that an effect leaves: events, contacts, tasks."""
    cases = list(DisputeCase.objects.order_by("-pk").values_list("pk", flat=True)[: pairs // 2])
    events = Event.objects.filter(chain__in=[f"case-{pk}" for pk in cases])
    return sum(
        max(0, rows - len(cases))
        for rows in (
            events.filter(kind="dispatch").count(), events.filter(kind="log_contact").count(),
            Contact.objects.filter(case__in=cases).count(), CaseTask.objects.filter(process__in=cases, finished=None).count(),
        )
    )  # fmt: skip
