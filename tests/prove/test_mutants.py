"""The walks are as good as the bugs they find: each planted one makes them fail, within a bounded number of walks."""

from __future__ import annotations

import pytest

from tests.prove.mutants import MUTANTS
from tests.prove.walker import walk

QUICK = ("the_version_is_not_looked_at", "contacts_write_no_event", "the_next_task_is_not_opened")
WALKS, STEPS = 120, 25


def find(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    MUTANTS[name](monkeypatch)

    with pytest.raises(Exception):  # noqa: B017, PT011 - an assertion of the oracle, or the door falling over
        walk(WALKS, STEPS)


@pytest.mark.parametrize("name", QUICK)
def test_the_walks_find_a_planted_bug_at_once(db: None, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    find(name, monkeypatch)


@pytest.mark.prove
@pytest.mark.parametrize("name", [name for name in MUTANTS if name not in QUICK])
def test_the_walks_find_every_planted_bug(db: None, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    find(name, monkeypatch)
