"""Looks inside one uploaded file, in a process of its own with limits on memory and time.

``mediation.cases.uploads`` runs this file as a script: the upload is its standard input, one line of JSON its answer
(``{"kind": "pdf", "pages": 3}`` or ``{"refused": "…"}``). A file that explodes or crashes its parser takes only this
process down. It imports nothing of the project and is given no secrets.

What counts is the content: each kind is parsed for real, and whatever could act on its own (scripts, macros, programs,
embedded files, remote templates) is refused, as is a file that is two kinds at once.
"""

import json
import posixpath
import re
import resource
import stat
import sys
import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO
from xml.etree import ElementTree

MEMORY = 1024 * 1024 * 1024
CPU_SECONDS = 40
MAX_PIXELS = 120_000_000
MAX_PDF_OBJECTS = 1_000_000
MAX_ENTRIES = 10_000
MAX_UNPACKED = 600 * 1024 * 1024
MAX_RATIO = 100
_RATIO_MATTERS_FROM = 8 * 1024 * 1024
_PIECE = 1024 * 1024

_MAGIC = {"pdf": b"%PDF-", "jpeg": b"\xff\xd8\xff", "png": b"\x89PNG\r\n\x1a\n", "zip": b"PK\3\4"}
_SCRIPTS = ("/JS", "/JavaScript", "/XFA")
_EMBEDDED = ("/EmbeddedFiles", "/EF", "/RichMediaContent")
_ACTIVE_ACTIONS = {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/Rendition", "/RichMediaExecute"}
_PROGRAMS = re.compile(r"\.(exe|dll|com|scr|msi|bat|cmd|ps1|vbs|vbe|js|jse|wsf|hta|jar|lnk|html?|swf|sh|php)$", re.I)
_MACROS = re.compile(r"(^|/)(vbaproject\.bin|vbadata\.xml|activex/|macrosheets/|embeddings/[^/]*\.(bin|ole))", re.I)
_XML_PART = re.compile(r"\.(xml|rels|vml)$", re.I)
_MARKERS = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "OFD.xml": "ofd"}


class Refused(Exception):
    """The file is not accepted; the message is a Chinese sentence for the person who uploads."""


def inspect(stream: BinaryIO) -> dict[str, Any]:
    """The ``kind`` of a file and its number of ``pages`` (None when the kind has none); raises :class:`Refused`."""
    head = stream.read(1024)
    kind = _kind(head)
    if kind != "pdf" and b"%PDF-" in head:
        raise Refused("文件同时是两种格式，不能接收。")
    if kind != "zip":
        stream.seek(0)
        if zipfile.is_zipfile(stream):
            raise Refused("文件里藏有压缩包，不能接收。")
    stream.seek(0)
    if kind == "pdf":
        return {"kind": "pdf", "pages": _pdf_pages(stream)}
    if kind == "zip":
        return {"kind": _office_kind(stream), "pages": None}
    _check_picture(stream, kind)
    return {"kind": kind, "pages": 1}


def _kind(head: bytes) -> str:
    for kind, magic in _MAGIC.items():
        if head.startswith(magic):
            return kind
    raise Refused("只能上传 PDF、JPG、PNG、DOCX、XLSX 或 OFD 文件。")


# --- PDF ------------------------------------------------------------------------------------------------------------


def _pdf_pages(stream: BinaryIO) -> int:
    import pikepdf

    stream.seek(0, 2)
    stream.seek(max(0, stream.tell() - 2048))
    if b"%%EOF" not in stream.read():
        raise Refused("PDF 不完整，可能没有传完，请重新上传。")
    stream.seek(0)
    try:
        with pikepdf.open(stream, suppress_warnings=True) as pdf:
            if pdf.is_encrypted:
                raise Refused("PDF 已加密，请去掉密码后再上传。")
            _refuse_active_content(pdf)
            pages = len(pdf.pages)
    except pikepdf.PasswordError:
        raise Refused("PDF 已加密，请去掉密码后再上传。") from None
    except (pikepdf.PdfError, ValueError, TypeError, RuntimeError):
        raise Refused("PDF 已损坏，无法打开。") from None
    if not pages:
        raise Refused("PDF 没有任何一页。")
    return pages


def _refuse_active_content(pdf: Any) -> None:
    import pikepdf

    waiting = list(pdf.objects)
    waiting.append(pdf.trailer)
    seen = 0
    while waiting:
        seen += 1
        if seen > MAX_PDF_OBJECTS:
            raise Refused("PDF 过于复杂，请打印成新的 PDF 后再上传。")
        found = waiting.pop()
        if isinstance(found, pikepdf.Array):
            waiting.extend(_direct(found))
        elif isinstance(found, (pikepdf.Dictionary, pikepdf.Stream)):
            _refuse_active(found)
            waiting.extend(_direct(found.values()))


def _direct(children: Any) -> Iterator[Any]:
    """The composite children that are written in place; the others are objects of their own and come anyway."""
    import pikepdf

    for child in children:
        if isinstance(child, (pikepdf.Array, pikepdf.Dictionary)) and not child.is_indirect:
            yield child


def _refuse_active(found: Any) -> None:
    if str(found.get("/S", "")) in _ACTIVE_ACTIONS or any(key in found for key in _SCRIPTS):
        raise Refused("PDF 中含有脚本或会自动执行的动作，请打印成新的 PDF 后再上传。")
    if str(found.get("/Type", "")) == "/EmbeddedFile" or any(key in found for key in _EMBEDDED):
        raise Refused("PDF 中夹带了其他文件，请把它们分开上传。")


