"""Files that people upload: accepted by their content, kept sealed.

``accept_upload`` decides, ``store`` keeps, ``open_stored`` gives back. A file is stored before the transaction that
refers to it commits: after a crash there may be a file without a row, which harms nobody, but never the reverse.
"""

import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol, cast
from uuid import UUID

from django.conf import settings
from django.db import models

from mediation.privacy import vault

_CHUNK = 256 * 1024
_INSPECTION = Path(__file__).with_name("inspection.py")
_INSPECTION_SECONDS = 60
_TOO_HARD = "文件无法在限定的时间和内存内打开，请打印成新的 PDF 后再上传。"
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR")


class UploadKind(models.TextChoices):
    """What may be uploaded."""

    PDF = "pdf", "PDF 文档"
    JPEG = "jpeg", "JPG 图片"
    PNG = "png", "PNG 图片"
    DOCX = "docx", "Word 文档"
    XLSX = "xlsx", "Excel 表格"
    OFD = "ofd", "OFD 版式文档"


MIME_TYPES = {
    UploadKind.PDF: "application/pdf",
    UploadKind.JPEG: "image/jpeg",
    UploadKind.PNG: "image/png",
    UploadKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    UploadKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    UploadKind.OFD: "application/ofd",
}
_SUFFIXES = {kind.value: kind for kind in UploadKind} | {"jpg": UploadKind.JPEG}
ACCEPT = ",".join(f".{suffix}" for suffix in _SUFFIXES)
"""For the ``accept`` attribute of a file input."""


class UploadRefused(Exception):
    """The file is not accepted; ``str()`` is a Chinese sentence for the person who uploads."""


class Readable(Protocol):
    """An opened file or a Django ``UploadedFile``."""

    def read(self, size: int = ..., /) -> bytes: ...

    def seek(self, offset: int, /) -> Any: ...


@dataclass(frozen=True)
class CheckedUpload:
    """A file that may be kept. ``name`` is the clean file name, ``size`` counts bytes, ``sha256`` is hexadecimal.

    ``pages`` is None for the kinds whose pages only a word processor could count.
    """

    kind: UploadKind
    mime: str
    sha256: str
    size: int
    pages: int | None
    name: str


def accept_upload(file: Readable, *, name: str) -> CheckedUpload:
    """Check an uploaded file by its content; raises :class:`UploadRefused`. The file is left rewound."""
    clean = clean_name(name)
    claimed = _claimed_kind(clean)
    with tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as copy:  # has no name, so nothing is left behind
        file.seek(0)
        sha256, size = _copy(file, copy)
        file.seek(0)
        copy.seek(0)
        answer = _inspect(copy)
    kind = UploadKind(answer["kind"])
    if kind != claimed:
        suffix = clean.rpartition(".")[2]
        raise UploadRefused(f"扩展名是“.{suffix}”，内容却是{kind.label}，请改正文件名后再上传。")
    return CheckedUpload(kind, MIME_TYPES[kind], sha256, size, answer["pages"], clean)


def store(checked: CheckedUpload, file: Readable, uid: UUID) -> str:
    """Keep the checked file sealed under a fresh ``uid``; returns the relative path for the row that refers to it.

    Raises UploadRefused when the file is not the one that was checked, FileExistsError when the uid is taken.
    """
    file.seek(0)
    return vault.put(cast("IO[bytes]", _SameFile(file, checked.sha256)), uid)


def open_stored(path: str, uid: UUID) -> Iterator[bytes]:
    """The stored file in pieces, for a streaming answer. FileNotFoundError or SealBroken before the first piece."""
    return vault.fetch(path, uid)


def file_name(title: str, mime: str) -> str:
    """What a paper is called when it is saved: its title, ending as its content says, so that it opens."""
    kind = next((kind for kind, known in MIME_TYPES.items() if known == mime), None)
    endings = tuple(f".{suffix}" for suffix, meant in _SUFFIXES.items() if meant == kind)
    name = clean_name(title) or "材料"
    return name if not endings or name.lower().endswith(endings) else name + endings[-1]


def clean_name(name: str) -> str:
    """The file name without folders, invisible and direction characters, at most 120 characters; may be empty."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(char for char in last if unicodedata.category(char)[0] != "C")
    visible = re.sub(r'[<>:"|?*]', "_", " ".join(visible.split())).strip(". ")
    stem, dot, suffix = visible.rpartition(".")
    return f"{stem[: 119 - len(suffix)]}.{suffix}" if dot and len(suffix) < 10 else visible[:120]


def _claimed_kind(name: str) -> UploadKind:
    stem, _, suffix = name.lower().rpartition(".")
    if not stem or suffix not in _SUFFIXES:
        raise UploadRefused("只能上传 PDF、JPG、PNG、DOCX、XLSX 或 OFD 文件。")
    if re.search(r"\.(exe|scr|com|bat|cmd|pif|js|vbs|hta|lnk|msi|jar|html?|php|svg|docm|xlsm)$", stem.strip(". ")):
        raise UploadRefused("文件名有两个扩展名，请改名后再上传。")
    return _SUFFIXES[suffix]


def _copy(source: Readable, target: IO[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(_CHUNK):
        size += len(chunk)
        if size > settings.UPLOAD_MAX_BYTES:
            raise UploadRefused(f"文件超过 {settings.UPLOAD_MAX_BYTES // 2**20} MiB，请拆分或压缩后再上传。")
        digest.update(chunk)
        target.write(chunk)
    if not size:
        raise UploadRefused("文件是空的，请重新选择。")
    target.flush()
    return digest.hexdigest(), size


def _inspect(copy: IO[bytes]) -> dict[str, Any]:
    """Ask ``inspection.py`` in a process without our secrets; whatever goes wrong there refuses the file."""
    environment = {key: os.environ[key] for key in _PASSED_ON if key in os.environ}
    try:
        done = subprocess.run(  # noqa: S603 — our own script, nothing of the upload on its command line
            [sys.executable, "-I", str(_INSPECTION)],
            stdin=copy,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            timeout=_INSPECTION_SECONDS,
            check=True,
        )
        answer: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError):
        raise UploadRefused(_TOO_HARD) from None
    if "refused" in answer:
        raise UploadRefused(answer["refused"] or _TOO_HARD)
    return answer


class _SameFile:
    """Reads through to the end and refuses when it was another file than the checked one."""

    def __init__(self, file: Readable, sha256: str) -> None:
        self._file, self._expected, self._digest = file, sha256, hashlib.sha256()

    def read(self, size: int) -> bytes:
        chunk = self._file.read(size)
        self._digest.update(chunk)
        if not chunk and self._digest.hexdigest() != self._expected:
            raise UploadRefused("文件在检查之后发生了变化，请重新上传。")
        return chunk
