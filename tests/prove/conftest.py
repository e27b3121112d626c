"""What the long arsenal shares."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from workflow import rulebook


@pytest.fixture(autouse=True)
def editions_are_read_anew() -> Iterator[None]:
    """A calendar that a test published goes with its database."""
    rulebook.forget()
    yield
    rulebook.forget()
