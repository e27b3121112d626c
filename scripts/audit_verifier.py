#!/usr/bin/env python3
"""Verify an exported record anywhere: Python 3.11 and nothing else, no database, no network.

    manage.py audit_export --output record.jsonl                on the server
    python3 -I audit_verifier.py record.jsonl                   anywhere: hash chains, heads and anchors' digests
    python3 -I audit_verifier.py record.jsonl --key k1=KEY      also the anchors' signatures (KEY in hex or base64)
    python3 -I audit_verifier.py record.jsonl --lines paper.txt also against anchor lines that were printed earlier

Exit code 0: the record is as it was written. 1: it is not, and the first broken row is named. 2: a file is unreadable.

It shares no code with the product on purpose: it repeats, from the description alone, what a hash covers. An event's
hash is the SHA-256 of a JSON object with the keys in COLUMNS, sorted, without spaces, non-ASCII characters as they are,
in UTF-8. Row 1 has 64 zeros as "previous", each later row the hash of the row before. The digest of an anchor is the
SHA-256 of the digest before it (the first: 64 zeros) followed by a line "chain seq hash" for each head that moved,
sorted by chain. Its signature is the HMAC-SHA-256 of the printed line up to the blank before 签.
"""

import argparse
import base64
import hashlib
import hmac
import json
import re
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

COLUMNS = [
    "actor_id", "chain", "data", "digest", "happened_on", "kind", "organisation_id",
    "previous", "recorded_at", "role", "seq", "source", "target",
]  # fmt: skip
ZEROS = "0" * 64
Row = dict[str, Any]
Head = tuple[int, str]
LINE = re.compile(r"(锚 (\d+) (\S+) 链数 (\d+) 末行 \d+ 摘要 ([0-9a-f]{64})) 签 ([0-9a-f]{64}) 钥 (\S+)")


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def event_hash(row: Row) -> str:
    fields = {name: row[name] for name in COLUMNS}
    return sha256(json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False))


def heads_digest(heads: dict[str, Head], previous: str = "") -> str:
    return sha256(previous + "".join(f"{chain} {seq} {head}\n" for chain, (seq, head) in sorted(heads.items())))


def key_bytes(text: str) -> bytes:
    is_hex = re.fullmatch(r"(?:[0-9a-fA-F]{2}){16,}", text)
    return bytes.fromhex(text) if is_hex else base64.b64decode(text, validate=True)


class Verifier:
    """State of one pass over an export: anchors and heads first, then the events."""

    def __init__(self, keys: dict[str, bytes], only: str | None = None) -> None:
        self.keys = keys
        self.only = only
        self.anchors = 0
        self.digest = ZEROS
        self.lines: dict[int, str] = {}
        self.anchored: set[str] = set()
        self.says: dict[str, dict[int, tuple[str, int]]] = {}
        self.heads: dict[str, Head] = {}
        self.tips: dict[str, Head] = {}
        self.found: dict[str, Row] = {}
        self.anchor_found: Row | None = None
        self.checked = 0

    def anchor(self, row: Row) -> None:
        if self.anchor_found:
            return
        if row["seq"] != self.anchors + 1:
            late = row["seq"] > self.anchors + 1
            what = f"缺锚 {self.anchors + 1}" if late else f"锚 {row['seq']} 重复"
            self.break_anchor(self.anchors + 1 if late else row["seq"], what, None if late else row["id"])
        elif what := self.anchor_fault(row):
            self.break_anchor(row["seq"], what, row["id"])
        else:
            self.anchors = row["seq"]
            self.lines[row["seq"]] = row["line"]

    def anchor_fault(self, row: Row) -> str:
        number = row["seq"]
        parts = LINE.fullmatch(row["line"])
        try:
            heads = {chain: (int(seq), str(head)) for chain, (seq, head) in row["heads"].items()}
            stated = parts and datetime.fromisoformat(parts[3])
        except (ValueError, TypeError, AttributeError):
            parts = None
        if parts is None:
            return f"锚 {number} 读不出"
        if (int(parts[2]), stated, parts[6]) != (number, datetime.fromisoformat(row["made_at"]), row["signature"]):
            return f"锚 {number} 的行文与其各列不符"
        digest = heads_digest(heads, self.digest)
        if digest != parts[5] or int(parts[4]) != len(self.anchored | heads.keys()):
            return f"锚 {number} 所记链首与其摘要不符"
        if what := self.unsigned(parts):
            return what
        self.digest = digest
        self.anchored |= heads.keys()
        for chain, (seq, head) in heads.items():
            if self.only in (None, chain):
                self.says.setdefault(chain, {})[seq] = (head, number)
        return ""

    def unsigned(self, parts: re.Match[str]) -> str:
        if not self.keys:
            return ""
        if parts[7] not in self.keys:
            return f"锚 {parts[2]} 的密钥 {parts[7]} 不在设置中，签名无法核对"
        expected = hmac.new(self.keys[parts[7]], parts[1].encode(), hashlib.sha256).hexdigest()
        return "" if hmac.compare_digest(expected, parts[6]) else f"锚 {parts[2]} 的签名不符"

    def compare(self, printed: Iterable[str]) -> None:
        for line in (" ".join(text.split()) for text in printed):
            if self.anchor_found or not line:
                continue
            parts = LINE.fullmatch(line)
            if parts is None:
                self.break_anchor(0, "印出的锚行读不出")
            elif what := self.unsigned(parts):
                self.break_anchor(int(parts[2]), what)
            elif int(parts[2]) not in self.lines:
                self.break_anchor(int(parts[2]), f"库中没有印出的锚 {parts[2]}（库比纸旧，或锚被删除）")
            elif line != self.lines[int(parts[2])]:
                self.break_anchor(int(parts[2]), f"库中的锚 {parts[2]} 与印出的不符")

    def break_anchor(self, seq: int, what: str, pk: int | None = None) -> None:
        self.anchor_found = {"chain": "anchor", "seq": seq, "id": pk, "what": what}

    def head(self, row: Row) -> None:
        self.heads[row["chain"]] = (row["seq"], row["head"])

    def event(self, row: Row) -> None:
        chain, seq = row["chain"], row["seq"]
        self.checked += 1
        tip = self.tips.get(chain, (0, ZEROS))
        if not isinstance(seq, int):
            self.break_chain(chain, tip[0] + 1, row["id"], "行号读不出（被改写）")
            return
        self.tips[chain] = (seq, row["hash"])
        if chain in self.found:
            return
        if seq > tip[0] + 1:
            self.break_chain(chain, tip[0] + 1, None, f"缺第 {tip[0] + 1} 行（其后是第 {seq} 行）")
        elif what := self.event_fault(row, tip):
            self.break_chain(chain, seq, row["id"], what)

    def event_fault(self, row: Row, tip: Head) -> str:
        chain, seq = row["chain"], row["seq"]
        if seq <= tip[0]:
            return f"行号 {seq} 重复"
        try:
            expected = event_hash(row)
        except (KeyError, ValueError):
            expected = ""
        if expected != row["hash"] or not expected:
            return "内容与其散列不符（被改写）"
        if row["previous"] != tip[1]:
            return "与上一行不相接（上一行被改写，或本行被插入、调换）"
        if chain not in self.heads:
            return "链没有主：案件不存在"
        last, head = self.heads[chain]
        if seq > last:
            return f"多出的行：链首只到第 {last} 行"
        if seq == last and row["hash"] != head:
            return "与链首所记不符（整链被重算，或链首被改）"
        said = self.says.get(chain, {}).get(seq)
        if said and said[0] != row["hash"]:
            return f"与锚 {said[1]} 所记不符（整链被重算）"
        return ""

    def finish(self) -> None:
        for chain, (seq, _) in self.heads.items():
            self.require(chain, seq, f"链首记到第 {seq} 行")
        for chain, said in self.says.items():
            self.require(chain, max(said), f"锚 {said[max(said)][1]} 记到第 {max(said)} 行")

    def require(self, chain: str, seq: int, because: str) -> None:
        last = self.tips.get(chain, (0, ZEROS))[0]
        if last < seq:
            self.break_chain(chain, last + 1, None, f"链尾缺行：只到第 {last} 行，而{because}")

    def break_chain(self, chain: str, seq: int, pk: int | None, what: str) -> None:
        self.found.setdefault(chain, {"chain": chain, "seq": seq, "id": pk, "what": what})

    def report(self) -> Row:
        first = self.found[min(self.found)] if self.found else self.anchor_found
        return {
            "ok": first is None,
            "checked": self.checked,
            "chains": len(self.tips),
            "anchors": self.anchors,
            "first_broken": first,
            "broken_chains": len(self.found),
            "heads_digest": heads_digest(self.tips),
            "signatures_checked": bool(self.keys),
        }


