"""What is masked in a case and may be looked at for a reason: the values of its rows, and the old values of corrections."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from mediation.cases.case import DisputeCase
from mediation.cases.correctable import RECORDED, is_read, item_of
from mediation.cases.discretion import is_outside
from mediation.cases.pages import onfile
from mediation.cases.pages.eyes import Eyes
from mediation.cases.record import StepFacts
from mediation.organisations.models import User
from mediation.privacy.masking import MaskKind, mask
from workflow.records import Event
from workflow.registry import Refused

REVEALABLE: dict[str, dict[str, str]] = {
    "case": {"summary": "纠纷概要", "diagnosis": "诊断"},
    "party": {"name": "姓名", "phone": "电话", "id_no": "证件号码", "born_on": "出生日期", "address": "住址"},
    "correction": {"old": "更正前的内容"},
}


@dataclass(frozen=True)
class Corrected:
    """One correction on record: what it was about, the value before and the one put in its place. ``pk``: its number."""

    pk: int
    kind: str
    field: str
    label: str
    old: Any
    new: Any
    is_hidden: bool = False

    @property
    def is_recorded(self) -> bool:
        """Whether it is about something recorded on the way, not about the dispute and its people themselves."""
        return self.kind in RECORDED and RECORDED[self.kind].by is not None

    @property
    def is_name(self) -> bool:
        """Whether its values are names of people."""
        item = item_of(self.kind, self.field)
        return item is not None and item.names

    @property
    def is_personal(self) -> bool:
        """Whether its values are masked, and revealed like the value itself."""
        return self.is_name or self.field in REVEALABLE.get(self.kind, {})

    def is_told(self, case: DisputeCase, eyes: Eyes) -> bool:
        """Whether these eyes read what was corrected: a row of the file only through the part it stands in."""
        return not self.is_recorded or (eyes.reader in onfile.READERS["typed"] and is_read(self.kind, case, eyes))

    def masked(self, value: Any) -> str:
        """A personal value as a page shows it."""
        return mask(self.field if self.kind == "party" else MaskKind.TEXT, value)

    def as_text(self, value: Any) -> str:
        """A value in Chinese: a code by its label, yes and no in words."""
        item = item_of(self.kind, self.field)
        return item.said(value) if item is not None else str(value)


def corrected(case: DisputeCase, facts: Mapping[int, Mapping[str, Any]]) -> list[Corrected]:
    """The corrections among what was typed at steps, by their numbers."""
    hidden = {f"party-{party.pk}" for party in case.parties.all() if party.is_hidden}
    found = []
    for seq, said in facts.items():
        key, _, field = said["target"].partition(".")
        found.append(
            Corrected(seq, key.partition("-")[0], field, target_label(case, said["target"], said.get("of", "")),
                      said.get("old"), said["value"], key in hidden)
        )  # fmt: skip
    return found


def target_label(case: DisputeCase, target: str, of: str = "") -> str:
    """A target in Chinese, personal values masked, also where its row has been corrected since: 患者 张**：电话.

    ``of`` is how a row was called when it was corrected."""
    key, _, field = target.partition(".")
    kind, _, pk = key.partition("-")
    if kind == "correction":
        return f"第 {pk} 条更正的原值"
    item = item_of(kind, field)
    names = {**REVEALABLE.get(kind, {}), **({field: item.label} if item is not None else {})}
    people = {str(party.pk): str(party) for party in case.parties.all()}
    title = RECORDED[kind].title if kind in RECORDED else ""
    row = people.get(pk, "") if kind == "party" else " ".join(filter(None, (title, of)))
    return "：".join(filter(None, (row, names.get(field, ""))))


def _corrections(case: DisputeCase) -> Iterator[tuple[str, str, Corrected]]:
    """The corrections of masked values, each as a row whose old value may be revealed."""
    numbers = Event.objects.filter(chain=case.chain, kind="correct").values("seq")
    kept = {row.seq: row.facts for row in StepFacts.objects.filter(case=case, seq__in=numbers).order_by("seq")}
    for one in corrected(case, kept):
        if one.is_personal:
            yield f"correction-{one.pk}", f"第 {one.pk} 条更正（{one.label}）", one


def _rows(case: DisputeCase) -> Iterator[tuple[str, str, Any]]:
    yield "case", "案件", case
    for party in sorted(case.parties.all(), key=attrgetter("pk")):
        yield f"party-{party.pk}", str(party), party
    yield from _corrections(case)


def reveal_targets(case: DisputeCase) -> list[tuple[str, str]]:
    """Target and Chinese label of every masked value that is there; before those of a person, all of them together."""
    targets = []
    for key, label, row in _rows(case):
        there = _masked(key, row)
        if key.startswith("party-") and there:
            targets.append((key, f"{label}：全部（{'、'.join(there.values())}）"))
        targets += [(f"{key}.{field}", f"{label}：{name}") for field, name in there.items()]
    return targets


def behind(case: DisputeCase, target: str) -> tuple[str, Any, dict[str, str]]:
    """What an allowed target stands for: the row's kind, the row, and each of its masked columns with its Chinese name."""
    if target not in dict(reveal_targets(case)):
        raise Refused("请选择本案中的一项", field="target")
    key, _, field = target.partition(".")
    row = next(row for name, _, row in _rows(case) if name == key)
    there = _masked(target, row)
    return key.partition("-")[0], row, {field: there[field]} if field else there


def _masked(key: str, row: Any) -> dict[str, str]:
    kind = key.partition(".")[0].partition("-")[0]
    return {
        field: name for field, name in REVEALABLE.get(kind, {}).items() if row.__dict__.get(field) not in (None, "")
    }


def told_to(case: DisputeCase, user: User, targets: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The targets without those about somebody who stays hidden from this person, or about what this person reads not."""
    corrections, eyes = list(_corrections(case)), Eyes.of(user, case)
    unread = {f"{key}.old" for key, _, one in corrections if not one.is_told(case, eyes)}
    targets = [(key, label) for key, label in targets if key not in unread]
    if not is_outside(case, user):
        return targets
    hidden = {f"party-{party.pk}" for party in case.parties.all() if party.is_hidden}
    silent = {*hidden, "case.summary"} if hidden else hidden  # the summary may name them
    silent |= {
        key for key, _, one in corrections if hidden and (one.is_hidden or one.field == "summary" or one.is_recorded)
    }
    return [(key, label) for key, label in targets if key not in silent and key.partition(".")[0] not in silent]
