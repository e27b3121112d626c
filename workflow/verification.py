"""Walk the record and name the first row that is not as it was written. Pure: rows come in, a report goes out.

What is found: a changed row, a missing one (middle or tail), a row too many, rows exchanged or written twice, a chain
hashed anew, a chain without an owner, an anchor that was changed, removed or does not fit the rows. What happened after
the last anchor and was hashed anew together with its head cannot be found from inside; a printed line made later can.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, TypedDict

from workflow.chain import GENESIS, AnchorText, Head, event_hash, heads_digest, read_line, signature_holds

ANCHOR = "anchor"  # the name under which findings about anchors are reported


class Finding(TypedDict):
    """The broken row. ``id`` is None where the row is missing; ``chain`` is "anchor" for an anchor line."""

    chain: str
    seq: int
    id: int | None
    what: str


class AnchorRow(NamedTuple):
    """One stored anchor: ``heads`` are those that moved since the anchor before, as chain -> [seq, hash]."""

    id: int
    seq: int
    made_at: datetime
    line: str
    signature: str
    heads: Mapping[str, Any]


@dataclass(frozen=True)
class Report:
    """What a verification found; ``heads_digest`` stands for the last row of every chain."""

    ok: bool
    checked: int
    chains: int
    anchors: int
    first_broken: Finding | None
    broken_chains: int
    heads_digest: str
    unguarded: tuple[str, ...] = ()
    verified_at: datetime | None = None

    def as_json(self) -> dict[str, Any]:
        """The report in plain values, for ``json.dumps``."""
        plain = {name: getattr(self, name) for name in self.__dataclass_fields__}
        plain["unguarded"] = list(self.unguarded)
        plain["verified_at"] = self.verified_at.isoformat() if self.verified_at else None
        return plain


@dataclass
class Anchors:
    """The anchors read in order: what each says about the chains, up to the first that cannot be trusted."""

    keys: Mapping[str, bytes]
    count: int = 0
    digest: str = GENESIS
    lines: dict[int, str] = field(default_factory=dict)
    known: dict[str, Head] = field(default_factory=dict)
    says: dict[str, dict[int, tuple[str, int]]] = field(default_factory=dict)
    finding: Finding | None = None

    def read(self, rows: Iterable[AnchorRow]) -> None:
        """Take in the stored anchors, ordered by ``seq``; stop at the first broken one."""
        for row in rows:
            what = self._fault(row)
            if what:
                seq = self.count + 1 if row.seq > self.count + 1 else row.seq
                self.finding = Finding(chain=ANCHOR, seq=seq, id=row.id if seq == row.seq else None, what=what)
                return
            self.count = row.seq
            self.lines[row.seq] = row.line

    def compare(self, printed: Iterable[str]) -> None:
        """Hold lines that were printed earlier against the stored ones: only paper shows that all of it is old."""
        for line in printed:
            if self.finding or not line.strip():
                continue
            try:
                text = read_line(line)
            except ValueError:
                self.finding = Finding(chain=ANCHOR, seq=0, id=None, what="印出的锚行读不出")
                return
            what = self._unsigned(text)
            if not what and text.seq not in self.lines:
                what = f"库中没有印出的锚 {text.seq}（库比纸旧，或锚被删除）"
            elif not what and " ".join(line.split()) != self.lines[text.seq]:
                what = f"库中的锚 {text.seq} 与印出的不符"
            if what:
                self.finding = Finding(chain=ANCHOR, seq=text.seq, id=None, what=what)

    def _fault(self, row: AnchorRow) -> str:
        if row.seq != self.count + 1:
            return f"缺锚 {self.count + 1}" if row.seq > self.count + 1 else f"锚 {row.seq} 重复"
        try:
            text = read_line(row.line)
            heads = {chain: (int(seq), str(head)) for chain, (seq, head) in row.heads.items()}
        except (ValueError, TypeError, AttributeError):
            return f"锚 {row.seq} 读不出"
        if (text.seq, text.made_at, text.signature) != (row.seq, row.made_at, row.signature):
            return f"锚 {row.seq} 的行文与其各列不符"
        digest = heads_digest(heads, self.digest)
        if digest != text.digest or text.chains != len(self.known.keys() | heads.keys()):
            return f"锚 {row.seq} 所记链首与其摘要不符"
        unsigned = self._unsigned(text)
        if not unsigned:
            self.digest = digest
            self.known.update(heads)
            for chain, (seq, head) in heads.items():
                self.says.setdefault(chain, {})[seq] = (head, row.seq)
        return unsigned

    def _unsigned(self, text: AnchorText) -> str:
        if text.key_id not in self.keys:
            return f"锚 {text.seq} 的密钥 {text.key_id} 不在设置中，签名无法核对"
        return "" if signature_holds(text, self.keys[text.key_id]) else f"锚 {text.seq} 的签名不符"


@dataclass
class Walk:
    """The rows of all chains, one after another; ``heads`` is what the cases and the system chain say of themselves."""

    heads: Mapping[str, Head]
    anchors: Anchors
    tips: dict[str, Head] = field(default_factory=dict)
    findings: dict[str, Finding] = field(default_factory=dict)
    checked: int = 0

    def step(self, row: Mapping[str, Any]) -> None:
        """Take one event; rows of a chain come in the order of ``seq``."""
        chain, seq = str(row["chain"]), row["seq"]
        self.checked += 1
        tip = self.tips.get(chain, (0, GENESIS))
        if not isinstance(seq, int):  # SQLite lets anything into a column
            self._find(chain, tip[0] + 1, row["id"], "行号读不出（被改写）")
            return
        self.tips[chain] = (seq, row["hash"])
        if chain in self.findings:
            return
        if seq > tip[0] + 1:
            self._find(chain, tip[0] + 1, None, f"缺第 {tip[0] + 1} 行（其后是第 {seq} 行）")
        elif what := self._fault(row, tip):
            self._find(chain, seq, row["id"], what)

    def finish(self) -> None:
        """After the last row: which chains end too early?"""
        for chain, (seq, _) in self.heads.items():
            self._require(chain, seq, f"链首记到第 {seq} 行")
        for chain, said in self.anchors.says.items():
            last = max(said)
            self._require(chain, last, f"锚 {said[last][1]} 记到第 {last} 行")

    def _require(self, chain: str, seq: int, because: str) -> None:
        last = self.tips.get(chain, (0, GENESIS))[0]
        if last < seq:
            self._find(chain, last + 1, None, f"链尾缺行：只到第 {last} 行，而{because}")

    def _fault(self, row: Mapping[str, Any], tip: Head) -> str:
        chain, seq = row["chain"], row["seq"]
        if seq <= tip[0]:
            return f"行号 {seq} 重复"
        try:
            expected = event_hash(row)
        except (KeyError, ValueError, TypeError):  # what was forced into the row cannot even be read
            expected = ""
        if expected != row["hash"] or not expected:
            return "内容与其散列不符（被改写）"
        if row["previous"] != tip[1]:
            return "与上一行不相接（上一行被改写，或本行被插入、调换）"
        head = self.heads.get(chain)
        if head is None:
            return "链没有主：案件不存在"
        if seq > head[0]:
            return f"多出的行：链首只到第 {head[0]} 行"
        if seq == head[0] and row["hash"] != head[1]:
            return "与链首所记不符（整链被重算，或链首被改）"
        said = self.anchors.says.get(chain, {}).get(seq)
        if said and said[0] != row["hash"]:
            return f"与锚 {said[1]} 所记不符（整链被重算）"
        return ""

    def _find(self, chain: str, seq: int, pk: int | None, what: str) -> None:
        self.findings.setdefault(chain, Finding(chain=chain, seq=seq, id=pk, what=what))

    def report(self) -> Report:
        """The first broken row is that of the first chain in alphabetical order; an anchor's comes after all chains."""
        first = self.findings[min(self.findings)] if self.findings else self.anchors.finding
        return Report(
            ok=first is None,
            checked=self.checked,
            chains=len(self.tips),
            anchors=self.anchors.count,
            first_broken=first,
            broken_chains=len(self.findings),
            heads_digest=heads_digest(self.tips),
        )


def examine(
    events: Iterable[Mapping[str, Any]],
    heads: Mapping[str, Head],
    anchors: Iterable[AnchorRow],
    keys: Mapping[str, bytes],
    printed: Iterable[str] = (),
) -> Report:
    """Verify the whole record.

    ``events``: rows with every key of ``COLUMNS``, ``id`` and ``hash``, each chain in the order of ``seq``.
    ``keys``: key id -> key of the anchors' signatures. ``printed``: anchor lines kept on paper.
    """
    stored = Anchors(keys)
    stored.read(anchors)
    stored.compare(printed)
    walk = Walk(heads, stored)
    for row in events:
        walk.step(row)
    walk.finish()
    return walk.report()
