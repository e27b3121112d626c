"""The site with two faults planted, for tests that look at what a failure writes down: served in place of the real one.

A contact whose text says 强制出错 ends in an exception that quotes everything typed; a paper of one kind cannot be
rendered, for a reason that quotes the paper.
"""

from __future__ import annotations

from typing import Any

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

from mediation.cases.pages import steps  # noqa: E402  # needs the settings
from workflow import engine  # noqa: E402

BREAKS = "强制出错"
_perform = engine.perform


def perform(case: Any, name: str, **facts: Any) -> Any:
    """As the door, until somebody asks for the fault."""
    if BREAKS in str(facts.get("content", "")):
        everybody = [(party.name, party.phone, party.id_no, party.address) for party in case.parties.all()]
        raise ValueError(f"{facts} {everybody} {case.summary} {case.diagnosis}")
    return _perform(case, name, **facts)


steps.engine.perform = perform
