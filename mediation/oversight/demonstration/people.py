"""Who plays: invented accounts on real offices, invented hospitals and an invented insurer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password

from mediation.cases.case import DisputeCase
from mediation.organisations.models import Kind, Organisation, User, appoint
from mediation.organisations.reference import load_example_hospitals
from mediation.oversight.demonstration.texts import Family
from workflow.vocabulary import Role

PASSWORD = "Demo-2026-tiaojie"  # noqa: S105  # printed with the accounts: for demonstration only
INSURER = "XB01"


class NameTaken(Exception):
    """Somebody real has the user name of a demonstration account; ``str()`` is the name."""


@dataclass(frozen=True)
class Account:
    """An account of the demonstration: ``place`` is the code of the organisation that the role is held on."""

    username: str
    name: str
    role: Role
    place: str
    worked_at: str = ""


ACCOUNTS = (
    Account("lin", "林示例", Role.HOTLINE_OPERATOR, "hotline"),
    Account("wang", "王示例", Role.TOWN_OFFICIAL, "441900124"),
    Account("zhao", "赵示例", Role.TOWN_OFFICIAL, "441900129"),
    Account("qian", "钱示例", Role.TOWN_OFFICIAL, "441900110"),
    Account("feng", "冯示例", Role.TOWN_OFFICIAL, "441900003"),
    Account("wei", "魏示例", Role.TOWN_OFFICIAL, "441900119"),
    Account("hu", "胡示例", Role.TOWN_OFFICIAL, "441900121"),
    Account("hou", "侯示例", Role.TOWN_OFFICIAL, "441900122"),
    Account("chen", "陈示例", Role.DISPATCHER, "committee"),
    Account("xu", "徐示例", Role.DIRECTOR, "committee"),
    Account("sun", "孙示例", Role.MEDIATOR, "committee"),
    Account("luo", "罗示例", Role.MEDIATOR, "committee", worked_at="X002"),
    Account("gao", "高示例", Role.MEDIATOR, "committee"),
    Account("ouyang", "欧阳示例", Role.MEDIATOR, "committee"),
    Account("he", "何示例", Role.HOSPITAL_LIAISON, "X001"),
    Account("liang", "梁示例", Role.HOSPITAL_LIAISON, "X002"),
    Account("zhou", "周示例", Role.SUPERVISOR, "bureau"),
    Account("admin", "管理员示例", Role.ADMINISTRATOR, "system"),
    Account("audit", "审计员示例", Role.AUDITOR, "system"),
)
MEDIATORS = tuple(one.username for one in ACCOUNTS if one.role == Role.MEDIATOR)
OFFICIALS = {one.place: one.username for one in ACCOUNTS if one.role == Role.TOWN_OFFICIAL}
LIAISONS = {one.place: one.username for one in ACCOUNTS if one.role == Role.HOSPITAL_LIAISON}
TOWN_COMMITTEES = {"441900129": "高埗镇人民调解委员会（示例）", "441900121": "虎门镇人民调解委员会（示例）"}
"""Towns whose own people's mediation committee is on record (人民调解法 34)."""


class Company:
    """The people and organisations of the play, each read once; ``cases`` are those that other stories refer to, and
    ``harmed`` the families in them with the day it happened."""

    def __init__(self) -> None:
        self._people: dict[str, User] = {}
        self._places: dict[str, Organisation] = {}
        self.cases: dict[str, DisputeCase] = {}
        self.harmed: dict[str, tuple[Family, date]] = {}

    def person(self, username: str) -> User:
        """An account by its user name."""
        if username not in self._people:
            self._people[username] = User.objects.get(username=username)
        return self._people[username]

    def place(self, code: str) -> Organisation:
        """An organisation by its code."""
        if code not in self._places:
            self._places[code] = Organisation.objects.select_related("town").get(code=code)
        return self._places[code]

    def town_of(self, code: str) -> Organisation:
        """The town in which an invented hospital stands."""
        town = self.place(code).town
        assert town is not None, f"{code} stands nowhere"
        return town

    @cached_property
    def towns(self) -> list[Organisation]:
        """The towns people live in."""
        return list(Organisation.objects.towns().order_by("code"))

    def official(self, town: Organisation | None) -> User:
        """Who handles cases in a town."""
        assert town is not None, "nobody is responsible yet"
        return self.person(OFFICIALS[town.code])


def settle_in() -> Company:
    """The organisations of the demonstration, and an account with its role for everybody who plays.

    Accounts of an earlier demonstration are used again. Raises :class:`NameTaken` when somebody else has the name.
    """
    load_example_hospitals()
    Organisation.objects.get_or_create(
        code=INSURER, defaults={"kind": Kind.INSURER, "name": "示例财产保险公司", "confidence": "虚构"}
    )
    company = Company()
    _furnish(company)
    secret = make_password(PASSWORD)
    for account in ACCOUNTS:
        _engage(account, secret, company)
    return company


def _engage(account: Account, secret: str, company: Company) -> None:
    user = User.objects.filter(username=account.username).first()
    if user is None:
        user = User(username=account.username, full_name=account.name, phone="0769-00000000", password=secret)
        validate_password(PASSWORD, user)
        user.save()
    elif user.full_name != account.name or not user.check_password(PASSWORD):
        raise NameTaken(account.username)
    appoint(user, account.role, company.place(account.place))
    if account.worked_at:
        user.affiliations.add(company.place(account.worked_at))


def _furnish(company: Company) -> None:
    """What papers print of an office, where nothing is on file yet: numbers and addresses that cannot be real."""
    codes = {account.place for account in ACCOUNTS if account.place != "system"}
    codes |= set(Organisation.objects.filter(confidence="虚构").values_list("code", flat=True))
    for serial, code in enumerate(sorted(codes), start=1):
        place = company.place(code)
        place.phone = place.phone or ("12345" if place.kind == Kind.HOTLINE else f"0769-0000{serial:04d}")
        place.address = place.address or f"东莞市{place.town.name if place.town else ''}示例路{serial}号（演示地址）"
        place.committee_name = place.committee_name or TOWN_COMMITTEES.get(code, "")
        place.save(update_fields=["phone", "address", "committee_name"])
