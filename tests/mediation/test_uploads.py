"""Uploads: what a person may hand in, how it is examined, and what its name may be."""

import hashlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import InMemoryUploadedFile, TemporaryUploadedFile

from mediation.cases import inspection, uploads
from mediation.cases.uploads import UploadRefused, accept_upload, clean_name
from tests.mediation.upload_corpus import BAD, GOOD
from tests.mediation.upload_files import exploding_object_stream, pdf


@pytest.fixture(autouse=True)
def own_place(settings: Any, tmp_path: Path) -> None:
    settings.PRIVACY_KEYS = {"k1": "11" * 32}
    settings.PAPER_ROOT = tmp_path / "papers"


@pytest.mark.parametrize("case", GOOD)
def test_what_people_have_is_accepted(case: str) -> None:
    name, make, kind, pages = GOOD[case]
    data = make()

    checked = accept_upload(io.BytesIO(data), name=name)

    assert (checked.kind, checked.pages, checked.size, checked.name) == (kind, pages, len(data), name)
    assert checked.sha256 == hashlib.sha256(data).hexdigest()
    assert checked.mime == uploads.MIME_TYPES[kind]


@pytest.mark.parametrize("case", BAD)
def test_the_hostile_corpus_stays_outside(case: str) -> None:
    name, make, reason = BAD[case]
    with pytest.raises(UploadRefused, match=reason) as refused:
        accept_upload(io.BytesIO(make()), name=name)
    assert str(refused.value).endswith("。")


def test_a_bomb_is_stopped_at_the_limit_of_memory(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.pdf"
    bomb.write_bytes(exploding_object_stream())

    with bomb.open("rb") as stream, (tmp_path / "answer").open("w+b") as said:
        examiner = subprocess.Popen([sys.executable, "-I", inspection.__file__], stdin=stream, stdout=said)
        usage = os.wait4(examiner.pid, 0)[2]
        examiner.returncode = 0  # waited for already

    assert "refused" in json.loads((tmp_path / "answer").read_text() or '{"refused": ""}')
    assert usage.ru_maxrss * 1024 < inspection.MEMORY


def test_a_pdf_of_endless_parts_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspection, "MAX_PDF_OBJECTS", 20)
    assert inspection.inspect(io.BytesIO(pdf())) == {"kind": "pdf", "pages": 1}
    with pytest.raises(inspection.Refused, match="过于复杂"):
        inspection.inspect(io.BytesIO(pdf(pages=40)))


class Endless:
    """A source that never ends and counts what was asked of it."""

    given = 0

    def seek(self, offset: int, /) -> None:
        self.given = 0

    def read(self, size: int = -1, /) -> bytes:
        self.given += size
        return b"%PDF-" + b"0" * (size - 5)


def test_reading_stops_at_the_limit_of_size(settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 3 * 1024 * 1024
    source = Endless()
    with pytest.raises(UploadRefused, match="超过 3 MiB"):
        accept_upload(source, name="a.pdf")
    assert source.given < 4 * 1024 * 1024


def test_the_limit_itself_is_allowed(settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = len(data := pdf())
    assert accept_upload(io.BytesIO(data), name="a.pdf").size == len(data)
    settings.UPLOAD_MAX_BYTES -= 1
    with pytest.raises(UploadRefused):
        accept_upload(io.BytesIO(data), name="a.pdf")


def test_both_kinds_of_django_upload_are_read_from_their_beginning() -> None:
    data = pdf(pages=2)
    in_memory = InMemoryUploadedFile(io.BytesIO(data), "f", "a.pdf", "text/html", len(data), None)
    on_disk = TemporaryUploadedFile("a.pdf", "text/html", len(data), None)
    on_disk.write(data)

    for file in (in_memory, on_disk):
        file.seek(7)
        assert accept_upload(file, name="a.pdf").pages == 2
        assert file.read() == data
    on_disk.close()


def test_the_examining_process_gets_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRIVACY_KEYS", "canary")
    seen: list[dict[str, str]] = []
    run = subprocess.run

    def watched(*args: Any, **options: Any) -> Any:
        seen.append(options["env"])
        return run(*args, **options)

    monkeypatch.setattr(subprocess, "run", watched)
    accept_upload(io.BytesIO(pdf()), name="a.pdf")
    assert "canary" not in str(seen)


@pytest.mark.parametrize(
    "script", ["import os; os.abort()", "import time; time.sleep(9)", "print('{')", "print('')", "raise SystemExit(3)"]
)
def test_an_examination_that_dies_or_hangs_refuses_the_file(
    script: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text(script)
    monkeypatch.setattr(uploads, "_INSPECTION", broken)
    monkeypatch.setattr(uploads, "_INSPECTION_SECONDS", 1)
    with pytest.raises(UploadRefused, match="限定的时间和内存"):
        accept_upload(io.BytesIO(pdf()), name="a.pdf")


def test_the_examiner_needs_nothing_of_the_project() -> None:
    code = f"import runpy, sys; runpy.run_path({inspection.__file__!r}); print(any('django' in m for m in sys.modules))"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize(
    ("given", "clean"),
    [
        ("病历.pdf", "病历.pdf"),
        ("../../etc/病历.pdf", "病历.pdf"),
        ("C:\\Users\\张\\病历.pdf", "病历.pdf"),
        ("a\x00b\r\n.pdf", "ab.pdf"),
        ("病历\u202efdp.docx", "病历fdp.docx"),
        ("  病  历 .pdf. ", "病 历 .pdf"),
        ('a"b<c>.pdf', "a_b_c_.pdf"),
        ("道滘镇高埗.png", "道滘镇高埗.png"),
        ("字" * 300 + ".pdf", "字" * 116 + ".pdf"),
        ("..", ""),
        ("", ""),
    ],
)
def test_a_file_name_is_only_a_name(given: str, clean: str) -> None:
    assert clean_name(given) == clean
