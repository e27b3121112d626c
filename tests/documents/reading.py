"""Reading a PDF back, independently of what wrote it."""

import io
from typing import Any

import pikepdf
from pypdf import PdfReader


def text_of(pdf: bytes) -> str:
    """All text, without white space: a line may break anywhere in Chinese."""
    return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page, without white space."""
    return ["".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def streams(pdf: bytes) -> list[tuple[dict[str, Any], bytes]]:
    """Dictionary and decoded content of every stream."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return [
            ({str(key): str(value) for key, value in thing.items()}, thing.read_bytes())
            for thing in document.objects
            if isinstance(thing, pikepdf.Stream)
        ]


def holds(pdf: bytes, needle: bytes) -> bool:
    """Whether any decoded stream, or the raw file, holds these bytes."""
    return needle in pdf or any(needle in content for _head, content in streams(pdf))
