"""As whom somebody reads a case, and what of a typed text that person is shown.

Who reads which part of the file is said in :mod:`mediation.cases.pages.onfile`, beside the parts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from mediation.cases.case import DisputeCase
from mediation.cases.discretion import masks, personal_values
from mediation.organisations.models import User
from mediation.privacy.discretion import discreet
from mediation.privacy.masking import mask_name
from workflow import engine
from workflow.vocabulary import Level, Role

_BETWEEN = re.compile(r"[、，,；;\s]+")
_OFFICE = re.compile(r"^[^（]*(?:[院科室办]|主任|公司)")


class Reader(StrEnum):
    """The widest of the roles held towards a case. Whoever holds none of these follows its progress only."""

    COMMITTEE = "committee"
    SUPERVISOR = "supervisor"
    TOWN = "town"
    HOSPITAL = "hospital"


READS_AS = {
    Role.DISPATCHER: Reader.COMMITTEE, Role.MEDIATOR: Reader.COMMITTEE, Role.DIRECTOR: Reader.COMMITTEE,
    Role.SUPERVISOR: Reader.SUPERVISOR, Role.TOWN_OFFICIAL: Reader.TOWN, Role.HOSPITAL_LIAISON: Reader.HOSPITAL,
}  # fmt: skip


@dataclass(frozen=True)
class Eyes:
    """Somebody looking at a case: as which reader, for which organisations; ``known`` values are replaced in texts."""

    reader: Reader | None
    organisations: frozenset[int] = frozenset()
    known: Mapping[str, str] | None = None
    user: User | None = None

    @classmethod
    def of(cls, user: User, case: DisputeCase) -> Eyes:
        """The eyes of a person on a case whose parties have been read."""
        rights = engine.office().rights(case, user)
        held = {READS_AS[right.role] for right in rights if right.role in READS_AS}
        reader = next((one for one in Reader if one in held), None)
        own = {right.organisation_id for right in rights if READS_AS.get(right.role) == reader}
        return cls(reader, frozenset(pk for pk in own if pk), _known(case, user, reader), user)

    def said(self, text: str | None) -> str:
        """Free text: whole for those who act on it, with the personal values masked for everybody else."""
        return discreet(text or "", self.known) if self.known is not None else text or ""

    def names(self, text: str | None) -> str:
        """A name, or several in one line, masked like every name on a page; what they are stays: 张**（患者之子）."""
        return "、".join(self._name(part) for part in _BETWEEN.split(text or "") if part)

    def _name(self, part: str) -> str:
        if _OFFICE.search(part):  # 医务科主任 is nobody's name
            return self.said(part)
        name, bracket, rest = part.partition("（")
        return mask_name(name) + bracket + self.said(rest)


def at_town(case: DisputeCase) -> bool:
    """Whether the case is still, or again, with town or desk."""
    return case.level != Level.CITY


def _known(case: DisputeCase, user: User, reader: Reader | None) -> dict[str, str] | None:
    """What to replace in free text; nothing is replaced for the committee, and for a town that has the case itself only
    a caller who asked to stay hidden (A6)."""
    if reader == Reader.COMMITTEE:
        return None
    known = masks(case, user)
    if reader == Reader.TOWN and at_town(case):
        hidden = {value for party in case.parties.all() if party.is_hidden for value in personal_values(party)}
        return {value: instead for value, instead in known.items() if value in hidden} or None
    return known
