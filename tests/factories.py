"""People of the tests, and cases in any state: ``case_at(state)`` walks there through the door, with fictional data.

``WALKS`` says how a state is reached: from which other state, by which strides. A subject that owns later steps adds its
own rows (``WALKS["investigating"] = Walk("awaiting_assignment", (Stride("assign", "director_xu", …),))``); a stride's
facts are a mapping, or a function of the case as it then stands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password

from mediation.cases import codes
from mediation.cases.case import DisputeCase
from mediation.cases.filing import Filed
from mediation.cases.registration import Person, Registration, Respondent, register
from mediation.organisations.models import Organisation, User, appoint
from mediation.organisations.reference import load_example_hospitals
from workflow import engine
from workflow.registry import Move
from workflow.vocabulary import Role

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
"""A Monday, and a working day."""
TODAY = NOW.date()
PASSWORD = "示例口令-2026-mediation"

DAOJIAO, GAOBU, SHILONG = "441900124", "441900129", "441900102"
HOSPITAL, OTHER_HOSPITAL = "X001", "X002"

PERSONAS: dict[str, tuple[str, Role, str]] = {
    "hotline_lin": ("林示例", Role.HOTLINE_OPERATOR, "hotline"),
    "town_wang": ("王示例", Role.TOWN_OFFICIAL, DAOJIAO),  # where 示例人民医院 stands: responsible
    "town_of_residence": ("梁示例", Role.TOWN_OFFICIAL, GAOBU),  # where the patient lives: reads along
    "town_zhao": ("赵示例", Role.TOWN_OFFICIAL, SHILONG),  # has nothing to do with it
    "clerk_chen": ("陈示例", Role.DISPATCHER, "committee"),
    "mediator_sun": ("孙示例", Role.MEDIATOR, "committee"),
    "mediator_two": ("何示例", Role.MEDIATOR, "committee"),
    "director_xu": ("徐示例", Role.DIRECTOR, "committee"),
    "liaison_he": ("何联络", Role.HOSPITAL_LIAISON, HOSPITAL),
    "liaison_other": ("吴联络", Role.HOSPITAL_LIAISON, OTHER_HOSPITAL),
    "supervisor_zhou": ("周示例", Role.SUPERVISOR, "bureau"),
    "auditor": ("审计示例", Role.AUDITOR, "system"),
    "administrator": ("管理示例", Role.ADMINISTRATOR, "system"),
}


def at(day: str, hour: int = 9, minute: int = 30) -> datetime:
    """A moment in Dongguan: ``at("2026-03-05")`` is that morning."""
    return datetime.combine(date.fromisoformat(day), NOW.timetz()).replace(hour=hour, minute=minute)


def organisation(code: str) -> Organisation:
    """An organisation by code; the invented hospitals are added when first asked for."""
    if code.startswith("X") and not Organisation.objects.filter(code=code).exists():
        load_example_hospitals()
    return Organisation.objects.get(code=code)


def town_with_committee() -> Organisation:
    """A town whose people's mediation committee is on record."""
    town = organisation(DAOJIAO)
    town.committee_name = "道滘镇人民调解委员会（示例）"
    town.save()
    return town


def persona(username: str) -> User:
    """A person of the cast with the role held; made when first asked for."""
    user = User.objects.filter(username=username).first()
    if user is not None:
        return user
    full_name, role, code = PERSONAS[username]
    user = User.objects.create(
        username=username, full_name=full_name, password=make_password(PASSWORD), phone="0769-22000000"
    )
    appoint(user, role, organisation(code))
    return user


def paper(title: str = "示例材料") -> Filed:
    """A paper that lies in the folder, with no file."""
    return Filed(title=title, copy=codes.Copy.ORIGINAL, page_count=1)


PATIENT = Person(
    kind=codes.PartyKind.PATIENT, name="甄示例", phone="13800000001", sex=codes.Sex.FEMALE, born_on=date(1985, 5, 20),
    address="东莞市高埗镇示例路1号", relation="本人", is_claimant=True,
)  # fmt: skip
RELATIVE = Person(
    kind=codes.PartyKind.RELATIVE, name="贾示例", phone="13800000002", relation="配偶", is_claimant=True,
)  # fmt: skip


def registration(desk: str = "hotline", *, hospitals: tuple[str, ...] = (HOSPITAL,), **changes: Any) -> Registration:
    """What the registration form says, for a fictional patient and invented hospitals."""
    form = Registration(
        desk=organisation(desk), source=codes.Source.HOTLINE, received_on=TODAY,
        summary="患者术后切口感染，家属认为医院处置不及时，要求解释和赔偿。", people=(PATIENT,),
        respondents=tuple(Respondent(organisation(code), codes.Department.SURGERY) for code in hospitals),
        cause=codes.Cause.COMPLICATION, harm=codes.Harm.PROLONGED, demands=(codes.Demand.COMPENSATION,),
        occurred_on=date(2026, 2, 10),
    )  # fmt: skip
    return replace(form, **changes)


