"""Walks over the whole life of a dispute, legal and not: whatever happens, the record tells a legal story."""

from __future__ import annotations

import pytest

from tests.prove.walker import Walk, walk
from workflow.lifecycle import STEPS

RARE = {"recount", "absorb"}
"""Not offered to anybody: they follow a new calendar, and a duplicate."""


def test_a_few_walks_leave_every_record_legal(db: None) -> None:
    walk(10, 20)


@pytest.mark.prove
def test_many_walks_leave_every_record_legal(db: None) -> None:
    Walk.taken.clear()

    walk(120, 30)

    missed = sorted(set(STEPS) - set(Walk.taken) - RARE)
    assert len(missed) <= 15, f"the walks have become shallow, never taken: {missed}"
