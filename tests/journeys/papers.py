"""What an issued paper says and what it is made of, read by another library than the one that wrote it."""

from __future__ import annotations

import io
from typing import Any

from pypdf import PdfReader

EMBEDDED = ("/FontFile", "/FontFile2", "/FontFile3")


def words(pdf: bytes) -> str:
    """The text without white space: a line may break anywhere in Chinese."""
    return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def images(pdf: bytes) -> list[str]:
    """The picture objects on any page: a drawn seal would be one."""
    return [picture.name for page in PdfReader(io.BytesIO(pdf)).pages for picture in page.images]


def fonts(pdf: bytes) -> dict[str, bool]:
    """Every font by name, and whether its glyphs are inside the file."""
    found = {}
    for page in PdfReader(io.BytesIO(pdf)).pages:
        for font in page["/Resources"].get("/Font", {}).values():
            found[str(font.get_object()["/BaseFont"])] = _is_embedded(font.get_object())
    return found


def _is_embedded(font: Any) -> bool:
    for one in font.get("/DescendantFonts", [font]):
        descriptor = one.get_object().get("/FontDescriptor")
        if descriptor is None or not any(name in descriptor.get_object() for name in EMBEDDED):
            return False
    return True
