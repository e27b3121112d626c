"""The words the lifecycle table is written in. Pure data: nothing here knows Django."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """Who acts. Every role but ``TIME`` is held by a person on an organisation."""

    HOTLINE_OPERATOR = "hotline_operator"
    TOWN_OFFICIAL = "town_official"
    DISPATCHER = "dispatcher"
    MEDIATOR = "mediator"
    DIRECTOR = "director"
    HOSPITAL_LIAISON = "hospital_liaison"
    SUPERVISOR = "supervisor"
    INSURER = "insurer"
    EXPERT = "expert"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    TIME = "time"

    @property
    def label(self) -> str:
        """The role's name in Chinese."""
        return _ROLE_LABELS[self]

    @property
    def level(self) -> Level | None:
        """The level whose cases this role keeps; ``None`` for roles that stand outside the ladder."""
        return _ROLE_LEVELS.get(self)


class Level(StrEnum):
    """Which step of the ladder keeps the case: it decides who performs, visits and closes."""

    DESK = "desk"
    TOWN = "town"
    CITY = "city"

    @property
    def label(self) -> str:
        """The level's name in Chinese."""
        return {"desk": "登记单位", "town": "镇街", "city": "市医调委"}[self.value]


_ROLE_LABELS = {
    Role.HOTLINE_OPERATOR: "12345坐席", Role.TOWN_OFFICIAL: "镇街经办人", Role.DISPATCHER: "受理员",
    Role.MEDIATOR: "调解员", Role.DIRECTOR: "医调委主任", Role.HOSPITAL_LIAISON: "医院联络员",
    Role.SUPERVISOR: "卫健局监管员", Role.INSURER: "保险理赔员", Role.EXPERT: "专家", Role.AUDITOR: "安全审计员",
    Role.ADMINISTRATOR: "系统管理员", Role.TIME: "系统（到期）",
}  # fmt: skip
_ROLE_LEVELS = {
    Role.HOTLINE_OPERATOR: Level.DESK, Role.TOWN_OFFICIAL: Level.TOWN, Role.DISPATCHER: Level.CITY,
    Role.MEDIATOR: Level.CITY, Role.DIRECTOR: Level.CITY,
}  # fmt: skip


@dataclass(frozen=True)
class State:
    """Where a case can be.

    ``awaits`` names who is expected to act, by the level that keeps the case; a single entry under ``None`` holds for
    every level. ``clock`` names the period that ``due_on`` shows; ``overdue`` the transition that time performs when it
    has run out. In a ``by_level`` state only roles of the keeping level may act.
    """

    key: str
    label: str
    phase: str
    awaits: tuple[tuple[Level | None, Role], ...]
    clock: str = ""
    starts_clock: bool = True
    overdue: str = ""
    mediating: bool = False
    by_level: bool = False

    def role_awaited(self, level: Level) -> Role | None:
        """The role whose task list shows the case while ``level`` keeps it; ``None`` once it is closed."""
        waiting = dict(self.awaits)
        return waiting.get(level, waiting.get(None))


@dataclass(frozen=True)
class Step:
    """One row of the law: a transition, or an action that stays where the case is (``target`` empty).

    ``by`` gives the right to act; ``needs`` names the conditions, each with a Chinese reason when it does not hold;
    ``warns`` the advice that is shown but does not block; ``after`` names what the happening cannot be dated before,
    in place of the day on which the case entered its state. ``starts``, ``stops``, ``resumes`` and ``extends`` name the
    clocks that the step moves, on the day it happened. ``papers`` are the documents it brings, ``tells`` whom it
    informs besides the next in line. ``returns`` marks the one step whose target is where the case came from.
    ``by_keeper``: once the city keeps the case, only its roles take the step, whoever else ``by`` names.
    """

    name: str
    label: str
    sentence: str
    sources: tuple[str, ...]
    target: str
    by: tuple[Role, ...]
    needs: tuple[str, ...] = ()
    warns: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    resumes: tuple[str, ...] = ()
    extends: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()
    outcome: str = ""
    level: Level | None = None
    article: str = ""
    danger: bool = False
    returns: bool = False
    despite_route: bool = False
    by_keeper: bool = False

    @property
    def stays(self) -> bool:
        """Whether the case keeps its state."""
        return not self.target and not self.returns

    @property
    def by_time(self) -> bool:
        """Whether only time performs this step."""
        return self.by == (Role.TIME,)

    def is_keepers(self, level: str, *, by_level: bool) -> bool:
        """Whether only roles of the keeping level take it: moving in a state that says so, or once the city keeps it."""
        return (by_level and not self.stays) or (self.by_keeper and level == Level.CITY)

    def targets(self, mediating: tuple[str, ...]) -> tuple[str, ...]:
        """Every state this step can lead to; its own source states when it stays."""
        if self.returns:
            return mediating
        return (self.target,) if self.target else ()
