"""The documents under docs/ that are written from the code: one function a file, so that none of them can drift."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings

from mediation.oversight.documentation import deadlines, documents, lifecycle, roles, rules

PAGES: dict[str, Callable[[], str]] = {
    "docs/lifecycle.md": lifecycle.page,
    "docs/lifecycle.bpmn": lifecycle.flow,
    "docs/lifecycle.svg": lifecycle.picture,
    "docs/roles.md": roles.page,
    "docs/deadlines.md": deadlines.page,
    "docs/documents.md": documents.page,
    "docs/rules.md": rules.page,
}


def write() -> list[str]:
    """Write every page anew; answer the names of those that changed."""
    changed = list(outdated())
    for name in changed:
        (root() / name).write_text(PAGES[name](), encoding="utf-8")
    return changed


def outdated() -> Iterator[str]:
    """The pages that do not say what the code says now."""
    for name, text in PAGES.items():
        path = root() / name
        stored = path.read_text(encoding="utf-8") if path.exists() else ""
        if name.endswith(".svg"):  # two versions of Graphviz draw the same graph differently
            if lifecycle.drawn_from(stored) != lifecycle.digest():
                yield name
        elif stored != text():
            yield name


def root() -> Path:
    """The folder of the repository."""
    return Path(settings.BASE_DIR)