# --- pictures -------------------------------------------------------------------------------------------------------


def _check_picture(stream: BinaryIO, kind: str) -> None:
    from PIL import Image, UnidentifiedImageError

    _refuse_script_in_picture(stream)
    Image.MAX_IMAGE_PIXELS = None  # the limit below has a sentence of its own
    try:
        with Image.open(stream, formats=[kind.upper()]) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise Refused("图片像素过大，请缩小到一亿两千万像素以内。")
            picture.verify()
        stream.seek(0)
        with Image.open(stream, formats=[kind.upper()]) as picture:
            picture.draft("RGB", (picture.width // 8, picture.height // 8))
            picture.load()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, IndexError):
        raise Refused("图片已损坏或没有传完，无法打开。") from None
    if kind == "png":
        _refuse_what_follows_png(stream)


def _refuse_script_in_picture(stream: BinaryIO) -> None:
    tail = b""
    while piece := stream.read(_PIECE):
        if re.search(rb"<\?php|<script|<html", tail + piece, re.IGNORECASE):
            raise Refused("图片里藏有程序代码，不能接收。")
        tail = piece[-8:]
    stream.seek(0)


def _refuse_what_follows_png(stream: BinaryIO) -> None:
    """Walk the chunks: nothing may come after IEND. (Photographs do carry data after a JPEG's end.)"""
    stream.seek(8)
    while (head := stream.read(8)) and head[4:] != b"IEND":
        stream.seek(int.from_bytes(head[:4], "big") + 4, 1)
    stream.seek(4, 1)
    if stream.read(1):
        raise Refused("图片后面附有其他数据，不能接收。")


# --- DOCX, XLSX, OFD ------------------------------------------------------------------------------------------------


def _office_kind(stream: BinaryIO) -> str:
    try:
        with zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
            kind = _marked_kind(entries)
            _check_entries(entries, stream)
            for entry in entries:
                _check_entry(archive, entry)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, RuntimeError, ArithmeticError):
        raise Refused("文件已损坏，无法打开。") from None
    return kind


def _marked_kind(entries: list[zipfile.ZipInfo]) -> str:
    names = {entry.filename for entry in entries}
    kinds = {kind for marker, kind in _MARKERS.items() if marker in names}
    if len(kinds) != 1 or (kinds != {"ofd"} and "[Content_Types].xml" not in names):
        raise Refused("不能上传压缩包：只接收 PDF、JPG、PNG、DOCX、XLSX 或 OFD 文件。")
    return kinds.pop()


def _check_entries(entries: list[zipfile.ZipInfo], stream: BinaryIO) -> None:
    if len(entries) > MAX_ENTRIES or len({entry.filename.lower() for entry in entries}) != len(entries):
        raise Refused("文件内部结构异常，不能接收。")
    place = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < place or (place == 0 and entry.header_offset != 0):
            raise Refused("文件内部结构异常，不能接收。")
        place = entry.header_offset + 30 + entry.compress_size
    stream.seek(0, 2)
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_UNPACKED or (unpacked > _RATIO_MATTERS_FROM and unpacked > MAX_RATIO * stream.tell()):
        raise Refused("文件解压后过大，不能接收。")


def _check_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    parts = posixpath.normpath(name).split("/")
    if name.startswith("/") or ".." in parts or re.search(r"[\\:\x00-\x1f]", entry.orig_filename):
        raise Refused("文件内部含有不安全的路径，不能接收。")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise Refused("文件内部含有链接，不能接收。")
    if entry.flag_bits & 0x1:
        raise Refused("文件已加密，请去掉密码后再上传。")
    if _MACROS.search(name):
        raise Refused("文件中含有宏或嵌入的程序，请另存为不含宏的格式后再上传。")
    if _PROGRAMS.search(name):
        raise Refused("文件中夹带了程序，不能接收。")
    with archive.open(entry) as content:
        if _XML_PART.search(name):
            _check_xml(name, content.read(MAX_UNPACKED))
        else:
            while content.read(_PIECE):  # to the end: only then the checksum has been compared
                pass


def _check_xml(name: str, raw: bytes) -> None:
    text = raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace")
    if re.search(r"<!(DOCTYPE|ENTITY)", text, re.IGNORECASE) or "\x00" in text:
        raise Refused("文件内部结构异常，不能接收。")
    if name == "[Content_Types].xml" and "macroenabled" in text.lower():
        raise Refused("文件中含有宏或嵌入的程序，请另存为不含宏的格式后再上传。")
    if name.lower().endswith(".rels"):
        _check_relations(text)


def _check_relations(text: str) -> None:
    try:
        relations = list(ElementTree.fromstring(text.encode("utf-8")))  # noqa: S314 — no DTD: refused above
    except ElementTree.ParseError:
        raise Refused("文件已损坏，无法打开。") from None
    for relation in relations:
        if relation.get("TargetMode") == "External" and not relation.get("Type", "").endswith("/hyperlink"):
            raise Refused("文件会从网络加载内容，请把链接的内容嵌入后再上传。")


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer = inspect(sys.stdin.buffer)
    except Refused as refused:
        answer = {"refused": str(refused)}
    except (MemoryError, RecursionError):
        answer = {"refused": ""}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
