"""Invented patients and invented disputes. Names say 示例 or 样本, numbers cannot belong to anybody, texts are our own."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from types import MappingProxyType

from django.conf import settings

from mediation.cases import codes
from mediation.cases.parties import is_minor
from mediation.cases.registration import Person
from mediation.organisations.models import Organisation
from mediation.privacy.identity import IdKind

SURNAMES = (
    "陈", "李", "王", "张", "黄", "刘", "林", "梁", "吴", "何", "叶", "卢", "袁", "莫", "谢", "邓", "罗", "萧", "钟", "曾",
    "朱", "杨", "郭", "梅", "尹", "祁", "翟", "欧阳", "司徒", "上官",
)  # fmt: skip
GIVEN = ("示例", "样本", "范例", "例文", "样例", "假名")
AREA = "441900"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
RESERVED = {codes.Sex.FEMALE: ("996", "998"), codes.Sex.MALE: ("997", "999")}
"""Serials 996 to 999 are kept for people of a hundred years and more, so nobody younger can have such a number."""


@dataclass(frozen=True)
class Matter:
    """One kind of dispute, in the words of both sides. ``amount`` in hundreds of yuan."""

    key: str
    department: str
    cause: str
    harm: str
    hospitals: tuple[str, ...]
    age: tuple[int, int]
    amount: tuple[int, int]
    demands: tuple[str, ...]
    diagnosis: str
    summary: str
    want: str
    view: str
    explanation: str
    issue: str
    responsibility: str
    answer: str

    @property
    def is_deadly(self) -> bool:
        """Whether the patient has died: heirs claim."""
        return self.harm == codes.Harm.DEATH


@dataclass(frozen=True)
class Family:
    """The patient and, where somebody else claims or speaks, that person. ``lives_in`` is the patient's town."""

    patient: Person
    lives_in: Organisation
    others: tuple[Person, ...] = field(default=())

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody on the patient's side."""
        return (self.patient, *self.others)

    @property
    def speaker(self) -> str:
        """The name of who speaks for the family."""
        return (self.others or (self.patient,))[0].name


@cache
def matters() -> Mapping[str, Matter]:
    """Every kind of dispute by its key."""
    path = Path(settings.BASE_DIR) / "fixtures" / "demonstration" / "matters.toml"
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["matter"]
    lists = ("hospitals", "age", "amount", "demands")
    found = [Matter(**row | {key: tuple(row[key]) for key in lists}) for row in rows]
    return MappingProxyType({matter.key: matter for matter in found})


def chinese(day: date) -> str:
    """2026年3月2日."""
    return f"{day.year}年{day.month}月{day.day}日"


def somebody(rng: Random) -> str:
    """A name that nobody takes for a real one."""
    return rng.choice(SURNAMES) + rng.choice(GIVEN)


def phone(rng: Random) -> str:
    """A mobile number of the series that examples use."""
    return f"1380000{rng.randrange(10_000):04d}"


def identity(sex: str, born_on: date, rng: Random) -> str:
    """An identity number with a right check digit that cannot have been given to anybody."""
    digits = f"{AREA}{born_on:%Y%m%d}{rng.choice(RESERVED[codes.Sex(sex)])}"
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, digits, strict=True))
    return digits + CHECKS[total % 11]


def family(matter: Matter, towns: list[Organisation], on: date, rng: Random) -> Family:
    """Who the dispute is about: a grown-up, a child with a guardian, or one who has died, with an heir."""
    lives_in = rng.choice(towns)
    years = rng.randint(*matter.age)
    born_on = on - timedelta(days=years * 365 + rng.randrange(300))
    sex = codes.Sex.FEMALE if matter.department in ("obstetrics", "gynaecology") else rng.choice(list(RESERVED))
    is_child = is_minor(born_on, on)
    patient = Person(
        kind=codes.PartyKind.PATIENT, name=somebody(rng), phone="" if is_child or matter.is_deadly else phone(rng),
        id_kind=IdKind.ID_CARD, id_no=identity(sex, born_on, rng), sex=sex, born_on=born_on,
        address=f"东莞市{lives_in.name}示例路{rng.randint(1, 99)}号", relation="本人",
        is_claimant=not matter.is_deadly,
    )  # fmt: skip
    return Family(patient, lives_in, _others(matter, patient, is_child=is_child, rng=rng))


def _others(matter: Matter, patient: Person, *, is_child: bool, rng: Random) -> tuple[Person, ...]:
    if matter.is_deadly:
        return (relative(patient, codes.PartyKind.HEIR, "配偶", rng, is_claimant=True),)
    if is_child:
        return (relative(patient, codes.PartyKind.GUARDIAN, "母亲", rng, is_claimant=False),)
    return ()


def relative(patient: Person, kind: str, relation: str, rng: Random, *, is_claimant: bool) -> Person:
    """Somebody of the patient's family, living at the same address."""
    sex = codes.Sex.FEMALE if relation == "母亲" or patient.sex == codes.Sex.MALE else codes.Sex.MALE
    assert patient.born_on is not None
    years = -28 if relation == "母亲" else 2
    born_on = patient.born_on + timedelta(days=years * 365 + rng.randrange(200))
    return Person(
        kind=kind, name=somebody(rng), phone=phone(rng), id_kind=IdKind.ID_CARD, id_no=identity(sex, born_on, rng),
        sex=sex, born_on=born_on, address=patient.address, relation=relation, is_claimant=is_claimant,
    )  # fmt: skip
