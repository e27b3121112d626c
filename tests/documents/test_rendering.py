"""Papers are archival, repeatable, made of plain facts, and rendered within limits."""

import contextlib
import io
import socket
import struct
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from uuid import UUID

import pikepdf
import pytest
from django.db import connection
from fontTools.cffLib import CFFFontSet
from fontTools.pens.recordingPen import RecordingPen
from fontTools.ttLib import TTCollection

from mediation.documents import contexts, forked, rendering
from mediation.documents.catalogue import CATALOGUE, kind_of
from mediation.documents.contexts import TEXT_LIMIT, PaperTooLong
from mediation.documents.rendering import Rendered, RenderFailed, RenderLimit
from tests.documents import samples
from tests.documents.reading import streams, text_of

QUICK = forked.Limits(cpu_seconds=5, wall_seconds=10, memory_bytes=1 << 30)


def render(context: contexts.PaperContext, key: str = "mediation_agreement") -> Rendered:
    return rendering.render(key, context, made_at=samples.MADE_AT, uid=samples.UID)


@pytest.mark.parametrize("key", CATALOGUE)
def test_a_paper_claims_pdf_a_3u_and_carries_what_that_needs(papers: dict[str, Rendered], key: str) -> None:
    with pikepdf.open(io.BytesIO(papers[key].pdf)) as pdf:
        marks = pdf.open_metadata()

        assert (marks["pdfaid:part"], marks["pdfaid:conformance"]) == ("3", "U")
        assert pdf.Root.OutputIntents[0].S == "/GTS_PDFA1"
        assert "/DestOutputProfile" in pdf.Root.OutputIntents[0]
        assert not pdf.is_encrypted
        assert "/AF" not in pdf.Root
        assert "/JavaScript" not in pdf.Root.get("/Names", {})
        assert pdf.Root.Lang == "zh-Hans"
        assert pdf.docinfo["/CreationDate"] == "D:20260410093000+08'00"


@pytest.mark.parametrize("key", CATALOGUE)
def test_all_fonts_are_embedded_as_subsets_with_their_unicode(papers: dict[str, Rendered], key: str) -> None:
    with pikepdf.open(io.BytesIO(papers[key].pdf)) as pdf:
        things = [thing for thing in pdf.objects if isinstance(thing, pikepdf.Dictionary)]
        outer = [thing for thing in things if thing.get("/Type") == "/Font" and thing.Subtype == "/Type0"]

        assert outer
        for font in outer:
            assert "/ToUnicode" in font
            inner = font.DescendantFonts[0].FontDescriptor
            assert str(inner.FontName)[7] == "+"
            assert "Noto-S" in str(inner.FontName)
            assert inner.FontFile3.Subtype == "/CIDFontType0C"


def test_no_paper_prints_the_full_width_yuan_sign_and_every_paper_is_small(papers: dict[str, Rendered]) -> None:
    for key, paper in papers.items():
        assert "\uffe5" not in text_of(paper.pdf), key
        assert len(paper.pdf) < 130_000, key


def test_rare_characters_of_town_names_are_drawn_and_read_back(papers: dict[str, Rendered]) -> None:
    text = text_of(papers["mediation_agreement"].pdf)

    assert "道滘镇" in text
    assert "高埗镇" in text


def test_the_small_fonts_draw_the_same_outlines_as_the_fonts_of_the_system(papers: dict[str, Rendered]) -> None:
    """A wrong glyph would still read back right; so the outlines themselves are compared."""
    file = Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc").read_bytes()
    faces = TTCollection(io.BytesIO(file), lazy=True).fonts
    system = next(face for face in faces if face["name"].getDebugName(1) == "Noto Serif CJK SC")
    cids = {mark: system.getGlyphID(system.getBestCmap()[ord(mark)]) for mark in "滘埗医调协议¥〔"}
    with pikepdf.open(io.BytesIO(papers["mediation_agreement"].pdf)) as pdf:
        program = next(
            thing.FontDescriptor.FontFile3.read_bytes()
            for thing in pdf.objects
            if isinstance(thing, pikepdf.Dictionary)
            and str(thing.get("/BaseFont", "")).endswith("Serif-CJK-SC")
            and "/FontDescriptor" in thing
        )
    fonts = CFFFontSet()
    fonts.decompile(io.BytesIO(program), None)
    small = fonts.topDictIndex[0].CharStrings

    for mark, cid in cids.items():
        drawn, expected = RecordingPen(), RecordingPen()
        small[f"cid{cid:05d}"].draw(drawn)
        system.getGlyphSet()[system.getGlyphName(cid)].draw(expected)
        assert drawn.value == expected.value, mark


@pytest.mark.parametrize("key", CATALOGUE)
def test_no_picture_is_ever_drawn_so_no_seal_either(papers: dict[str, Rendered], key: str) -> None:
    assert not [head for head, _content in streams(papers[key].pdf) if head.get("/Subtype") in ("/Image", "/Form")]


def test_the_same_facts_give_the_same_bytes_and_any_other_fact_others(papers: dict[str, Rendered]) -> None:
    again = render(samples.agreement())

    assert again == papers["mediation_agreement"]
    assert again.sha256 != render(samples.agreement(place="东莞市高埗镇")).sha256
    other = rendering.render(
        "mediation_agreement", samples.agreement(), made_at=samples.MADE_AT, uid=UUID(int=samples.UID.int + 1)
    )
    assert other.sha256 != again.sha256


def test_what_was_printed_before_does_not_change_the_bytes(papers: dict[str, Rendered]) -> None:
    for key in ("dossier_catalogue", "escalation_brief", "rights_notice"):
        assert render(samples.every_context()[key], key).sha256 == papers[key].sha256


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        rendering.page(kind_of("escalation_brief"), samples.brief(), made_at=datetime(2026, 4, 10))


