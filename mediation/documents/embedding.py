"""Small fonts inside the papers.

WeasyPrint keeps the glyph numbers of the whole font, 65,535 slots of a CJK font for two hundred used characters, and
cuts it twice: 300 kB and 150 ms for two pages. The Noto CJK faces are CID-keyed: each glyph carries the number that
the page uses, wherever it lies in the file. So one cut without empty slots is enough, and the bare CFF table is the
font program that PDF/A expects (ISO 32000-1, 9.7.4.2 and table 126): about 30 kB and half the time.
Other faces, used for a character that Noto lacks, keep WeasyPrint's own way.
"""

import struct
from collections.abc import Callable
from typing import Any

CID_KEYED = frozenset({"Noto Serif CJK SC", "Noto Sans CJK SC"})
SMALL_FILE = 4 * 1024 * 1024
DROPPED_TABLES = (b"BASE", b"DSIG", b"GDEF", b"GPOS", b"GSUB", b"VORG", b"name", b"vhea", b"vmtx")


def compact(pdf_fonts: Any) -> None:
    """Teach the module `weasyprint.pdf.fonts` to cut CID-keyed faces in one go; done once, when the press is warmed."""
    if hasattr(pdf_fonts, "whole_file"):
        return
    if not pdf_fonts.harfbuzz_subset or not hasattr(pdf_fonts.Font, "_harfbuzz_subset"):
        return  # another WeasyPrint, or no libharfbuzz-subset: larger papers, equally right
    pdf_fonts.whole_file = pdf_fonts.get_hb_object_data
    pdf_fonts.get_hb_object_data = _reader(pdf_fonts)
    pdf_fonts.Font._harfbuzz_subset = _subset_method(pdf_fonts, pdf_fonts.Font._harfbuzz_subset)


def _reader(pdf_fonts: Any) -> Callable[..., bytes | None]:
    """Reads a small font file, and leaves a large one where it is mapped: it is cut, never embedded whole."""
    ffi, harfbuzz = pdf_fonts.ffi, pdf_fonts.harfbuzz

    def read(face: Any, *rest: Any, **named: Any) -> bytes | None:
        if rest or named:
            return pdf_fonts.whole_file(face, *rest, **named)
        blob = ffi.gc(harfbuzz.hb_face_reference_blob(face), harfbuzz.hb_blob_destroy)
        return pdf_fonts.whole_file(face) if harfbuzz.hb_blob_get_length(blob) <= SMALL_FILE else b""

    return read


def _subset_method(pdf_fonts: Any, stock: Callable[..., None]) -> Callable[..., None]:
    ffi, harfbuzz, cutter = pdf_fonts.ffi, pdf_fonts.harfbuzz, pdf_fonts.harfbuzz_subset

    def fill(numbers: Any, values: list[int]) -> None:
        ordered = sorted(values)
        harfbuzz.hb_set_add_sorted_array(numbers, ffi.new(f"hb_codepoint_t[{len(ordered)}]", ordered), len(ordered))

    def cut(font: Any, glyphs: list[int]) -> bytes | None:
        order = ffi.gc(cutter.hb_subset_input_create_or_fail(), cutter.hb_subset_input_destroy)
        fill(cutter.hb_subset_input_glyph_set(order), glyphs)
        dropped = cutter.hb_subset_input_set(order, cutter.HB_SUBSET_SETS_DROP_TABLE_TAG)
        fill(dropped, [harfbuzz.hb_tag_from_string(name, -1) for name in DROPPED_TABLES])
        cutter.hb_subset_input_set_flags(
            order, cutter.HB_SUBSET_FLAGS_NO_HINTING | cutter.HB_SUBSET_FLAGS_NOTDEF_OUTLINE
        )
        face = ffi.gc(cutter.hb_subset_or_fail(font.hb_face, order), harfbuzz.hb_face_destroy)
        return pdf_fonts.whole_file(face) if face else None

    def subset(font: Any, to_unicode: dict[int, str], hinting: bool) -> None:  # noqa: FBT001  # WeasyPrint's own signature
        content = None
        if font.family in CID_KEYED and not font.missing:
            content = cut(font, list(to_unicode))
        if content:
            font.file_content = content
        else:
            font.file_content = font.file_content or pdf_fonts.whole_file(font.hb_face)
            stock(font, to_unicode, hinting)

    return subset


def cff_table(opentype: bytes) -> bytes | None:
    """The CFF table of an OpenType font file, or None when it has none."""
    if opentype[:4] != b"OTTO":
        return None
    (count,) = struct.unpack_from(">H", opentype, 4)
    for index in range(count):
        tag, _checksum, offset, length = struct.unpack_from(">4sLLL", opentype, 12 + 16 * index)
        if tag == b"CFF ":
            return opentype[offset : offset + length]
    return None


def unwrap(document: Any, pdf: Any) -> None:
    """WeasyPrint's `finisher`: each embedded OpenType wrapper of a CID-keyed face becomes its bare CFF program."""
    small = {font.file_content for font in document.fonts.values() if font.family in CID_KEYED and not font.missing}
    for thing in pdf.objects:
        extra = getattr(thing, "extra", None)
        if extra and extra.get("Subtype") == "/OpenType" and thing.stream[0] in small:
            table = cff_table(thing.stream[0])
            if table:
                thing.stream, extra["Subtype"] = [table], "/CIDFontType0C"
