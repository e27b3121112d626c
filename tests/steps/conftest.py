"""Every step is tested against a database."""

import pytest


@pytest.fixture(autouse=True)
def database(db: None) -> None:
    """A transaction that is rolled back."""
