"""A person at a browser, who finds things as people do: by labels, names of buttons, texts of links."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.journeys.album import Album


def scan(name: str = "扫描件") -> dict[str, Any]:
    """A signed paper as the scanner gives it: a small PDF."""
    import pikepdf

    held = io.BytesIO()
    document = pikepdf.new()
    document.add_blank_page(page_size=(595, 842))
    document.save(held)
    return {"name": f"{name}.pdf", "mimeType": "application/pdf", "buffer": held.getvalue()}


class Visitor:
    """One tab of one person."""

    def __init__(self, page: Page, url: str, album: Album, part: Locator | None = None) -> None:
        self.page, self.url, self.album = page, url, album
        self.part = part or page.locator("body")

    def card(self, title: str) -> Visitor:
        """The same visitor, looking at one card of the page only."""
        heading = self.page.get_by_role("heading", name=title, exact=True)
        return Visitor(self.page, self.url, self.album, self.page.locator("section").filter(has=heading).last)

    # --- going about ---------------------------------------------------------------------------------------------

    def go(self, path: str) -> int:
        """Open an address of the site; the status it answered with."""
        response = self.page.goto(self.url + path)
        assert response is not None
        return response.status

    def follow(self, name: str) -> None:
        """Click a link by its text."""
        self.part.get_by_role("link", name=name, exact=True).first.click()

    def press(self, name: str) -> None:
        """Click a button by its text."""
        self.part.get_by_role("button", name=name, exact=True).click()

    def look(self, name: str, *, menus: bool = False) -> None:
        """Examine what is on the screen now."""
        self.album.look(self.page, name, menus=menus)

    # --- reading -------------------------------------------------------------------------------------------------

    def sees(self, *texts: str) -> None:
        """All of this stands on the page."""
        for text in texts:
            try:
                expect(self.part).to_contain_text(text)
            except AssertionError:
                raise AssertionError(f"{self.path} does not say “{text}”; it says: {self.gist()}") from None

    def sees_no(self, *texts: str) -> None:
        """None of this stands on the page."""
        for text in texts:
            try:
                expect(self.part).not_to_contain_text(text)
            except AssertionError:
                raise AssertionError(f"{self.path} says “{text}”") from None

    def gist(self) -> str:
        """What the page says at its head, for the reader of a failed journey."""
        return " ".join(self.page.locator("main").inner_text().split())[:800]

    @property
    def path(self) -> str:
        """Where the visitor is."""
        return self.page.url.removeprefix(self.url)

    # --- forms ---------------------------------------------------------------------------------------------------

    def field(self, label: str) -> Locator:
        """A field by its label; the star of a required one belongs to nobody's name."""
        return self.part.get_by_label(re.compile(rf"^\s*\*?\s*{re.escape(label)}\s*$"))

    def fill(self, said: Mapping[str, Any]) -> None:
        """Fill in a form: label → text, choice, tick (True), file, or the ticks of a group (a list)."""
        for label, value in said.items():
            if isinstance(value, list):
                group = self.part.get_by_role("group", name=label, exact=True)
                for option in value:
                    group.get_by_label(option, exact=True).check()
            else:
                self._give(self.field(label), value)

    def _give(self, field: Locator, value: Any) -> None:
        if isinstance(value, dict):
            field.set_input_files(value)
        elif value is True:
            field.check()
        elif field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(label=str(value))
        else:
            field.fill(str(value))

    # --- cases ---------------------------------------------------------------------------------------------------

    def begin(self, step: str) -> None:
        """From the page of a case, open a step: in the bar, or in the menu behind it."""
        bar = self.page.get_by_role("group", name="可以办理的事项")
        link = bar.get_by_role("link", name=step, exact=True).first
        if not link.is_visible():
            bar.get_by_text("更多操作", exact=True).click()
        link.click()
        expect(self.page.get_by_role("heading", level=1, name=step, exact=True)).to_be_visible()

    def confirm(self, step: str) -> None:
        """Send the form of a step, and see that it was taken."""
        self.press(f"确认{step}")
        self.sees(f"已办理“{step}”")

    def take(self, step: str, said: Mapping[str, Any] | None = None, *, picture: str = "") -> None:
        """Take a step of the case on the screen, from the case page back to the case page."""
        self.begin(step)
        self.fill(said or {})
        if picture:
            self.look(picture)
        self.confirm(step)

    def offered(self) -> list[str]:
        """The steps that this person is offered on the case page, open or blocked."""
        bar = self.page.get_by_role("group", name="可以办理的事项")
        return [text.strip() for text in bar.get_by_role("link").all_inner_texts()] if bar.count() else []

    def pdf(self, title: str) -> bytes:
        """The issued paper with this title, from the tab of the case on the screen."""
        case = re.match(r"/cases/[^/]+/", self.path)
        assert case, self.path
        self.go(f"{case[0]}tab/documents/")
        address = self.page.get_by_role("link", name=f"《{title}》").first.get_attribute("href")
        response = self.page.request.get(self.url + str(address))
        assert response.status == 200, response.text()
        assert response.headers["content-type"] == "application/pdf"
        return response.body()
