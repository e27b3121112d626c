"""Makes the files of the upload tests: honest ones, and the parts of hostile ones. None was copied."""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import openpyxl
import pikepdf
from PIL import Image

NAME, DICT, ARRAY = pikepdf.Name, pikepdf.Dictionary, pikepdf.Array
Maker = Callable[[], bytes]


def pdf(change: Callable[[pikepdf.Pdf], None] = lambda made: None, pages: int = 1, **options: Any) -> bytes:
    made = pikepdf.new()
    for _ in range(pages):
        made.add_blank_page(page_size=(595, 842))
    change(made)
    target = io.BytesIO()
    made.save(target, **options)
    return target.getvalue()


def script_on_opening(made: pikepdf.Pdf) -> None:
    made.Root.OpenAction = DICT(S=NAME.JavaScript, JS="app.alert(1)")


def script_in_the_name_tree(made: pikepdf.Pdf) -> None:
    script = made.make_indirect(DICT(S=NAME.JavaScript, JS=made.make_stream(b"app.alert(1)")))
    made.Root.Names = DICT(JavaScript=DICT(Names=ARRAY(["a", script])))


def launch_on_a_link(made: pikepdf.Pdf) -> None:
    link = DICT(Type=NAME.Annot, Subtype=NAME.Link, Rect=[0, 0, 9, 9], A=DICT(S=NAME.Launch, F="calc.exe"))
    made.pages[0].Annots = ARRAY([link])


def attachment(made: pikepdf.Pdf) -> None:
    made.attachments["x.exe"] = b"MZ program"


def form_that_submits(made: pikepdf.Pdf) -> None:
    made.Root.AA = DICT(WC=DICT(S=NAME.SubmitForm, F="http://example.invalid"))


def xfa_form(made: pikepdf.Pdf) -> None:
    made.Root.AcroForm = DICT(Fields=ARRAY([]), XFA=made.make_stream(b"<xdp/>"))


def link_and_bookmark(made: pikepdf.Pdf) -> None:
    link = DICT(
        Type=NAME.Annot, Subtype=NAME.Link, Rect=[0, 0, 9, 9], A=DICT(S=NAME.URI, URI="https://example.invalid")
    )
    made.pages[0].Annots = ARRAY([link])
    made.Root.OpenAction = ARRAY([made.pages[0].obj, NAME.Fit])


def exploding_object_stream() -> bytes:
    """1.5 GiB of spaces in an object stream of 1.5 MiB, which every reader has to unpack."""
    packer, spaces = zlib.compressobj(9, zlib.DEFLATED, -15), b" " * (16 * 1024 * 1024)
    catalog = b"1 0 <</Type/Catalog/Pages 2 0 R>>"
    start = packer.compress(catalog) + packer.flush(zlib.Z_FULL_FLUSH)
    piece = packer.compress(spaces) + packer.flush(zlib.Z_FULL_FLUSH)  # after a full flush it can be repeated
    checksum = zlib.adler32(catalog)
    for _ in range(96):
        checksum = zlib.adler32(spaces, checksum)
    packed = b"\x78\xda" + start + piece * 96 + packer.flush() + struct.pack(">I", checksum)
    body = b"%PDF-1.5\n"
    place = len(body)
    body += b"3 0 obj\n<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n" % len(packed)
    body += packed + b"\nendstream\nendobj\n"
    start = len(body)
    table = b"".join(
        struct.pack(">BIB", *row) for row in ((0, 0, 255), (2, 3, 0), (0, 0, 0), (1, place, 0), (1, start, 0))
    )
    body += b"4 0 obj\n<</Type/XRef/Size 5/W[1 4 1]/Root 1 0 R/Length %d>>stream\n" % len(table)
    return body + table + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % start


def picture(form: str, mode: str = "RGB", size: tuple[int, int] = (40, 30), **options: Any) -> bytes:
    target = io.BytesIO()
    Image.new(mode, size).save(target, form, **options)
    return target.getvalue()


def pixel_flood() -> bytes:
    """A PNG whose header promises 60 000 × 60 000 pixels."""
    header = b"IHDR" + struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    made = picture("PNG")
    return made[:8] + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header)) + made[33:]


TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def archive(entries: dict[str, str | bytes], *, encrypted: bool = False, link: str = "") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            if name == link:
                entry.external_attr = (stat.S_IFLNK | 0o777) << 16
            made.writestr(entry, content)
    data = bytearray(target.getvalue())
    if encrypted:
        for signature, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
            data[data.index(signature) + place] |= 1
    return bytes(data)


def docx(more: dict[str, str | bytes] | None = None, **options: Any) -> bytes:
    return archive({"[Content_Types].xml": TYPES, "word/document.xml": "<w/>", **(more or {})}, **options)


def relation(kind: str, target: str) -> dict[str, str | bytes]:
    row = f'<Relationship Id="r1" Type="http://example.invalid/{kind}" Target="{target}" TargetMode="External"/>'
    return {"word/_rels/document.xml.rels": f'<Relationships xmlns="urn:x">{row}</Relationships>'}


def xlsx() -> bytes:
    book, target = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["示例", 1])
    book.save(target)
    return target.getvalue()


def ofd(more: dict[str, str | bytes] | None = None) -> bytes:
    return archive({"OFD.xml": "<ofd:OFD xmlns:ofd='urn:x'/>", "Doc_0/Document.xml": "<a/>", **(more or {})})


def overlapping() -> bytes:
    """Two directory entries that point at the same packed bytes."""
    made = docx({"a1.txt": b"0" * 5000, "a2.txt": b"0" * 5000})
    place = made.rindex(b"a2.txt") - 46 + 42
    first = struct.unpack("<I", made[made.rindex(b"a1.txt") - 4 : made.rindex(b"a1.txt")])[0]
    return made[:place] + struct.pack("<I", first) + made[place + 4 :]


def wrong_checksum() -> bytes:
    made = bytearray(docx({"a.bin": b"0123456789"}))
    place = made.rindex(b"a.bin") - 46 + 16
    made[place] ^= 1
    return bytes(made)
