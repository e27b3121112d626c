"""What every test may ask for; the parts are in ``tests/databases.py`` and ``tests/browsers.py``."""

import os
import shutil
from pathlib import Path

# Playwright runs its own event loop in this thread; Django would take every query for one from a coroutine.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

import pytest  # noqa: E402

from tests.browsers import (  # noqa: E402, F401
    browser_context_args,
    browser_type_launch_args,
    context,
    screenshot,
    serious_findings,
)
from tests.databases import child_environment, django_db_setup, fresh_database  # noqa: E402, F401


@pytest.fixture(scope="session", autouse=True)
def papers_of_this_run() -> None:
    """Start with no papers of an earlier run."""
    from django.conf import settings

    root = Path(settings.PAPER_ROOT)
    if root.is_relative_to(settings.RUN):
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir(mode=0o700, parents=True)


@pytest.fixture
def shared_data() -> Path:
    """The folder of real input beside the repository; tests that need it are skipped where it is not."""
    folder = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the real input is not beside this checkout")
    return folder


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that asks for a page drives a browser, whether or not its author wrote the marker."""
    for item in items:
        if {"page", "context", "browser"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.browser)