def test_a_field_of_more_than_twenty_thousand_characters_is_refused_by_its_label() -> None:
    with pytest.raises(PaperTooLong, match="纠纷主要事实"):
        render(samples.agreement(facts="长" * (TEXT_LIMIT + 1)))


def test_a_field_of_twenty_thousand_characters_is_printed_whole() -> None:
    paper = render(samples.agreement(facts="甲" * (TEXT_LIMIT - 1) + "乙"))

    assert text_of(paper.pdf).count("甲") == TEXT_LIMIT - 1


def test_control_marks_and_the_slow_hyphen_never_reach_the_layout() -> None:
    hostile = "a\u2011b\x00c\x1b\ud800d\u202ee\u2066\uffe5"

    assert replace(samples.agreement(), place=hostile).cleaned().place == "a-bcde\u00a5"


def test_only_plain_facts_reach_a_template() -> None:
    with pytest.raises(TypeError, match="plain facts"):
        replace(samples.agreement(), place=object()).cleaned()


def test_line_breaks_of_a_writer_are_kept() -> None:
    html = rendering.page(kind_of("escalation_brief"), samples.brief(summary="第一行\n第二行"), made_at=samples.MADE_AT)

    assert "第一行\n第二行" in html


def test_a_paper_that_eats_the_processor_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "LIMITS", forked.Limits(cpu_seconds=1, wall_seconds=30, memory_bytes=1 << 30))

    with pytest.raises(RenderLimit) as refusal:
        rendering.print_html("<p>" + "案" * 400_000, made_at=samples.MADE_AT, uid=samples.UID)

    assert refusal.value.cause == "SIGXCPU"
    assert "超出生成时限" in refusal.value.sentence


def test_a_paper_that_eats_memory_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "LIMITS", forked.Limits(cpu_seconds=20, wall_seconds=30, memory_bytes=24 << 20))

    with pytest.raises(RenderLimit, match="内存"):
        rendering.print_html("<p>案" * 30_000, made_at=samples.MADE_AT, uid=samples.UID)


def test_markup_nested_without_end_comes_back_as_a_safe_sentence() -> None:
    with pytest.raises(RenderFailed) as refusal:
        rendering.print_html("<div>" * 3000 + "机密", made_at=samples.MADE_AT, uid=samples.UID)

    assert refusal.value.cause == "RecursionError"
    assert "机密" not in str(refusal.value)


def test_a_child_that_sleeps_is_killed_by_the_wall_clock() -> None:
    began = time.monotonic()

    answer, _ = forked.run(
        lambda: time.sleep(60) or ({}, b""), forked.Limits(cpu_seconds=5, wall_seconds=0.3, memory_bytes=1 << 30)
    )

    assert answer["error"] in ("WallClock", "SIGALRM")
    assert time.monotonic() - began < 5


def test_a_child_that_asks_for_too_much_memory_says_so() -> None:
    assert forked.run(lambda: ({}, bytes(4 << 30)), QUICK) == ({"error": "MemoryError"}, b"")


def test_an_exception_tells_its_class_and_never_its_text() -> None:
    def work() -> forked.Answer:
        raise ValueError("441900198001010000")

    assert forked.run(work, QUICK) == ({"error": "ValueError"}, b"")


def test_the_child_holds_no_inherited_connection_and_says_no_goodbye() -> None:
    ours, theirs = socket.socketpair()

    class Connection:
        """As a database driver: says goodbye when it is finalised."""

        def __init__(self) -> None:
            self.me = self  # only the collector could end it

        def __del__(self) -> None:
            with contextlib.suppress(OSError):  # the parent's own end, after the test
                ours.sendall(b"terminate")

    held = [Connection()]

    def work() -> forked.Answer:
        held.clear()
        try:
            ours.sendall(b"x")
        except OSError as error:
            return {"said": type(error).__name__}, b""
        return {"said": "x"}, b""

    answer, _ = forked.run(work, QUICK)
    theirs.setblocking(False)

    assert answer == {"said": "OSError"}
    with pytest.raises(BlockingIOError):
        theirs.recv(1)
    ours.sendall(b"still ours")
    assert theirs.recv(20) == b"still ours"
    ours.close()
    theirs.close()


@pytest.mark.django_db
def test_the_parents_database_connection_survives_a_hundred_children() -> None:
    def identity() -> object:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()" if connection.vendor == "postgresql" else "SELECT 1")
            return cursor.fetchone()

    before = identity()
    for _ in range(100):
        forked.run(lambda: ({}, b""), QUICK)

    assert identity() == before


def test_the_parent_grows_by_nothing_worth_naming_over_many_papers() -> None:
    def resident() -> int:
        return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

    render(samples.agreement())
    before = resident()
    for _ in range(20):
        render(samples.agreement())

    assert resident() - before < 8 << 20


def test_nothing_that_matters_is_missing_on_this_machine() -> None:
    assert rendering.missing_parts() == []


def test_a_missing_font_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "FAMILIES", rendering.FAMILIES | {"示例宋体"})

    assert rendering.missing_parts() == ["字体 示例宋体"]


def test_a_changed_stylesheet_changes_the_version_of_the_template() -> None:
    versions = {key: rendering.template_version(kind) for key, kind in CATALOGUE.items()}

    assert all(len(version) == 12 for version in versions.values())
    assert len(set(versions.values())) == len(versions)


def test_the_embedded_font_program_is_a_bare_cff_table(papers: dict[str, Rendered]) -> None:
    found = streams(papers["dossier_catalogue"].pdf)
    programs = [content for head, content in found if head.get("/Subtype") == "/CIDFontType0C"]

    assert programs
    assert all(struct.unpack_from(">BB", program) == (1, 0) for program in programs)
