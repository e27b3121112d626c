"""What the machine must have before anything may start: libraries and fonts that the papers are made with.

WeasyPrint works without ``libharfbuzz-subset`` and without Chinese fonts, but slowly and with empty boxes for names:
an agreement would be signed before anybody notices. So the absence is an error at start, not a warning in a log.
"""

import ctypes
import shutil
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from django.conf import settings
from django.core import checks

LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
FONT_PACKAGE = "fonts-noto-cjk"
_FC_RESULT_MATCH = 0


class NotReady(SystemExit):
    """Ends the process with one sentence that says what to install."""


@cache
def missing_libraries() -> tuple[str, ...]:
    """Debian packages of the shared libraries that the loader does not find."""
    return tuple(package for name, package in LIBRARIES.items() if not _loads(name))


@cache
def missing_fonts(families: Sequence[str]) -> tuple[str, ...]:
    """Those of the families that fontconfig would replace by another one."""
    return tuple(family for family in families if family not in _families_matched(family))


def refuse_if_incomplete() -> None:
    """Called by server and worker before they serve: raises NotReady naming everything that is missing."""
    found = [str(error.msg) for error in machine_is_complete(None) if error.is_serious()]
    if found:
        raise NotReady("无法启动：" + "".join(found))


@checks.register("machine")
def machine_is_complete(app_configs: Iterable[Any] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    found: list[checks.CheckMessage] = []
    libraries, fonts = missing_libraries(), missing_fonts(tuple(settings.DOCUMENT_FONTS))
    if libraries:
        found.append(
            checks.Error(
                f"缺少生成文书所需的系统库（Debian 软件包：{' '.join(libraries)}）。",
                hint=f"apt-get install {' '.join(libraries)}",
                id="mediation.E001",
            )
        )
    if fonts:
        found.append(
            checks.Error(
                f"缺少文书字体 {'、'.join(fonts)}（Debian 软件包：{FONT_PACKAGE}）。",
                hint=f"apt-get install {FONT_PACKAGE}",
                id="mediation.E002",
            )
        )
    if shutil.which("dot") is None:
        found.append(
            checks.Warning(
                "缺少 graphviz，流程图无法绘制（Debian 软件包：graphviz）。",
                hint="apt-get install graphviz",
                id="mediation.W003",
            )
        )
    return found


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _families_matched(family: str) -> set[str]:
    """All names of the font that fontconfig picks for ``family``; empty without fontconfig.

    Asked through the library that Pango itself uses, so the answer is the one that a paper would get.
    """
    try:
        fontconfig = ctypes.CDLL("libfontconfig.so.1")
    except OSError:
        return set()
    for name in ("FcInitLoadConfigAndFonts", "FcNameParse", "FcFontMatch"):
        getattr(fontconfig, name).restype = ctypes.c_void_p
    config = ctypes.c_void_p(fontconfig.FcInitLoadConfigAndFonts())
    pattern = ctypes.c_void_p(fontconfig.FcNameParse(family.replace("-", r"\-").encode()))
    fontconfig.FcConfigSubstitute(config, pattern, 0)
    fontconfig.FcDefaultSubstitute(pattern)
    result = ctypes.c_int()
    match = ctypes.c_void_p(fontconfig.FcFontMatch(config, pattern, ctypes.byref(result)))
    fontconfig.FcPatternDestroy(pattern)
    names: set[str] = set()
    if match.value:
        text = ctypes.c_char_p()
        while fontconfig.FcPatternGetString(match, b"family", len(names), ctypes.byref(text)) == _FC_RESULT_MATCH:
            names.add((text.value or b"").decode())
        fontconfig.FcPatternDestroy(match)
    fontconfig.FcConfigDestroy(config)
    return names
