"""Files at rest: sealed, whole, under a name of their own, or missed at once."""

import hashlib
import io
import os
import stat
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

import pytest

from mediation.cases import uploads
from mediation.cases.uploads import UploadRefused, accept_upload, open_stored, store
from mediation.privacy import rotation, vault
from mediation.privacy.sealed import SealBroken
from tests.mediation.upload_files import pdf


@pytest.fixture(autouse=True)
def own_place(settings: Any, tmp_path: Path) -> None:
    settings.PRIVACY_KEYS = {"k1": "11" * 32}
    settings.PAPER_ROOT = tmp_path / "papers"


def _kept(data: bytes, uid: uuid.UUID) -> tuple[uploads.CheckedUpload, str]:
    file = io.BytesIO(data)
    checked = accept_upload(file, name="病历.pdf")
    return checked, store(checked, file, uid)


def test_a_stored_file_comes_back_and_lies_sealed(settings: Any) -> None:
    uid, data = uuid.uuid4(), pdf(pages=3)

    checked, path = _kept(data, uid)

    place = Path(settings.PAPER_ROOT) / path
    assert path == f"{uid.hex[:2]}/{uid.hex[2:4]}/{uid.hex}.sealed"
    assert b"".join(open_stored(path, uid)) == data
    assert b"%PDF" not in place.read_bytes()
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in list(place.parents)[:3]} == {0o700}
    assert vault.examine(path, uid, checked.sha256) == vault.FileState.WHOLE


def test_nothing_but_the_finished_file_is_left(settings: Any) -> None:
    _kept(pdf(), uuid.uuid4())
    assert [found.suffix for found in Path(settings.PAPER_ROOT).rglob("*") if found.is_file()] == [".sealed"]


def test_a_file_changed_after_its_check_is_not_kept(settings: Any) -> None:
    checked = accept_upload(io.BytesIO(pdf()), name="a.pdf")
    with pytest.raises(UploadRefused, match="发生了变化"):
        store(checked, io.BytesIO(pdf(pages=2)), uuid.uuid4())
    assert [found for found in Path(settings.PAPER_ROOT).rglob("*") if found.is_file()] == []


def test_a_stored_file_is_never_overwritten() -> None:
    uid, data = uuid.uuid4(), pdf()
    checked, path = _kept(data, uid)
    with pytest.raises(FileExistsError):
        store(checked, io.BytesIO(data), uid)
    assert b"".join(open_stored(path, uid)) == data


def test_a_crash_while_writing_leaves_no_file_under_the_name(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def power_cut(descriptor: int) -> None:
        raise OSError("disk full")

    uid = uuid.uuid4()
    monkeypatch.setattr(os, "fsync", power_cut)
    with pytest.raises(OSError, match="disk full"):
        vault.put(b"paper", uid)
    assert not any(found.is_file() for found in Path(settings.PAPER_ROOT).rglob("*"))


def test_a_file_is_on_the_disk_before_it_has_its_name(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    uid = uuid.uuid4()
    target, fsync = Path(settings.PAPER_ROOT) / vault.path_of(uid), os.fsync
    synced: list[tuple[bool, bool]] = []

    def watched(descriptor: int) -> None:
        synced.append((stat.S_ISDIR(os.fstat(descriptor).st_mode), target.exists()))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", watched)
    vault.put(b"paper", uid)

    assert synced[-2:] == [(False, False), (True, True)]  # the content, the new name, then the folder that holds it


def test_missing_altered_and_exchanged_files_are_told_apart(settings: Any) -> None:
    mine, other = uuid.uuid4(), uuid.uuid4()
    path, foreign = vault.put(b"mine", mine), vault.put(b"other", other)
    digest = hashlib.sha256(b"mine").hexdigest()
    root = Path(settings.PAPER_ROOT)
    assert vault.examine(path, mine, digest) == vault.FileState.WHOLE
    assert vault.examine(path, mine, "0" * 64) == vault.FileState.ALTERED

    (root / path).write_bytes((root / foreign).read_bytes())
    assert vault.examine(path, mine, digest) == vault.FileState.ALTERED
    with pytest.raises(SealBroken):
        open_stored(path, mine)
    with pytest.raises(SealBroken):
        open_stored(foreign, mine)

    (root / path).unlink()
    assert vault.examine(path, mine, digest) == vault.FileState.MISSING
    with pytest.raises(FileNotFoundError):
        open_stored(path, mine)


@pytest.mark.parametrize(
    "path", ["../../etc/passwd", "/etc/passwd", "", "ab/cd/x.sealed", "ab/cd/" + "0" * 32 + ".sealed"]
)
def test_a_path_that_is_not_ours_is_not_opened(path: str) -> None:
    with pytest.raises(FileNotFoundError):
        open_stored(path, uuid.uuid4())


def test_large_files_are_kept_and_read_in_bounded_memory(settings: Any) -> None:
    """48 MiB through a vault that may hold a few chunks of 256 KiB."""
    size = 48 * 1024 * 1024
    code = f"""
import resource, uuid, os
import django
from django.conf import settings
settings.configure(PRIVACY_KEYS={{"k1": "11" * 32}}, PAPER_ROOT={str(settings.PAPER_ROOT)!r})
from mediation.privacy import vault
uid, large = uuid.uuid4(), open({str(settings.PAPER_ROOT)!r} + ".large", "w+b")
large.truncate({size})
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
path = vault.put(large, uid)
assert sum(len(piece) for piece in vault.fetch(path, uid)) == {size}
vault.reseal(path)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 8 * 1024  # KiB


def test_rotation_reseals_files_and_reports_broken_ones(settings: Any) -> None:
    uid, broken = uuid.uuid4(), uuid.uuid4()
    path, bad = vault.put(b"paper" * 100_000, uid), vault.put(b"x", broken)
    (Path(settings.PAPER_ROOT) / bad).write_bytes(b"scrap")
    (Path(settings.PAPER_ROOT) / "notes.txt").write_text("not ours")
    settings.PRIVACY_KEYS = {"k2": "22" * 32, "k1": "11" * 32}

    first, second = rotation.rotate_papers(), rotation.rotate_papers()
    settings.PRIVACY_KEYS = {"k2": "22" * 32}

    assert (first.resealed, first.broken, second.resealed) == (1, [bad], 0)
    assert vault.fetch_bytes(path, uid) == b"paper" * 100_000
