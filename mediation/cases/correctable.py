"""What may be corrected: the allow-list, and how a typed value is read.

A target is written ``row.field`` or ``row-<pk>.field``: ``case.summary``, ``party-12.phone``. Nothing outside of this
list can be touched, so no correction reaches a state, a number or a record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from operator import attrgetter
from typing import Any

from django.db.models import Model, TextChoices

from mediation.cases import codes
from mediation.cases.case import DisputeCase
from mediation.organisations.models import Kind, Organisation
from mediation.privacy.identity import IdKind, check_phone
from mediation.typed import plain_amount
from workflow.registry import Refused

LONGEST = 20_000


def text(value: str) -> str:
    """Any text that says something."""
    if not value.strip() or len(value) > LONGEST:
        raise Refused(f"请填写更正后的内容，不超过 {LONGEST} 字", field="value")
    return value.strip()


def short(value: str) -> str:
    """A name or another short text."""
    if not 0 < len(value.strip()) <= 80:
        raise Refused("请填写更正后的内容，不超过 80 字", field="value")
    return value.strip()


def day(value: str) -> date:
    """A date as 2026-03-02."""
    try:
        return date.fromisoformat(value.strip())
    except ValueError:
        raise Refused("日期请写作 2026-03-02", field="value") from None


def amount(value: str) -> Decimal:
    """Yuan with at most two decimals, not negative."""
    try:
        yuan = Decimal(plain_amount(value))
    except InvalidOperation:
        raise Refused("金额请写数字，如 12000.50", field="value") from None
    exponent = yuan.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -2 or not 0 <= yuan < 10**12:
        raise Refused("金额须为不超过两位小数的非负数", field="value")
    return yuan


def phone(value: str) -> str:
    """A telephone number that can be right."""
    found = check_phone(value)
    if not found.ok:
        raise Refused(found.message, field="value")
    return found.value


def flag(value: str) -> bool:
    """是 or 否."""
    if value.strip() not in ("是", "否"):
        raise Refused("请填写“是”或“否”", field="value")
    return value.strip() == "是"


@dataclass(frozen=True)
class OneOf:
    """A code of a list, typed as the code or as its Chinese label."""

    options: type[TextChoices]

    def __call__(self, value: str) -> str:
        for option in self.options:
            if value.strip() in (option.value, option.label):
                return str(option.value)
        raise Refused(f"请填写其中一项：{'、'.join(self.options.labels)}", field="value")


@dataclass(frozen=True)
class SomeOf:
    """Several codes of a list, separated by 、 or a comma."""

    options: type[TextChoices]

    def __call__(self, value: str) -> list[str]:
        said = [part for part in value.replace("，", "、").replace(",", "、").split("、") if part.strip()]
        if not said:
            raise Refused("请至少填写一项", field="value")
        return [OneOf(self.options)(part) for part in said]


@dataclass(frozen=True)
class Body:
    """An organisation of one kind, typed by its name or number."""

    kind: Kind

    def __call__(self, value: str) -> Organisation:
        said = value.strip()
        rows = Organisation.objects.filter(kind=self.kind, active=True)
        found = rows.filter(pk=said) if said.isdecimal() else rows.filter(name=said)
        if (row := found.first()) is None:
            raise Refused(f"没有名称为“{said[:40]}”的{self.kind.label}", field="value")
        return row


Reader = Callable[[str], Any]


@dataclass(frozen=True)
class Correctable:
    """One fact that may be corrected: its column, its Chinese name, how a typed value is read, and by whom.

    ``by_committee``: what acceptance rests on is the committee's to correct.
    """

    field: str
    label: str
    read: Reader
    by_committee: bool = False


# fmt: off
CORRECTABLE: dict[str, tuple[Correctable, ...]] = {
    "case": (
        Correctable("summary", "纠纷概要", text),
        Correctable("diagnosis", "诊断", text),
        Correctable("source", "来源", OneOf(codes.Source)),
        Correctable("category", "类别", OneOf(codes.Category)),
        Correctable("cause", "案由", OneOf(codes.Cause)),
        Correctable("harm", "损害后果", OneOf(codes.Harm)),
        Correctable("demands", "诉求", SomeOf(codes.Demand)),
        Correctable("claimed_amount", "索赔金额", amount),
        Correctable("occurred_on", "发生日期", day),
        Correctable("received_on", "接收日期", day),
        Correctable("residence_town", "患者居住镇街", Body(Kind.TOWN)),
        Correctable("is_major", "重大纠纷", flag),
        Correctable("is_confidential", "来电人要求保密", flag),
        Correctable("accepted_on", "受理日期", day, by_committee=True),
    ),
    "party": (
        Correctable("name", "姓名", short),
        Correctable("phone", "电话", phone),
        Correctable("id_kind", "证件类型", OneOf(IdKind)),
        Correctable("id_no", "证件号码", short),
        Correctable("sex", "性别", OneOf(codes.Sex)),
        Correctable("born_on", "出生日期", day),
        Correctable("address", "住址", text),
        Correctable("relation", "与患者关系", short),
        Correctable("is_claimant", "是申请人、权利人", flag),
        Correctable("is_hidden", "要求隐匿身份", flag),
    ),
    "respondent": (
        Correctable("hospital", "医疗机构", Body(Kind.HOSPITAL)),
        Correctable("department", "科室", OneOf(codes.Department)),
    ),
    "application": (Correctable("received_on", "收到调解申请的日期", day, by_committee=True),),
    "consent": (Correctable("on", "同意调解的日期", day, by_committee=True),),
}
# fmt: on


def rows_of(case: DisputeCase) -> Iterator[tuple[str, str, Model]]:
    """Every row that can be named in a target: its key, what it is in Chinese (masked), and the row."""
    yield "case", "案件", case
    for party in sorted(case.parties.all(), key=attrgetter("pk")):
        yield f"party-{party.pk}", str(party), party
    for respondent in sorted(case.respondents.all(), key=attrgetter("pk")):
        yield f"respondent-{respondent.pk}", respondent.hospital.name, respondent
    for application in case.applications.order_by("pk"):
        yield f"application-{application.pk}", f"{application.get_by_side_display()}申请", application
    for consent in case.consents.order_by("pk"):
        yield f"consent-{consent.pk}", f"{consent.get_side_display()}同意", consent


def correction_targets(case: DisputeCase) -> list[tuple[str, str]]:
    """Target and Chinese label of everything that may be corrected in a case."""
    return [
        (f"{key}.{item.field}", f"{label}：{item.label}")
        for key, label, _ in rows_of(case)
        for item in CORRECTABLE[key.partition("-")[0]]
        if item.field != "accepted_on" or case.accepted_on is not None
    ]


def find(target: str, allowed: list[tuple[str, str]], rows: Iterable[tuple[str, str, Any]]) -> tuple[str, Any, str]:
    """The row's kind, the row and the column that an allowed target names; for the case itself, the row in the door."""
    if target not in dict(allowed):
        raise Refused("请选择本案中的一项", field="target")
    key, _, field = target.partition(".")
    row = next(row for name, _, row in rows if name == key)
    return key.partition("-")[0], row, field
