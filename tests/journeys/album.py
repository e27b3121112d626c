"""Looking at a page as a critic: a picture of it at both sizes, what axe objects to, whether it runs out of the screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.browsers import OFFICE_SCREEN, PHONE_SCREEN

SIZES = (("1366", OFFICE_SCREEN), ("390", PHONE_SCREEN))
_TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
_SHUT_MENUS = "details.menu:not([open]) > summary, details.drawer:not([open]) > summary"


class Album:
    """Pictures and findings of a run. A kind of page is examined once, under the name that the journey gives it."""

    def __init__(self, picture: Callable[..., Any], findings: Callable[[Any], list[str]], examined: set[str]) -> None:
        self.picture, self.findings, self.examined = picture, findings, examined
        self.objections: list[str] = []

    def look(self, page: Any, name: str, *, menus: bool = False) -> None:
        """Examine a page at both sizes; ``menus`` opens every menu that there is and looks again."""
        if name in self.examined:
            return
        self.examined.add(name)
        for size, screen in SIZES:
            page.set_viewport_size(screen)
            self._examine(page, f"{name}-{size}")
            if menus:
                self._open_menus(page, f"{name}-{size}")
        page.set_viewport_size(OFFICE_SCREEN)

    def _examine(self, page: Any, name: str) -> None:
        page.evaluate("window.scrollTo(0, 0)")
        self.picture(page, name)
        self.objections += [f"{name}: {found}" for found in self.findings(page)]
        if page.evaluate(_TOO_WIDE):
            self.objections.append(f"{name}: wider than the screen")

    def _open_menus(self, page: Any, name: str) -> None:
        """One menu at a time: an open one may lie over the next, and a click elsewhere folds it."""
        for number, summary in enumerate(page.locator(_SHUT_MENUS).all()):
            if summary.is_visible():
                summary.click()
                self._examine(page, f"{name}-menu{number}")
                page.keyboard.press("Escape")
