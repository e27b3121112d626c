"""What is masked in a case and may be looked at for a reason: the values of its rows, and the old values of corrections."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mediation.cases.case import DisputeCase
from mediation.cases.correctable import CORRECTABLE, OneOf, SomeOf, find, rows_of
from mediation.cases.discretion import is_outside
from mediation.cases.record import StepFacts
from mediation.organisations.models import User
from mediation.privacy.masking import MaskKind, mask
from workflow.records import Event

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
    def is_personal(self) -> bool:
        """Whether its values are masked, and revealed like the value itself."""
        return self.field in REVEALABLE.get(self.kind, {})

    def masked(self, value: Any) -> str:
        """A personal value as a page shows it."""
        return mask(self.field if self.kind == "party" else MaskKind.TEXT, value)

    def as_text(self, value: Any) -> str:
        """A value in Chinese: a code by its label, yes and no in words."""
        if isinstance(value, bool):
            return "是" if value else "否"
        if isinstance(value, list):
            return "、".join(self.as_text(one) for one in value)
        read = next(item.read for item in CORRECTABLE[self.kind] if item.field == self.field)
        labels = dict(read.options.choices) if isinstance(read, OneOf | SomeOf) else {}
        return str(labels.get(value, value)) if value is not None else ""


def corrected(case: DisputeCase, facts: Mapping[int, Mapping[str, Any]]) -> list[Corrected]:
    """The corrections among what was typed at steps, by their numbers."""
    hidden = {f"party-{party.pk}" for party in case.parties.all() if party.is_hidden}
    found = []
    for seq, said in facts.items():
        key, _, field = said["target"].partition(".")
        found.append(
            Corrected(seq, key.partition("-")[0], field, target_label(case, said["target"]), said.get("old"), said["value"],
                      key in hidden)
        )  # fmt: skip
    return found


def target_label(case: DisputeCase, target: str) -> str:
    """A target in Chinese, personal values masked, also where its row has been corrected since: 患者 张**：电话."""
    key, _, field = target.partition(".")
    kind, _, pk = key.partition("-")
    if kind == "correction":
        return f"第 {pk} 条更正的原值"
    names = {item.field: item.label for item in CORRECTABLE.get(kind, ())} | REVEALABLE.get(kind, {})
    people = {str(party.pk): str(party) for party in case.parties.all()}
    row = people.get(pk, "") if kind == "party" else {"case": "案件", "respondent": "医疗机构"}.get(kind, "")
    return "：".join(filter(None, (row, names.get(field, ""))))


def _corrections(case: DisputeCase) -> Iterator[tuple[str, str, Corrected]]:
    """The corrections of masked values, each as a row whose old value may be revealed."""
    numbers = Event.objects.filter(chain=case.chain, kind="correct").values("seq")
    kept = {row.seq: row.facts for row in StepFacts.objects.filter(case=case, seq__in=numbers).order_by("seq")}
    for one in corrected(case, kept):
        if one.is_personal:
            yield f"correction-{one.pk}", f"第 {one.pk} 条更正（{one.label}）", one


def _rows(case: DisputeCase) -> Iterator[tuple[str, str, Any]]:
    yield from rows_of(case)
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
    kind, row, field = find(target, reveal_targets(case), _rows(case))
    there = _masked(target, row)
    return kind, row, {field: there[field]} if field else there


def _masked(key: str, row: Any) -> dict[str, str]:
    kind = key.partition(".")[0].partition("-")[0]
    return {
        field: name for field, name in REVEALABLE.get(kind, {}).items() if row.__dict__.get(field) not in (None, "")
    }


def told_to(case: DisputeCase, user: User, targets: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The targets without those about somebody who stays hidden from this person."""
    if not is_outside(case, user):
        return targets
    hidden = {f"party-{party.pk}" for party in case.parties.all() if party.is_hidden}
    silent = {*hidden, "case.summary"} if hidden else hidden  # the summary may name them
    silent |= {key for key, _, one in _corrections(case) if hidden and (one.is_hidden or one.field == "summary")}
    return [(key, label) for key, label in targets if key not in silent and key.partition(".")[0] not in silent]
