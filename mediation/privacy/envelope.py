"""The two sealed forms: a short value in a column, and a file or paper on disk. Both are AES-256-GCM.

A value is ``version(1) | length of key id(1) | key id | nonce(12) | ciphertext and tag``; its context is authenticated
with it, so a value copied to another row or column does not open.

A file is ``b"SEALED1\\n" | length of key id(1) | key id | salt(32) | chunks``. The salt derives a key for this file
alone (HKDF-SHA256); every chunk is 256 KiB of plaintext plus its tag of 16 bytes, the last one shorter or empty. The
nonce is the chunk's number (11 bytes) and a byte that is 1 on the last chunk only: chunks cannot be reordered,
dropped or appended, and a file cut at any byte is refused. Memory stays bounded whatever the size.
"""

import io
import os
from collections.abc import Iterator
from functools import lru_cache
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from mediation.privacy.keys import UnknownKey, key_ring

VERSION = 1
MAGIC = b"SEALED1\n"
CHUNK = 256 * 1024
_TAG = 16
_NONCE = 12
_SALT = 32


class SealBroken(Exception):
    """A sealed value or file is damaged, was moved from elsewhere, or was never sealed. It is never returned."""


def seal_value(data: bytes, context: str) -> bytes:
    """Seal a short value under the active key; ``context`` ("table.column.uid") must be given again to open it."""
    ring = key_ring()
    key_id = ring.active.encode("ascii")
    nonce = os.urandom(_NONCE)
    sealed = _cipher(ring.key(ring.active)).encrypt(nonce, data, context.encode("utf-8"))
    return bytes((VERSION, len(key_id))) + key_id + nonce + sealed


def open_value(envelope: bytes, context: str) -> bytes:
    """The plaintext of :func:`seal_value`; raises SealBroken for anything that was not sealed for this context."""
    key_id, start = _value_head(envelope)
    nonce, sealed = envelope[start : start + _NONCE], envelope[start + _NONCE :]
    try:
        return _cipher(key_ring().key(key_id)).decrypt(nonce, sealed, context.encode("utf-8"))
    except (InvalidTag, UnknownKey) as error:
        raise SealBroken(f"{_place(context)}：密文无法解开。") from error


def value_key_id(envelope: bytes) -> str:
    """The id of the key that sealed a value; raises SealBroken when the bytes are no envelope."""
    return _value_head(envelope)[0]


def seal_bytes(data: bytes, context: str) -> bytes:
    """Seal a whole file held in memory; the form is that of :func:`seal_stream`."""
    target = io.BytesIO()
    seal_stream(io.BytesIO(data), target, context)
    return target.getvalue()


def open_bytes(sealed: bytes, context: str) -> bytes:
    """The plaintext of :func:`seal_bytes`, complete or not at all; raises SealBroken."""
    return b"".join(open_stream(io.BytesIO(sealed), context))


def seal_stream(source: IO[bytes], target: IO[bytes], context: str) -> int:
    """Copy ``source`` sealed into ``target`` and return the number of plaintext bytes."""
    ring = key_ring()
    salt = os.urandom(_SALT)
    head = _file_head(ring.active, salt)
    cipher = AESGCM(_file_key(ring.key(ring.active), salt))
    target.write(head)
    size = number = 0
    chunk = _read_exactly(source, CHUNK)
    while True:
        following = _read_exactly(source, CHUNK) if len(chunk) == CHUNK else b""
        last = not following
        target.write(cipher.encrypt(_chunk_nonce(number, last=last), chunk, head + context.encode("utf-8")))
        size += len(chunk)
        if last:
            return size
        chunk, number = following, number + 1


def open_stream(source: IO[bytes], context: str) -> Iterator[bytes]:
    """The plaintext piece by piece, each piece authenticated; raises SealBroken, at a missing end only at the end."""
    key_id, salt = _read_file_head(source)
    try:
        cipher = AESGCM(_file_key(key_ring().key(key_id), salt))
    except UnknownKey as error:
        raise SealBroken(f"{_place(context)}：文件的加密密钥不在配置中。") from error
    bound = _file_head(key_id, salt) + context.encode("utf-8")
    number = 0
    piece = _read_exactly(source, CHUNK + _TAG)
    while True:
        following = _read_exactly(source, CHUNK + _TAG) if len(piece) == CHUNK + _TAG else b""
        try:
            yield cipher.decrypt(_chunk_nonce(number, last=not following), piece, bound)
        except InvalidTag as error:
            raise SealBroken(f"{_place(context)}：文件已损坏、被移动或被截断。") from error
        if not following:
            return
        piece, number = following, number + 1


def file_key_id(source: IO[bytes]) -> str:
    """The id of the key that sealed a file, read from its first bytes; raises SealBroken when it is not sealed."""
    return _read_file_head(source)[0]


def _value_head(envelope: bytes) -> tuple[str, int]:
    if len(envelope) < 2 or envelope[0] != VERSION:
        raise SealBroken("数据库中的值不是密文。")
    start = 2 + envelope[1]
    if len(envelope) < start + _NONCE + _TAG:
        raise SealBroken("数据库中的密文不完整。")
    return _key_id(envelope[2:start]), start


def _key_id(raw: bytes) -> str:
    try:
        return raw.decode("ascii")
    except UnicodeDecodeError as error:
        raise SealBroken("密文的密钥编号已损坏。") from error


def _file_head(key_id: str, salt: bytes) -> bytes:
    return MAGIC + bytes((len(key_id),)) + key_id.encode("ascii") + salt


def _read_file_head(source: IO[bytes]) -> tuple[str, bytes]:
    start = _read_exactly(source, len(MAGIC) + 1)
    if len(start) != len(MAGIC) + 1 or not start.startswith(MAGIC):
        raise SealBroken("保存的文件不是密文。")
    key_id = _key_id(_read_exactly(source, start[-1]))
    salt = _read_exactly(source, _SALT)
    if len(key_id) != start[-1] or len(salt) != _SALT:
        raise SealBroken("保存的文件不完整。")
    return key_id, salt


def _file_key(key: bytes, salt: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"sealed file").derive(key)


def _chunk_nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(_NONCE - 1, "big") + (b"\x01" if last else b"\x00")


def _read_exactly(source: IO[bytes], size: int) -> bytes:
    """Up to ``size`` bytes, fewer only at the end: ``read`` of a pipe or an upload may return less than asked."""
    pieces: list[bytes] = []
    while size > 0 and (piece := source.read(size)):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def _place(context: str) -> str:
    """The table and column of a context without its uid, for messages."""
    return context.rsplit(".", 1)[0]


@lru_cache(maxsize=16)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)
