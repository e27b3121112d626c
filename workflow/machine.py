"""Table → django-fsm: one transition method for every row, and nothing that interprets the table later."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import models
from django_fsm import RETURN_VALUE, FSMField, transition

from workflow import registry
from workflow.lifecycle import INITIAL, MEDIATING, STATES, STEPS
from workflow.vocabulary import Step


def blocker(case: Any, name: str, on: date) -> str | None:
    """The reason why a named condition does not hold for this case on that day, judged once per step."""
    verdicts: dict[str, str | None] = case.__dict__.setdefault("_verdicts", {})
    if name not in verdicts:
        verdicts[name] = registry.CONDITIONS[name](case, on)
    return verdicts[name]


def forget_verdicts(case: Any) -> None:
    """Conditions are judged anew: facts have changed."""
    case.__dict__.pop("_verdicts", None)


def _holds(name: str) -> Callable[[Any], bool]:
    def holds(case: Any) -> bool:
        return blocker(case, name, case.judged_on) is None

    holds.__name__ = name
    return holds


def _method(step: Step) -> Callable[..., Any]:
    """The django-fsm transition of one row; the body only names the target of the step that returns."""

    def body(self: Any) -> str | None:
        return str(self.state_before_lapse) if step.returns else None

    body.__name__, body.__doc__ = step.name, step.sentence
    target = RETURN_VALUE(*MEDIATING) if step.returns else step.target or None
    decorate = transition(
        field="state",
        source=list(step.sources),
        target=target,
        conditions=[_holds(name) for name in step.needs],
        custom={"label": step.label, "by": step.by},
    )
    method: Callable[..., Any] = decorate(body)
    return method


def state_field() -> FSMField:
    """The case's protected state: only a transition of the table can change it."""
    return FSMField(
        "状态",
        default=INITIAL,
        choices=[(key, state.label) for key, state in STATES.items()],
        protected=True,
        editable=False,
    )


class ProtectedState:
    """Lets Django re-read a row whose state nobody may assign."""

    def refresh_from_db(self, using: str | None = None, fields: Any = None, **options: Any) -> None:
        """Re-read the row; the protected descriptor accepts a value only where there is none yet."""
        self.__dict__.pop("state", None)
        models.Model.refresh_from_db(self, using=using, fields=fields, **options)

    def clean_fields(self, exclude: Any = None) -> None:
        """Validate everything but the state, which only transitions set."""
        super().clean_fields(exclude={"state", *(exclude or ())})  # type: ignore[misc]


Transitions: type = type("Transitions", (ProtectedState,), {name: _method(step) for name, step in STEPS.items()})