Facts = Mapping[str, Any] | Callable[[DisputeCase], Mapping[str, Any]]


@dataclass(frozen=True)
class Stride:
    """One step of a walk: who takes it with which facts, and when if not at the walk's own moment; ``by`` empty is time."""

    step: str
    by: str
    facts: Facts = ()  # type: ignore[assignment]
    when: Callable[[DisputeCase], datetime] | None = None

    def facts_of(self, case: DisputeCase) -> dict[str, Any]:
        return dict(self.facts(case) if callable(self.facts) else self.facts)


@dataclass(frozen=True)
class Walk:
    """How a state is reached: from an earlier one, by strides."""

    start: str
    strides: tuple[Stride, ...]


def brief() -> dict[str, Any]:
    """A complete 上报呈批表."""
    return {
        "reasons": ["no_agreement"], "work_done": "电话和现场沟通各一次。", "patient_attitude": "要求赔偿。",
        "hospital_attitude": "愿意沟通。", "risk": "情绪平稳，由村委会跟进。", "request": "请市医调委调解。",
        "contact_name": "王示例", "contact_phone": "0769-22000000",
    }  # fmt: skip


def no_other_route(side: str = codes.Side.BOTH) -> dict[str, Any]:
    """Nobody has gone to court or to the bureau."""
    return {"side": side, "court": "none", "bureau": "none", "paper": paper("互斥声明")}


WALKS: dict[str, Walk] = {
    "town_pending": Walk("registered", (
        Stride("dispatch", "hotline_lin", lambda case: {"town": organisation(DAOJIAO), "basis": "hospital"}),
    )),
    "town_handling": Walk("town_pending", (Stride("sign_for", "town_wang"),)),
    "escalated": Walk("town_handling", (Stride("escalate", "town_wang", lambda case: brief()),)),
    "under_review": Walk("town_handling", (
        Stride("guide_to_apply", "town_wang",
               lambda case: {"by_side": "patient", "form": "written", "paper": paper("调解申请书")}),
    )),
    "awaiting_consent": Walk("under_review", (Stride("seek_consent", "clerk_chen"),)),
    "awaiting_assignment": Walk("under_review", (
        Stride("add_paper", "clerk_chen", lambda case: {"kind": "identity", "side": "patient", "paper": paper("身份证")}),
        Stride("record_consent", "clerk_chen", lambda case: {
            "side": "hospital", "hospital": case.respondents.get().hospital, "means": "letter", "paper": paper("同意函")}),
        Stride("declare_routes", "clerk_chen", lambda case: no_other_route()),
        Stride("accept", "clerk_chen", lambda case: {"paper": paper("受理审批表")}),
    )),
    "closing": Walk("town_handling", (
        Stride("divert", "town_wang", {"ground": "outside", "receiving_body": "外市12345热线", "reply": "已转有管辖权的单位。"}),
    )),
}  # fmt: skip


def case_at(
    state: str, *, now: datetime = NOW, desk: str = "hotline", by: str = "hotline_lin", **how: Any
) -> DisputeCase:
    """A case in this state, walked there at one moment; ``how`` changes what :func:`registration` says."""
    if state == "registered":
        how.setdefault("received_on", now.date())
        return fresh(register(registration(desk, **how), by=persona(by), now=now))
    walk = WALKS[state]
    case = case_at(walk.start, now=now, desk=desk, by=by, **how)
    for stride in walk.strides:
        moment = stride.when(case) if stride.when else now
        case = take(case, stride.step, stride.by, now=moment, **stride.facts_of(case))
    assert case.state == state, f"the walk to {state} ends in {case.state}"
    return case


def take(case: DisputeCase, step: str, by: str = "", *, now: datetime = NOW, **facts: Any) -> DisputeCase:
    """Take a step as a person of the cast (time when nobody is named); the case as it then stands."""
    return fresh(move(case, step, by, now=now, **facts).case)


def move(case: DisputeCase, step: str, by: str = "", *, now: datetime = NOW, **facts: Any) -> Move:
    """The same, answering the move with its event data."""
    return engine.perform(case, step, by=persona(by) if by else None, now=now, **facts)


def fresh(case: DisputeCase) -> DisputeCase:
    """The case as the database has it, with nothing remembered."""
    return DisputeCase.objects.get(pk=case.pk)


from tests import factories_mediation  # noqa: E402, F401  # adds its walks
