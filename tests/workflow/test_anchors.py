"""Anchor lines: what is printed today shows tomorrow that nothing before it was changed, cut off or put back."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection

from tests.workflow.chains import (  # noqa: F401 - fixtures
    KEYS,
    NOW,
    ONE,
    Heads,
    a_story,
    append,
    by_the_verifier,
    force,
    run_verifier,
    some_heads,
)
from workflow.chain import AnchorText, heads_digest, read_line
from workflow.records import AnchorLine, Event, audit_keys, verify

pytestmark = pytest.mark.both
LATER = NOW + timedelta(days=1)


def test_a_line_can_be_printed_and_read_back(story: Heads) -> None:
    line = AnchorLine.objects.get().line
    last = Event.objects.filter(chain=ONE, seq=7).get().pk - 1

    assert re.fullmatch(
        rf"锚 1 2026-03-02T09:30:00\+08:00 链数 3 末行 {last} 摘要 [0-9a-f]{{64}} 签 [0-9a-f]{{64}} 钥 k1", line
    )
    assert read_line(f"  {line.replace(' ', '   ')}\n") == read_line(line)


def test_an_anchor_keeps_only_the_heads_that_moved(story: Heads) -> None:
    second = AnchorLine.make(LATER)
    third = AnchorLine.make(LATER)

    assert second.heads == {ONE: story[ONE]}
    assert third.heads == {}
    assert read_line(third.line).chains == 3
    assert verify().ok
    assert verify().anchors == 3


def rewrite(number: int, **changes: Any) -> None:
    row = AnchorLine.objects.values().get(seq=number) | changes
    values = f"line='{row['line']}', signature='{row['signature']}', heads='{json.dumps(row['heads'])}'"
    force(f"UPDATE workflow_anchorline SET {values} WHERE seq={number}")


def forge(story: Heads) -> None:
    """All of it made to fit, but for the key."""
    row = AnchorLine.objects.get(seq=2)
    text, moved = read_line(row.line), {ONE: (7, "f" * 64)}
    digest = heads_digest(moved, read_line(AnchorLine.objects.get(seq=1).line).digest)
    line = AnchorText(2, text.made_at, 3, text.last_row, digest).signed("k1", b"guessed")
    rewrite(2, line=line, signature=read_line(line).signature, heads=moved)


@pytest.mark.parametrize(("tamper", "seq", "what"), [
    (lambda story: rewrite(2, line="锚"), 2, "读不出"),
    (lambda story: rewrite(2, line=AnchorLine.objects.get(seq=2).line.replace("链数 3", "链数 9")), 2, "与其摘要不符"),
    (lambda story: rewrite(2, signature="0" * 64), 2, "与其各列不符"),
    (lambda story: rewrite(2, heads={}), 2, "与其摘要不符"),
    (lambda story: rewrite(2, heads={ONE: "x"}), 2, "读不出"),
    (lambda story: rewrite(2, heads={ONE: [6, story[ONE][1]]}), 2, "与其摘要不符"),
    (forge, 2, "签名不符"),
    (lambda story: force("DELETE FROM workflow_anchorline WHERE seq=2"), 2, "缺锚 2"),
    (lambda story: force("DELETE FROM workflow_anchorline WHERE seq=3"), 3, "库中没有印出的锚 3"),
])  # fmt: skip
def test_every_tampering_with_anchors_is_located(
    story: Heads, tmp_path: Path, tamper: Callable[[Heads], None], seq: int, what: str
) -> None:
    AnchorLine.make(LATER)
    paper = tmp_path / "paper.txt"
    paper.write_text(AnchorLine.make(LATER).line + "\n\n", encoding="utf-8")
    tamper(story)

    report = verify(printed=paper.read_text(encoding="utf-8").splitlines())
    code, elsewhere = by_the_verifier(tmp_path, "--key", f"k1={KEYS['k1']}", "--lines", str(paper))

    assert report.first_broken is not None
    assert (report.first_broken["chain"], report.first_broken["seq"]) == ("anchor", seq)
    assert what in report.first_broken["what"]
    assert code == 1
    assert elsewhere["first_broken"] == report.first_broken


def test_paper_shows_that_an_older_database_was_put_back(story: Heads, tmp_path: Path) -> None:
    """The database of today knows nothing of the line that will be printed tomorrow: as after a restore."""
    text = read_line(AnchorLine.objects.get().line)
    tomorrow = AnchorText(2, LATER.replace(microsecond=0), 3, 99, text.digest).signed("k1", audit_keys()["k1"])
    paper = tmp_path / "paper.txt"
    paper.write_text(tomorrow, encoding="utf-8")

    with pytest.raises(SystemExit):
        call_command("audit_verify", "--lines", str(paper))

    assert by_the_verifier(tmp_path, "--lines", str(paper))[1]["first_broken"]["seq"] == 2


def test_a_line_that_was_never_signed_is_not_believed(story: Heads, tmp_path: Path) -> None:
    line = AnchorLine.objects.get().line
    paper = tmp_path / "paper.txt"
    paper.write_text(line.replace("链数 3", "链数 4"), encoding="utf-8")

    for option in ((), ("--key", f"k1={KEYS['k1']}")):
        assert by_the_verifier(tmp_path, "--lines", str(paper), *option)[0] == 1
    assert verify(printed=[line]).ok
    assert not verify(printed=[line.replace("链数 3", "链数 4")]).ok
    assert not verify(printed=["锚"]).ok


def test_keys_can_be_changed_and_old_ones_are_kept(story: Heads, settings: Any) -> None:
    settings.AUDIT_KEYS = {"k2": b"\x22" * 32, **KEYS}
    assert read_line(AnchorLine.make(LATER).line).key_id == "k2"
    assert verify().ok

    settings.AUDIT_KEYS = {"k2": b"\x22" * 32}
    assert "密钥 k1 不在设置中" in str(verify().first_broken)


@pytest.mark.parametrize("keys", [{}, {"k1": "no hex"}])
def test_missing_or_unreadable_keys_are_named_at_once(settings: Any, keys: dict[str, str]) -> None:
    settings.AUDIT_KEYS = keys

    with pytest.raises(ImproperlyConfigured, match="AUDIT_KEYS"):
        audit_keys()


def test_a_wrong_key_fails_the_verifier(story: Heads, tmp_path: Path) -> None:
    code, report = by_the_verifier(tmp_path, "--key", f"k1={'22' * 32}")

    assert (code, report["first_broken"]["what"]) == (1, "锚 1 的签名不符")


@pytest.mark.parametrize("content", ["", "no json", '{"row": "event"}', '{"row":"header","format":1,"chain":null}\n[]'])
def test_a_file_that_is_no_export_is_an_error_of_its_own(tmp_path: Path, content: str) -> None:
    (tmp_path / "strange.jsonl").write_text(content, encoding="utf-8")

    done = run_verifier(tmp_path, "strange.jsonl")

    assert done.returncode == 2
    assert done.stderr.startswith("读不出")


def test_the_verifier_tells_people_in_chinese_what_it_found(story: Heads, tmp_path: Path) -> None:
    by_the_verifier(tmp_path)

    told = run_verifier(tmp_path, "record.jsonl").stdout

    assert "记录完好" in told
    assert "签名未核对" in told


def test_the_line_of_the_day_is_made_once_and_not_before_anything_happened(db: None, heads: Heads) -> None:
    if not Event.objects.exists():
        assert AnchorLine.make_if_due(NOW) is None
    append(heads, ONE)

    assert AnchorLine.make_if_due(NOW) is not None
    assert AnchorLine.make_if_due(LATER - timedelta(minutes=1)) is None
    assert AnchorLine.make_if_due(LATER) is not None


def test_the_command_prints_the_new_line_or_all(story: Heads, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("audit_anchor")
    printed = capsys.readouterr().out.strip()
    call_command("audit_anchor", "--all")

    assert read_line(printed).seq == 2
    assert [read_line(line).seq for line in capsys.readouterr().out.splitlines()] == [1, 2]
    assert verify(printed=[printed]).ok


def test_one_case_can_be_exported_and_verified_alone(story: Heads, tmp_path: Path) -> None:
    code, report = by_the_verifier(tmp_path, "--key", f"k1={KEYS['k1']}", case=900001)
    rows = [json.loads(line) for line in (tmp_path / "record.jsonl").read_text(encoding="utf-8").splitlines()]
    force(f"DELETE FROM workflow_event WHERE chain='{ONE}' AND seq=5")

    assert (code, report["checked"], report["chains"]) == (0, 7, 1)
    assert {row["chain"] for row in rows if row["row"] in ("head", "event")} == {ONE}
    assert by_the_verifier(tmp_path, case=900001)[1]["first_broken"]["seq"] == 5
    assert by_the_verifier(tmp_path, case=900002)[0] == 0
    assert (tmp_path / "record.jsonl").stat().st_mode & 0o777 == 0o600
    with pytest.raises(CommandError, match="没有案件"):
        call_command("audit_export", case=4)
    assert Event.objects.filter(kind="audit_export").count() == 3
    assert not connection.in_atomic_block