def verify(export: Iterator[str], keys: dict[str, bytes], printed: Iterable[str]) -> Row:
    """Read the export line by line; memory grows with the number of chains, not of rows."""
    header = json.loads(next(export))
    if header.get("row") != "header" or header.get("format") != 1:
        raise ValueError("not an export of format 1")
    verifier = Verifier(keys, header["chain"])
    compared = False
    for line in export:
        row = json.loads(line)
        if row["row"] not in ("anchor", "head", "event"):
            raise ValueError(f"unknown row {row['row']}")
        if row["row"] != "anchor" and not compared:
            verifier.compare(printed)
            compared = True
        getattr(verifier, row["row"])(row)
    if not compared:
        verifier.compare(printed)
    verifier.finish()
    return verifier.report()


def tell(report: Row) -> None:
    print(f"已核验 {report['checked']} 行，{report['chains']} 条链，{report['anchors']} 个锚")
    print(f"链首摘要 {report['heads_digest']}")
    if not report["signatures_checked"]:
        print("未给密钥（--key），锚的签名未核对")
    if broken := report["first_broken"]:
        row = f"（库内编号 {broken['id']}）" if broken["id"] is not None else ""
        print(f"首处异常：链 {broken['chain']} 第 {broken['seq']} 行{row}：{broken['what']}")
        print(f"异常的链共 {report['broken_chains']} 条")
    print("记录完好" if report["ok"] else "记录有异常")


def main() -> int:
    parser = argparse.ArgumentParser(description="核验 audit_export 导出的记录。")
    parser.add_argument("export", help="导出的文件")
    parser.add_argument("--key", action="append", default=[], metavar="编号=密钥", help="锚的密钥，十六进制或 base64")
    parser.add_argument("--lines", help="印出并留存的锚行，每行一条")
    parser.add_argument("--json", action="store_true", help="以 JSON 输出")
    options = parser.parse_args()
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    try:
        keys = {name: key_bytes(value) for name, _, value in (text.partition("=") for text in options.key)}
        printed: list[str] = []
        if options.lines:
            printed = Path(options.lines).read_text(encoding="utf-8").splitlines()
        with Path(options.export).open(encoding="utf-8") as export:
            report = verify(export, keys, printed)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, StopIteration) as failure:
        print(f"读不出：{type(failure).__name__}: {failure}", file=sys.stderr)
        return 2
    if options.json:
        print(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        tell(report)
    return 0 if report["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
