"""From a context to the bytes of a PDF/A-3u: laid out in a forked child of a warm parent, within limits.

The parent imports WeasyPrint once, parses the stylesheet once and lays out one sample, so that a child starts with
warm fonts. Each paper is then laid out and drawn in a child of its own (`forked`): whatever a text does to the layout,
hours, gigabytes or a crash of a C library, ends with that child. The same kind, context, time and uid give the same
bytes.
"""

import hashlib
import os
import threading
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.template import Context, Engine

from mediation.documents import forked
from mediation.documents.catalogue import PaperKind, kind_of
from mediation.documents.contexts import PaperContext, PaperIncomplete, PaperRefused

LIMITS = forked.Limits(cpu_seconds=20, wall_seconds=60.0, memory_bytes=1024 * 1024 * 1024)
FAMILIES = frozenset({"Noto Serif CJK SC", "Noto Sans CJK SC"})
SAMPLE = (
    "<html lang='zh-Hans'><body><h1>道滘镇</h1><p>高埗镇<b>协议</b> ¥1,234.50</p>"
    "<table class='form'><tr><th>表</th><td>格</td></tr></table></body></html>"
)
UNDEFINED = "⟦undefined⟧"
PDF_OPTIONS = {"pdf_variant": "pdf/a-3u"}
OUT_OF_TIME = frozenset({"SIGXCPU", "SIGALRM", "WallClock"})
OUT_OF_MEMORY = frozenset({"MemoryError", "SystemError", "SIGABRT", "SIGTRAP", "SIGSEGV", "SIGBUS", "SIGKILL"})
"""SystemError is what CPython says when a C function failed without the memory to say why."""


class RenderFailed(PaperRefused):
    """The child gave no paper. `cause` is a class name or a signal, never a text of the paper."""

    def __init__(self, cause: str, sentence: str = "文书生成失败，请稍后重试；多次失败请联系系统管理员。") -> None:
        super().__init__(sentence)
        self.cause = cause


class RenderRefused(RenderFailed):
    """The paper tried to load something that is not an asset of the project."""


class RenderLimit(RenderFailed):
    """The paper needed more time or memory than one paper may take."""


@dataclass(frozen=True)
class Rendered:
    """A finished paper. `template_version` changes when template, partials or stylesheet change."""

    pdf: bytes
    sha256: str
    pages: int
    template_version: str


@dataclass(frozen=True)
class _Press:
    """What the parent keeps warm; children inherit it by fork, and what a paper changes in it ends with its child."""

    html_class: Any
    fetcher_class: Any
    fonts: Any
    counters: Any
    stylesheet: Any
    finisher: Any

    def print(self, html: str, identifier: bytes) -> forked.Answer:
        fetcher = self.fetcher_class({})  # a paper has no asset of its own: the stylesheet was read with the press
        document = self.html_class(string=html, url_fetcher=fetcher).render(
            font_config=self.fonts, counter_style=self.counters, stylesheets=[self.stylesheet], **PDF_OPTIONS
        )
        pdf = document.write_pdf(finisher=self.finisher, pdf_identifier=identifier, **PDF_OPTIONS)
        if fetcher.has_refused:
            return {"error": "FatalURLFetchingError"}, b""
        fonts = sorted({font.family for font in document.fonts.values()})
        return {"pages": len(document.pages), "fonts": fonts}, pdf


_press: _Press | None = None
_lock = threading.Lock()


def render(kind: str | PaperKind, context: PaperContext, *, made_at: datetime, uid: UUID) -> Rendered:
    """The paper of this kind, made at this (aware) time and identified by this uid.

    Raises PaperIncomplete (mandatory contents), PaperTooLong (20,000 characters), RenderRefused (a URL), RenderLimit
    (time, memory) and RenderFailed; each carries a Chinese sentence without personal values.
    """
    kind = kind_of(kind) if isinstance(kind, str) else kind
    html = page(kind, context, made_at=made_at)
    head, pdf = print_html(html, made_at=made_at, uid=uid)
    return Rendered(pdf, hashlib.sha256(pdf).hexdigest(), head["pages"], template_version(kind))


