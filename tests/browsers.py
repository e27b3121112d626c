"""Browser fixtures: Debian's Chromium, Chinese, in Shanghai, at the size of an office screen, cut off from outside."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=zh-CN",
]
OFFICE_SCREEN = {"width": 1366, "height": 768}
PHONE_SCREEN = {"width": 390, "height": 844}
_LOCAL = frozenset({"127.0.0.1", "localhost", "::1", None})
_SERIOUS = frozenset({"serious", "critical"})


def chromium() -> str | None:
    return os.environ.get("CHROMIUM") or shutil.which("chromium")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    executable = chromium()
    if executable is None:
        pytest.fail("没有找到 Chromium：apt-get install chromium chromium-l10n，或设置环境变量 CHROMIUM")
    return {
        **browser_type_launch_args,
        "executable_path": executable,
        "chromium_sandbox": False,
        "args": ARGUMENTS,
        "env": {**os.environ, "LANGUAGE": "zh_CN"},
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_context_args,
        "locale": "zh-CN",
        "timezone_id": "Asia/Shanghai",
        "viewport": OFFICE_SCREEN,
    }


def keep_local(context: Any, strangers: list[str]) -> None:
    """Let a browser context load from this machine only; what it asked for elsewhere is noted and refused."""

    def decide(route: Any) -> None:
        if urlsplit(route.request.url).hostname in _LOCAL:
            route.continue_()
        else:
            strangers.append(route.request.url)
            route.abort()

    context.route(re.compile(r"^(https?|wss?):"), decide)


@pytest.fixture
def context(context: Any) -> Iterator[Any]:
    """pytest-playwright's context; the test fails when a page asked for anything from another machine."""
    strangers: list[str] = []
    keep_local(context, strangers)
    yield context
    assert not strangers, f"loaded from elsewhere: {strangers}"


@pytest.fixture
def screenshot(settings: Any) -> Callable[[Any, str], Path]:
    """``screenshot(page, name)`` keeps a picture of the whole page under ``var/screenshots``."""
    folder = Path(settings.VAR) / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)

    def take(page: Any, name: str) -> Path:
        path = folder / f"{name}.png"
        page.screenshot(path=str(path), full_page=True)
        return path

    return take


@pytest.fixture
def serious_findings() -> Callable[[Any], list[str]]:
    """``serious_findings(page)``: what axe calls serious or critical, one readable line each."""
    from axe_playwright_python.sync_playwright import Axe

    def look(page: Any) -> list[str]:
        found = Axe().run(page).response["violations"]
        return [
            f"{finding['id']}: {finding['help']}: {' '.join(map(str, node['target']))}"
            for finding in found
            if finding["impact"] in _SERIOUS
            for node in finding["nodes"]
        ]

    return look
