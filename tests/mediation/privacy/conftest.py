"""Keys of the tests' own, and a table for the test model."""

from typing import Any

import pytest
from django.db import connection

from tests.mediation.privacy.rows import OLD
from tests.sealed_app.models import Confidant


@pytest.fixture(autouse=True)
def own_keys(settings: Any) -> None:
    settings.PRIVACY_KEYS = {"k1": OLD}
    settings.SEARCH_KEY = "33" * 32


@pytest.fixture
def table(db: None) -> None:
    """The table of the test model, inside the test's transaction: both databases roll DDL back."""
    sql, params = connection.schema_editor(atomic=False).table_sql(Confidant)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
