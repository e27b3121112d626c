"""The arithmetic of the record: what a row's hash covers, what an anchor line says. Pure: no database, no settings.

**Canonical form of an event.** A JSON object with exactly the keys of ``COLUMNS``, keys sorted, no spaces, non-ASCII
characters as they are, encoded as UTF-8. ``happened_on`` is ``YYYY-MM-DD``; ``recorded_at`` is UTC with six decimals
and ``+00:00``, because SQLite and PostgreSQL both keep microseconds and neither keeps a time zone. Absent numbers are
``null``, absent texts ``""``. The hash is the SHA-256 of it in lower-case hex; ``id`` and ``hash`` are outside of it.

**A chain** starts at ``seq`` 1 with ``previous`` = ``GENESIS`` and repeats in each row the hash of the row before.

**A heads digest** is the SHA-256 of ``previous`` followed by one line ``chain seq hash`` (and a line feed) for each
head, sorted by chain. An anchor takes the digest of the anchor before it (the first: ``GENESIS``) as ``previous`` and
the heads that moved since, so its one digest stands for every head up to then, at the cost of what has changed.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

GENESIS = "0" * 64
SYSTEM = "system"
COLUMNS = (
    "chain",
    "seq",
    "kind",
    "source",
    "target",
    "actor_id",
    "role",
    "organisation_id",
    "happened_on",
    "recorded_at",
    "data",
    "digest",
    "previous",
)

Head = tuple[int, str]
Scalar = str | int | bool | None
Data = Mapping[str, Scalar | list[Scalar]]

LONGEST_TEXT = 120  # a code, a reference or a digest is shorter; a sentence about a person seldom is
LARGEST_NUMBER = 2**53  # beyond it readers in other languages round
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_.\-]{0,59}")
_CONTROL = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
_PHONE = re.compile(r"(?<![0-9A-Za-z])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?![0-9A-Za-z])")
_IDENTITY = re.compile(
    r"(?<![0-9A-Za-z])[1-9]\d{5}(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![0-9A-Za-z])"
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_SHANGHAI = ZoneInfo("Asia/Shanghai")
_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


class DataRefused(ValueError):
    """A value was offered for the record, or for the outbox, that may not stand there."""


def check_data(data: Data) -> None:
    """Refuse what is not a code, a reference, a number or a digest.

    Flat: text keys; values are text, whole numbers, booleans, nothing, or lists of these. A text has at most
    ``LONGEST_TEXT`` characters and is neither a mobile number nor an identity number. Names cannot be told from codes
    here: free text belongs in sealed columns, and only its keyed digest in the record. Raises ``DataRefused``, which
    names the key and never the value.
    """
    if not isinstance(data, dict):
        raise DataRefused("the data of a record is a flat dict")
    for key, value in data.items():
        if not isinstance(key, str) or not _KEY.fullmatch(key):
            raise DataRefused("a key of a record's data is a short ASCII identifier")
        for item in value if isinstance(value, list) else [value]:
            _check_scalar(key, item)


def _check_scalar(key: str, value: object) -> None:
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, int):
        if abs(value) > LARGEST_NUMBER:
            raise DataRefused(f"{key}: the number is too large to be read everywhere")
        return
    if not isinstance(value, str):
        raise DataRefused(f"{key}: {type(value).__name__} is neither text, whole number, boolean nor None")
    if len(value) > LONGEST_TEXT:
        raise DataRefused(f"{key}: a text of {len(value)} characters is not a code")
    if _CONTROL.search(value):
        raise DataRefused(f"{key}: control characters and lone surrogates cannot be stored everywhere")
    if _PHONE.search(value) or any(_is_identity_number(found) for found in _IDENTITY.findall(value)):
        raise DataRefused(f"{key}: looks like a phone or identity number")


def _is_identity_number(text: str) -> bool:
    """The check digit (GB 11643) keeps most order numbers of eighteen digits out of the net."""
    total = sum(int(digit) * weight for digit, weight in zip(text, _WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == text[17].upper()


def canonical(fields: Mapping[str, Any]) -> str:
    """The canonical form of one event (see the module). ``fields`` has every key of ``COLUMNS``; others are ignored."""
    row = {name: fields[name] for name in COLUMNS}
    if isinstance(row["recorded_at"], datetime):
        if row["recorded_at"].tzinfo is None:
            raise ValueError("recorded_at needs a time zone")
        row["recorded_at"] = row["recorded_at"].astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(row["happened_on"], datetime):
        raise ValueError("happened_on is a day, not a moment")
    if isinstance(row["happened_on"], date):
        row["happened_on"] = row["happened_on"].isoformat()
    return _encode(row)


def event_hash(fields: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical form, 64 hex digits."""
    return hashlib.sha256(canonical(fields).encode()).hexdigest()


def heads_digest(heads: Mapping[str, Head], previous: str = "") -> str:
    """SHA-256 over ``previous`` and the given heads (see the module), 64 hex digits."""
    lines = "".join(f"{chain} {seq} {head}\n" for chain, (seq, head) in sorted(heads.items()))
    return hashlib.sha256((previous + lines).encode()).hexdigest()


_LINE = re.compile(
    r"(?P<body>锚 (?P<seq>[1-9]\d*) (?P<made_at>\S+) 链数 (?P<chains>\d+) 末行 (?P<last_row>\d+)"
    r" 摘要 (?P<digest>[0-9a-f]{64}))"
    r" 签 (?P<signature>[0-9a-f]{64}) 钥 (?P<key_id>\S+)"
)


@dataclass(frozen=True)
class AnchorText:
    """What a printed anchor line says. ``chains`` counts all ever anchored; ``last_row`` is the last event's id."""

    seq: int
    made_at: datetime
    chains: int
    last_row: int
    digest: str
    signature: str = ""
    key_id: str = ""

    @property
    def body(self) -> str:
        """The signed part. The time is Beijing time to the second: people read it."""
        moment = self.made_at.astimezone(_SHANGHAI).isoformat(timespec="seconds")
        return f"锚 {self.seq} {moment} 链数 {self.chains} 末行 {self.last_row} 摘要 {self.digest}"

    def signed(self, key_id: str, key: bytes) -> str:
        """The whole printable line."""
        return f"{self.body} 签 {sign(self.body, key)} 钥 {key_id}"


def sign(body: str, key: bytes) -> str:
    """HMAC-SHA-256 of the signed part, 64 hex digits."""
    return hmac.new(key, body.encode(), hashlib.sha256).hexdigest()


def read_line(line: str) -> AnchorText:
    """Read a printed line back; spaces around and runs of blanks do not matter. Raises ``ValueError``."""
    found = _LINE.fullmatch(" ".join(line.split()))
    if found is None:
        raise ValueError("not an anchor line")
    text = AnchorText(
        seq=int(found["seq"]),
        made_at=datetime.fromisoformat(found["made_at"]),
        chains=int(found["chains"]),
        last_row=int(found["last_row"]),
        digest=found["digest"],
        signature=found["signature"],
        key_id=found["key_id"],
    )
    if text.body != found["body"]:
        raise ValueError("not an anchor line")
    return text


def signature_holds(text: AnchorText, key: bytes) -> bool:
    """Whether this key signed this line; constant time."""
    return hmac.compare_digest(sign(text.body, key), text.signature)


def moved(heads: Iterable[tuple[str, int, str]], known: Mapping[str, Head]) -> dict[str, Head]:
    """The heads that differ from those already anchored; a chain without events has none yet."""
    return {chain: (seq, head) for chain, seq, head in heads if seq and known.get(chain) != (seq, head)}
