"""Who reads which paper of a case: one table, for what came in and for what was issued; ``docs/roles.md`` prints it.

Seeing a case is not reading its papers. The committee reads everything of its cases. The responsible town reads what it
filed or brought about, and what came in before the case went to the city; a hospital its own papers, what is made out to
it, and what both sides hold; the hotline its replies; the bureau what was issued, and no file. Whoever only reads along
(the patient's own town, a desk that has passed the case on) follows its progress. A kind that the table does not name is
the committee's alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Flag, auto

from django.db.models import Q

from mediation.cases.case import DisputeCase
from mediation.cases.codes import PaperKind, Side
from mediation.cases.ways import any_of
from mediation.organisations.models import User
from workflow.engine import office
from workflow.records import Event
from workflow.registry import Right
from workflow.vocabulary import Level, Role

COMMITTEE = frozenset({Role.DISPATCHER, Role.MEDIATOR, Role.DIRECTOR})
COLUMNS = (Role.TOWN_OFFICIAL, Role.HOSPITAL_LIAISON, Role.HOTLINE_OPERATOR, Role.SUPERVISOR)


class Reach(Flag):
    """How far a role reads into a kind of paper."""

    NONE = 0
    OWN = auto()
    BOTH = auto()
    HANDLED = auto()
    ALL = auto()


NONE, OWN, BOTH, HANDLED, ALL = Reach.NONE, Reach.OWN, Reach.BOTH, Reach.HANDLED, Reach.ALL
REACH_LABELS = {OWN: "本单位的", BOTH: "双方的", HANDLED: "处置期间的", ALL: "全部"}
Row = tuple[Reach, Reach, Reach, Reach]

# fmt: off
#                                 镇街       医院          12345  卫健局
RECEIVED: dict[str, Row] = {
    PaperKind.APPLICATION:       (HANDLED,   OWN,          NONE,  NONE),
    PaperKind.IDENTITY:          (HANDLED,   OWN,          NONE,  NONE),
    PaperKind.PROXY:             (HANDLED,   OWN,          NONE,  NONE),
    PaperKind.KINSHIP:           (HANDLED,   NONE,         NONE,  NONE),
    PaperKind.CONSENT:           (HANDLED,   OWN,          NONE,  NONE),
    PaperKind.ROUTES:            (HANDLED,   OWN,          NONE,  NONE),
    PaperKind.RIGHTS:            (OWN,       OWN,          NONE,  NONE),
    PaperKind.RECORDS:           (HANDLED,   OWN,          NONE,  NONE),
    PaperKind.FEES:              (HANDLED,   OWN,          NONE,  NONE),
    PaperKind.EVIDENCE:          (HANDLED,   OWN,          NONE,  NONE),
    PaperKind.APPRAISAL:         (HANDLED,   OWN | BOTH,   NONE,  NONE),
    PaperKind.EXTENSION:         (OWN,       OWN | BOTH,   NONE,  NONE),
    PaperKind.RECORD:            (OWN,       BOTH,         NONE,  NONE),   # never what one side was heard on
    PaperKind.AGREEMENT:         (HANDLED,   OWN | BOTH,   NONE,  NONE),
    PaperKind.PAYMENT:           (HANDLED,   OWN,          NONE,  NONE),
    PaperKind.VISIT:             (OWN,       NONE,         NONE,  NONE),
    PaperKind.CONFIRMATION:      (HANDLED,   OWN | BOTH,   NONE,  NONE),
    PaperKind.SERVICE:           (OWN,       OWN,          NONE,  NONE),
    PaperKind.WITHDRAWAL:        (HANDLED,   OWN,          NONE,  NONE),
    PaperKind.OTHER:             (HANDLED,   OWN,          NONE,  NONE),
}
ISSUED: dict[str, Row] = {
    "escalation_brief":          (ALL,       NONE,         NONE,  ALL),
    "application_receipt":       (OWN,       OWN | BOTH,   NONE,  ALL),
    "papers_request":            (NONE,      OWN,          NONE,  ALL),
    "consent_request":           (NONE,      OWN,          NONE,  ALL),
    "acceptance_notice":         (NONE,      OWN,          NONE,  ALL),
    "rights_notice":             (NONE,      OWN,          NONE,  ALL),
    "refusal_notice":            (NONE,      OWN,          NONE,  ALL),
    "routes_notice":             (OWN,       OWN,          NONE,  ALL),
    "appraisal_entrustment":     (NONE,      BOTH,         NONE,  ALL),
    "meeting_invitation":        (NONE,      OWN,          NONE,  ALL),
    "mediation_agreement":       (OWN,       BOTH,         NONE,  ALL),
    "settlement_agreement":      (ALL,       BOTH,         NONE,  ALL),
    "confirmation_notice":       (OWN,       OWN,          NONE,  ALL),
    "failure_notice":            (NONE,      OWN,          NONE,  ALL),
    "termination_notice":        (NONE,      OWN,          NONE,  ALL),
    "caller_reply":              (ALL,       NONE,         ALL,   ALL),
    "investigation_record":      (NONE,      NONE,         NONE,  NONE),   # what was said in confidence
    "meeting_record":            (NONE,      BOTH,         NONE,  NONE),
    "follow_up_record":          (OWN,       NONE,         NONE,  ALL),
    "dossier_cover":             (OWN,       NONE,         OWN,   ALL),
    "dossier_catalogue":         (OWN,       NONE,         OWN,   ALL),
    "dossier_back_cover":        (OWN,       NONE,         OWN,   ALL),
}
# fmt: on

Test = Callable[[Reach, Right, DisputeCase], Q]


def reach_of(table: Mapping[str, Row], kind: str, role: Role) -> Reach:
    """How far a role towards a case reads into a kind of paper."""
    if role in COMMITTEE:
        return ALL
    return table[kind][COLUMNS.index(role)] if role in COLUMNS and kind in table else NONE


def received_by(user: User, case: DisputeCase) -> Q:
    """The papers received in a case that this person may read."""
    return _readable(RECEIVED, user, case, _received)


def issued_to(user: User, case: DisputeCase) -> Q:
    """The documents issued in a case that this person may read."""
    return _readable(ISSUED, user, case, _issued)


def _readable(table: Mapping[str, Row], user: User, case: DisputeCase, test: Test) -> Q:
    """The union of what each role towards *this* case reads; other roles of the same person count for nothing."""
    rights = office().rights(case, user)
    if any(right.role in COMMITTEE for right in rights):
        return Q()
    return any_of(
        Q(kind__in=[kind for kind in table if reach_of(table, kind, right.role) == reach]) & test(reach, right, case)
        for right in rights
        for reach in {reach_of(table, kind, right.role) for kind in table} - {NONE}
    )


def _received(reach: Reach, right: Right, case: DisputeCase) -> Q:
    if ALL in reach:
        return Q()
    mine = Q(organisation=right.organisation_id) | Q(hospital=right.organisation_id)
    ways = [mine] if reach & (OWN | HANDLED) else []
    if BOTH in reach:
        ways.append(Q(side=Side.BOTH))
    if HANDLED in reach:
        before = Q(level__in=[Level.DESK, Level.TOWN])
        # A caller who asked to stay hidden is named by what others filed for the patient's side (A6).
        ways.append(before & Q(side=Side.HOSPITAL) if _hides_somebody(case) else before)
    return any_of(ways)


def _hides_somebody(case: DisputeCase) -> bool:
    return case.is_confidential or any(party.is_hidden for party in case.parties.all())


def _issued(reach: Reach, right: Right, case: DisputeCase) -> Q:
    if ALL in reach:
        return Q()
    ways = []
    if OWN in reach:
        steps = Event.objects.filter(chain=case.chain, organisation_id=right.organisation_id)
        ways = [Q(event_seq__in=steps.values("seq")), Q(hospital=right.organisation_id)]
        if right.role == Role.HOSPITAL_LIAISON:
            ways.append(Q(side=Side.HOSPITAL, hospital__isnull=True))
    if BOTH in reach:
        ways.append(Q(side__in=["", Side.BOTH]))
    return any_of(ways)
