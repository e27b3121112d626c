"""No text of a citizen can make a paper fetch, run or carry anything (T13)."""

import threading
from collections.abc import Iterator
from dataclasses import fields, replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import cycle
from pathlib import Path

import pytest

from mediation.documents import rendering
from mediation.documents.catalogue import CATALOGUE
from mediation.documents.contexts import Facts
from mediation.documents.rendering import RenderRefused
from tests.documents import samples
from tests.documents.reading import holds, text_of

CANARY = b"canary-7c1f0f0e-never-in-a-paper"
VECTORS = (
    "<img src='{http}/a.png'>",
    "<img src='{file}'>",
    "<style>@import '{http}/b.css';</style>",
    "<style>@import '{file}';</style>",
    "<link rel=stylesheet href='{http}/c.css'>",
    "<link rel=stylesheet href='{file}'>",
    "<link rel=attachment href='{file}'>",
    "<a rel=attachment href='{file}'>x</a>",
    "<a rel=attachment href='{http}/d'>x</a>",
    "<object data='{http}/e.png'></object>",
    "<embed src='{http}/f.png'>",
    "<p style='background:url({http}/g.png)'>x</p>",
    "<ul style='list-style-image:url({http}/h.png)'><li>x</ul>",
    "<style>p.v::before{{content:url({http}/i.png)}}</style><p class=v>x",
    "<style>@font-face{{font-family:v;src:url({http}/j.ttf)}}p{{font-family:v}}</style><p>x",
    "<style>@font-face{{font-family:w;src:url({file})}}p{{font-family:w}}</style><p>x",
    "<base href='{http}/'><img src='k.png'>",
    "<svg width=9 height=9><image href='{http}/l.png' width=9 height=9 /></svg>",
    (
        "<img src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' xmlns:x='http://www.w3.org/1999/xlink'>"
        "<image x:href='{file}' width='9' height='9'/></svg>\">"
    ),
    "<img src='{http}/redirect'>",
    "<p style='border-image:url({http}/m.png) 30'>x</p>",
    "<img src='asset:../../settings.py'>",
)


class Sink(BaseHTTPRequestHandler):
    """Counts whoever calls."""

    hits: list[str] = []

    def do_GET(self) -> None:
        self.hits.append(self.path)
        self.send_response(302 if self.path == "/redirect" else 200)
        self.send_header("Location", "/again")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Silence."""


@pytest.fixture(scope="module")
def vectors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """The vectors, aimed at a loopback server and at a file that exists."""
    file: Path = tmp_path_factory.mktemp("canary") / "canary.css"
    file.write_bytes(CANARY)
    server = HTTPServer(("127.0.0.1", 0), Sink)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Sink.hits.clear()
    yield [text.format(http=f"http://127.0.0.1:{server.server_port}", file=file.as_uri()) for text in VECTORS]
    server.shutdown()
    server.server_close()


def poisoned(facts: Facts, supply: Iterator[str]) -> Facts:
    """The same facts with the next of the vectors in front of every text, in all parts."""

    def spoil(value: object) -> object:
        if isinstance(value, str):
            return next(supply) + value
        if isinstance(value, Facts):
            return poisoned(value, supply)
        return tuple(spoil(part) for part in value) if isinstance(value, tuple) else value

    return replace(facts, **{item.name: spoil(getattr(facts, item.name)) for item in fields(facts)})


def printed_as_text(key: str, first: int, vectors: list[str]) -> None:
    context = samples.every_context()[key]
    hostile = poisoned(context, cycle(vectors[first:] + vectors[:first]))

    paper = rendering.render(key, hostile, made_at=samples.MADE_AT, uid=samples.UID)  # type: ignore[arg-type]

    assert "".join(vectors[first].split()) in text_of(paper.pdf)  # the first field is the issuer's name, always printed
    assert not holds(paper.pdf, CANARY)
    assert Sink.hits == []


@pytest.mark.parametrize("key", CATALOGUE)
def test_hostile_text_in_every_field_of_every_paper_is_printed_as_text(vectors: list[str], key: str) -> None:
    printed_as_text(key, list(CATALOGUE).index(key) % len(VECTORS), vectors)


@pytest.mark.prove
@pytest.mark.parametrize("first", range(len(VECTORS)))
@pytest.mark.parametrize("key", CATALOGUE)
def test_every_vector_in_every_field_of_every_paper_is_printed_as_text(
    vectors: list[str], key: str, first: int
) -> None:
    printed_as_text(key, first, vectors)


@pytest.mark.parametrize("number", range(len(VECTORS)))
def test_even_as_markup_each_vector_is_refused_loudly(vectors: list[str], number: int) -> None:
    """Autoescape is the first wall; this is the second, tried alone."""
    with pytest.raises(RenderRefused) as refusal:
        rendering.print_html(f"<body><p>{vectors[number]}", made_at=samples.MADE_AT, uid=samples.UID)

    assert refusal.value.sentence == "文书内容试图引用外部资源，已拒绝生成。"
    assert Sink.hits == []
