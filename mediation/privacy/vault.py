"""Files at rest: uploads and papers, sealed, under ``settings.PAPER_ROOT``, named after a random uid.

A file is written, synced and renamed into place before the transaction that refers to it commits: a crash leaves at
most an orphan, never a row without its file. The seal is bound to the uid, so a file put in another's place does not
open. Two levels of folders keep directories small. Nothing is ever overwritten, except by a change of keys.
"""

import hashlib
import io
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import IO, cast
from uuid import UUID

from django.conf import settings

from mediation.privacy import envelope

_SHAPE = re.compile(r"([0-9a-f]{2})/([0-9a-f]{2})/(\1\2[0-9a-f]{28})\.sealed")


class FileState(StrEnum):
    """What :func:`examine` finds."""

    WHOLE = "whole"
    MISSING = "missing"
    ALTERED = "altered"


def path_of(uid: UUID) -> str:
    """Where the file of ``uid`` lies, relative to the root, for the column that refers to it."""
    return f"{uid.hex[:2]}/{uid.hex[2:4]}/{uid.hex}.sealed"


def put(source: IO[bytes] | bytes, uid: UUID) -> str:
    """Seal and store a file under a fresh ``uid``; returns its relative path. FileExistsError when it is taken."""
    path = path_of(uid)
    target = _absolute(path)
    if target.exists():
        raise FileExistsError("该文件编号已被使用。")
    _make_folders(target.parent)
    stream = io.BytesIO(source) if isinstance(source, bytes) else source
    with _replacing(target) as fresh:
        envelope.seal_stream(stream, fresh, _context(uid))
    return path


def fetch(path: str, uid: UUID) -> Iterator[bytes]:
    """The plaintext in pieces. FileNotFoundError when it is missing, SealBroken when it was altered or exchanged.

    The first piece is verified before this returns, so that a page can still answer with an error.
    """
    pieces = _pieces(_absolute(path), uid)
    first = next(pieces)
    return _chain(first, pieces)


def fetch_bytes(path: str, uid: UUID) -> bytes:
    """The whole plaintext in memory, complete or not at all; for papers, not for uploads of any size."""
    return b"".join(_pieces(_absolute(path), uid))


def examine(path: str, uid: UUID, sha256: str) -> FileState:
    """Whether a stored file is there and, read to its end, still the one whose SHA-256 was noted."""
    digest = hashlib.sha256()
    try:
        for piece in _pieces(_absolute(path), uid):
            digest.update(piece)
    except FileNotFoundError:
        return FileState.MISSING
    except envelope.SealBroken:
        return FileState.ALTERED
    return FileState.WHOLE if digest.hexdigest() == sha256 else FileState.ALTERED


def stored_paths() -> Iterator[str]:
    """The relative paths of all stored files, in order; what does not look like one of ours is skipped."""
    root = Path(settings.PAPER_ROOT)
    for found in sorted(root.glob("??/??/*.sealed")):
        if _SHAPE.fullmatch(path := found.relative_to(root).as_posix()):
            yield path


def key_id(path: str) -> str:
    """The id of the key that sealed a stored file."""
    with _absolute(path).open("rb") as stream:
        return envelope.file_key_id(stream)


def reseal(path: str) -> None:
    """Seal a stored file again under the active key, verified from beginning to end before it takes its place."""
    target, uid = _absolute(path), UUID(hex=Path(path).stem)
    with _replacing(target) as fresh:
        plain = cast("IO[bytes]", _Reader(_pieces(target, uid)))
        envelope.seal_stream(plain, fresh, _context(uid))


class _Reader:
    """Lets ``seal_stream`` read from an iterator of pieces."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = b""

    def read(self, size: int) -> bytes:
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return b""
            self._rest = piece
        given, self._rest = self._rest[:size], self._rest[size:]
        return given


def _context(uid: UUID) -> str:
    return f"paper.{uid}"


def _absolute(path: str) -> Path:
    """The place of a path of ours; any other text, such as one climbing out of the root, is refused."""
    if not _SHAPE.fullmatch(path):
        raise FileNotFoundError("文件路径无效。")
    return Path(settings.PAPER_ROOT) / path


def _pieces(place: Path, uid: UUID) -> Iterator[bytes]:
    with place.open("rb") as stream:
        yield from envelope.open_stream(stream, _context(uid))


def _chain(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _make_folders(folder: Path) -> None:
    root = Path(settings.PAPER_ROOT)
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    for level in (folder.parent, folder):
        if not level.exists():
            level.mkdir(mode=0o700, exist_ok=True)
            _sync_folder(level.parent)


@contextmanager
def _replacing(target: Path) -> Iterator[IO[bytes]]:
    """A temporary file beside ``target`` that takes its name, durably, when the block ends well."""
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".", suffix=".part", delete=False) as fresh:
        try:
            yield cast("IO[bytes]", fresh)
            fresh.flush()
            os.fsync(fresh.fileno())
            Path(fresh.name).replace(target)
        except BaseException:
            Path(fresh.name).unlink(missing_ok=True)
            raise
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