def page(kind: PaperKind, context: PaperContext, *, made_at: datetime) -> str:
    """The HTML of a paper: every value escaped, nothing in it but the context."""
    if type(context) is not kind.context:
        raise TypeError(f"{kind.key} takes {kind.context.__name__}, not {type(context).__name__}")
    if made_at.tzinfo is None:
        raise ValueError("made_at must carry its time zone")
    gaps = context.missing()
    if kind.is_numbered and not context.number:
        gaps.append("文书编号")
    if gaps and not context.is_draft:
        raise PaperIncomplete(gaps)
    values = {"paper": context.cleaned(), "kind": kind, "made_at": made_at.isoformat(timespec="seconds")}
    html = _engine().get_template(kind.template).render(Context(values, use_l10n=False))
    if UNDEFINED in html:
        raise RenderFailed("UndefinedValue")
    return html


def print_html(html: str, *, made_at: datetime, uid: UUID) -> forked.Answer:
    """Page count, font families and PDF bytes of a finished HTML. Raises as render() does."""
    press = warm_up()

    def work() -> forked.Answer:
        os.environ["SOURCE_DATE_EPOCH"] = str(int(made_at.timestamp()))
        return press.print(html, uid.bytes)

    head, pdf = forked.run(work, LIMITS)
    if "error" in head:
        raise _failure(head["error"])
    return head, pdf


def warm_up() -> _Press:
    """Make the parent ready to fork; happens on first use, a worker may do it when it starts."""
    global _press  # noqa: PLW0603  # one press a process, shared by its children through fork
    with _lock:
        if _press is None:
            _press = _warm_press()
        return _press


def missing_parts() -> list[str]:
    """Chinese names of the system parts without which papers would be slow or wrong; empty when all is well."""
    from weasyprint.text.ffi import harfbuzz_subset

    head, _ = print_html(SAMPLE, made_at=datetime.fromtimestamp(0).astimezone(), uid=UUID(int=0))
    gaps = [] if harfbuzz_subset else ["系统库 libharfbuzz-subset0"]
    return gaps + [f"字体 {family}" for family in sorted(FAMILIES - set(head["fonts"]))]


@cache
def template_version(kind: PaperKind) -> str:
    """Twelve hexadecimal digits over everything that shapes the paper besides its context."""
    digest = hashlib.sha256()
    for path in [_folder() / kind.template, *sorted(_folder().glob("_*.html")), _folder() / "document.css"]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _warm_press() -> _Press:
    from weasyprint import CSS, HTML
    from weasyprint.css.counters import CounterStyle
    from weasyprint.pdf import fonts as pdf_fonts
    from weasyprint.text.fonts import FontConfiguration

    from mediation.documents.embedding import compact, unwrap
    from mediation.documents.fetcher import AssetFetcher

    compact(pdf_fonts)
    fetcher = AssetFetcher({"document.css": _folder() / "document.css"})
    fonts, counters = FontConfiguration(), CounterStyle()
    css = CSS(url="asset:document.css", url_fetcher=fetcher, font_config=fonts, counter_style=counters)
    press = _Press(HTML, AssetFetcher, fonts, counters, css, unwrap)
    press.print(SAMPLE, bytes(16))  # opens the faces and reads their tables once, for all children
    return press


def _failure(cause: str) -> RenderFailed:
    if cause == "FatalURLFetchingError":
        return RenderRefused(cause, "文书内容试图引用外部资源，已拒绝生成。")
    if cause in OUT_OF_TIME:
        return RenderLimit(cause, "文书内容过长或过于复杂，超出生成时限，请精简后重试。")
    if cause in OUT_OF_MEMORY:
        return RenderLimit(cause, "文书内容过长或过于复杂，超出内存限制，请精简后重试。")
    return RenderFailed(cause)


def _folder() -> Path:
    return Path(settings.BASE_DIR) / "templates" / "documents"


@cache
def _engine() -> Engine:
    """An engine of its own: no context processor and no setting of the pages can reach a paper."""
    return Engine(
        dirs=[str(_folder())],
        autoescape=True,
        string_if_invalid=UNDEFINED,
        builtins=["mediation.documents.wording"],
        loaders=[("django.template.loaders.cached.Loader", ["django.template.loaders.filesystem.Loader"])],
    )
