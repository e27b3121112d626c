"""Sealed files: no byte can be changed, moved, cut or added."""

import io

import pytest

from mediation.privacy import envelope
from mediation.privacy.sealed import SealBroken, open_bytes, open_stream, seal_bytes, seal_stream


@pytest.mark.parametrize("size", [0, 1, envelope.CHUNK - 1, envelope.CHUNK, envelope.CHUNK + 1, 3 * envelope.CHUNK])
def test_a_file_of_any_size_comes_back(size: int) -> None:
    data = bytes(range(256)) * (size // 256) + b"z" * (size % 256)
    sealed = seal_bytes(data, "paper.1")
    assert open_bytes(sealed, "paper.1") == data
    assert size < 64 or data[:64] not in sealed


def test_a_file_cut_at_any_chunk_border_is_refused() -> None:
    sealed = seal_bytes(b"x" * (3 * envelope.CHUNK), "paper.1")
    head = len(sealed) - 3 * (envelope.CHUNK + 16)

    for cut in (0, 4, head - 1, head, head + 1, head + envelope.CHUNK + 16, head + 2 * (envelope.CHUNK + 16), -1):
        with pytest.raises(SealBroken):
            open_bytes(sealed[:cut], "paper.1")


def test_a_file_with_swapped_doubled_or_added_chunks_is_refused() -> None:
    sealed = seal_bytes(b"x" * (3 * envelope.CHUNK), "paper.1")
    step = envelope.CHUNK + 16
    start = len(sealed) - 3 * step
    head, one, two, three = sealed[:start], *(sealed[start + n * step :][:step] for n in range(3))

    for order in (
        (two, one, three),
        (one, one, two, three),
        (three,),
        (one, two, three, three),
        (one, two, three, b"x"),
    ):
        forged = head + b"".join(order)
        with pytest.raises(SealBroken):
            open_bytes(forged, "paper.1")


def test_a_file_with_a_flipped_byte_or_of_another_place_is_refused() -> None:
    sealed = seal_bytes("病历".encode(), "paper.1")
    for place in range(len(sealed)):
        with pytest.raises(SealBroken):
            open_bytes(sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :], "paper.1")
    with pytest.raises(SealBroken):
        open_bytes(sealed, "paper.2")
    with pytest.raises(SealBroken):
        open_bytes("病历".encode(), "paper.1")


def test_chunks_of_two_files_cannot_be_mixed() -> None:
    one, two = (seal_bytes(b"x" * (2 * envelope.CHUNK), "paper.1") for _ in range(2))
    half = envelope.CHUNK + 16
    with pytest.raises(SealBroken):
        open_bytes(one[:-half] + two[-half:], "paper.1")


def test_streams_are_read_in_bounded_pieces() -> None:
    class Endless(io.RawIOBase):
        left, largest = 8 * 1024 * 1024 + 5, 0

        def read(self, size: int = -1) -> bytes:
            Endless.largest = max(Endless.largest, size)
            given = min(size, self.left, 1000)  # a pipe gives less than asked
            self.left -= given
            return b"y" * given

    target = io.BytesIO()
    assert seal_stream(Endless(), target, "a") == 8 * 1024 * 1024 + 5  # type: ignore[arg-type]
    assert Endless.largest <= envelope.CHUNK

    target.seek(0)
    pieces = [len(piece) for piece in open_stream(target, "a")]
    assert (sum(pieces), max(pieces)) == (8 * 1024 * 1024 + 5, envelope.CHUNK)
