"""The dossier: its thirteen items, which of them an outcome must have, and which are recognised without anybody's word.

The items follow the published form set of people's mediation (law.md 5.1). An item is there when the rows, papers or
documents of the case show it, or when the mediator found it in the folder and gave its pages; a missing one that the
outcome demands may be explained (R32).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, Value

from mediation.cases.case import DisputeCase
from mediation.cases.codes import PaperKind, Side
from mediation.cases.record import Paper
from mediation.privacy.keys import keyed_digest
from mediation.settlement.models import DossierItem, Instalment
from workflow.records import Event

TOWN_SETTLED = ("settled_by_town", "mediated_by_town")
AGREED = ("settled", "partly_settled", "not_performed", "confirmation_dismissed", *TOWN_SETTLED)
VISITED = ("resolved_by_town", "settled_by_town", "mediated_by_town", "settled", "partly_settled")
NO_AGREEMENT = ("failed", "deemed_failed", "party_refused", "terminated")
ROUTES = ("routes_notice", "failure_notice", "termination_notice")

Held = Counter[tuple[str, str]]
"""Rows by what they are and of which sort: ("paper", "identity"), ("rights", "patient"), ("visit", "")."""
Finder = Callable[[DisputeCase, Held], str]


@dataclass(frozen=True)
class Item:
    """One of the thirteen: its number, title, and how it is recognised (in words for the checklist, empty when not)."""

    number: int
    key: str
    title: str
    found: Finder


@dataclass(frozen=True)
class Line:
    """One line of a case's checklist."""

    item: Item
    must: bool
    found: str
    declared: DossierItem | None

    @property
    def is_settled(self) -> bool:
        """Whether nothing more is needed for this item."""
        return not self.must or bool(self.found) or self.declared is not None

    @property
    def title(self) -> str:
        """The title with its number: 7 调解笔录."""
        return f"{self.item.number} {self.item.title}"


def held(case: DisputeCase) -> Held:
    """How many rows the dossier holds of each kind, asked of all their tables in one statement."""
    in_force = Q(superseded=False, effective_on__isnull=False)
    kinds = [
        _kind("paper", case.papers, "kind"), _kind("document", case.documents.exclude(state="void"), "kind"),
        _kind("application", case.applications), _kind("rights", case.rights_notices.filter(superseded=False), "side"),
        _kind("investigation", case.investigations), _kind("meeting", case.meetings.exclude(result="planned")),
        _kind("agreement", case.agreements.filter(in_force)), _kind("visit", case.visits),
        _kind("remark", case.dossier_items.filter(standing="explained")),
        _kind("payment", Instalment.objects.filter(agreement__case=case, paid_on__isnull=False)),
    ]  # fmt: skip
    return Counter(kinds[0].union(*kinds[1:], all=True))


def _kind(what: str, rows: Any, sort: str = "") -> QuerySet[Any, Any]:
    sorts = F(sort) if sort else Value("", output_field=CharField())
    named = rows.order_by().annotate(what=Value(what, output_field=CharField()), sort=sorts)
    return named.values_list("what", "sort")


def _papers(*kinds: PaperKind) -> Finder:
    return lambda case, held: _counted("材料", sum(held["paper", kind] for kind in kinds))


def _documents(*kinds: str) -> Finder:
    return lambda case, held: _counted("文书", sum(held["document", kind] for kind in kinds))


def _rows(title: str, what: str) -> Finder:
    return lambda case, held: _counted(title, held[what, ""])


def _first(*finders: Finder) -> Finder:
    return lambda case, held: "；".join(filter(None, (finder(case, held) for finder in finders)))


def _counted(what: str, count: int) -> str:
    return f"{what} {count} 份" if count else ""


def _agreement(case: DisputeCase, held: Held) -> str:
    """The signed agreement; where none was reached, the notice of the other routes takes its place."""
    if case.outcome in AGREED:
        return _counted("生效协议", held["agreement", ""])
    return _documents(*ROUTES)(case, held)


def _rights(case: DisputeCase, held: Held) -> str:
    """Signed by both sides, or on paper."""
    return "双方已签收" if held["rights", "patient"] and held["rights", "hospital"] else ""


ITEMS: tuple[Item, ...] = (
    Item(1, "application", "调解申请书或受理登记表", _first(_rows("申请登记", "application"), _papers(PaperKind.APPLICATION))),
    Item(2, "rights", "权利义务告知书", _rights),
    Item(3, "identity", "当事人身份证明", _papers(PaperKind.IDENTITY, PaperKind.KINSHIP)),
    Item(4, "proxy", "授权委托书", _papers(PaperKind.PROXY)),
    Item(5, "investigation", "调查笔录", _rows("调查笔录", "investigation")),
    Item(6, "evidence", "证据材料", _papers(PaperKind.RECORDS, PaperKind.FEES, PaperKind.EVIDENCE, PaperKind.APPRAISAL)),
    Item(7, "meeting", "调解笔录", _rows("调解笔录", "meeting")),
    Item(8, "agreement", "调解协议书（未达成的，为终止或途径告知书）", _agreement),
    Item(9, "payment", "履行凭证", _first(_rows("付款登记", "payment"), _papers(PaperKind.PAYMENT))),
    Item(10, "visit", "回访记录", _first(_rows("回访登记", "visit"), _papers(PaperKind.VISIT))),
    Item(11, "confirmation", "司法确认有关材料", _first(_documents("confirmation_notice"), _papers(PaperKind.CONFIRMATION))),
    Item(12, "remarks", "卷宗情况说明", _rows("说明", "remark")),
    Item(13, "back_cover", "封底", lambda case, held: _documents("dossier_back_cover")(case, held) or "结案时随封面、目录一并生成"),
)  # fmt: skip

HEARD = "record_of_one_side"
"""A signed record of one side alone is of an investigation; of both, of a meeting."""
ORDER: dict[str, tuple[str, ...]] = {
    "application": (
        PaperKind.APPLICATION, "application_receipt", PaperKind.ROUTES, "papers_request", "consent_request", PaperKind.CONSENT,
        "acceptance_notice", "refusal_notice",
    ),
    "rights": ("rights_notice", PaperKind.RIGHTS), "identity": (PaperKind.IDENTITY, PaperKind.KINSHIP),
    "proxy": (PaperKind.PROXY,), "investigation": ("investigation_record", HEARD),
    "evidence": (PaperKind.RECORDS, PaperKind.FEES, PaperKind.EVIDENCE, "appraisal_entrustment", PaperKind.APPRAISAL),
    "meeting": ("meeting_invitation", "meeting_record", PaperKind.RECORD, PaperKind.EXTENSION),
    "agreement": (
        "settlement_agreement", "mediation_agreement", PaperKind.AGREEMENT, PaperKind.WITHDRAWAL, "routes_notice",
        "failure_notice", "termination_notice",
    ),
    "payment": (PaperKind.PAYMENT,), "visit": ("follow_up_record", PaperKind.VISIT),
    "confirmation": ("confirmation_notice", PaperKind.CONFIRMATION),
    "remarks": ("escalation_brief", "caller_reply", PaperKind.SERVICE, PaperKind.OTHER),
}  # fmt: skip
"""Where each kind of paper and document lies: the published order, what the form set does not name beside its like."""


def contents(case: DisputeCase) -> dict[str, list[Any]]:
    """The papers and documents of the folder by item, in the order in which they lie there; no void document."""
    places = {kind: (key, rank) for key, kinds in ORDER.items() for rank, kind in enumerate(kinds)}
    folder: dict[str, list[Any]] = {key: [] for key in ORDER}
    for one in [*case.documents.exclude(state="void").order_by("pk"), *case.papers.order_by("pk")]:
        if sort_of(one) in places:  # cover, contents and back cover hold the folder together and do not lie in it
            folder[places[sort_of(one)][0]].append(one)
    for row in folder.values():
        row.sort(key=lambda one: places[sort_of(one)][1])
    return folder


def sort_of(one: Any) -> str:
    """The kind by which a paper or document is placed."""
    if isinstance(one, Paper) and one.kind == PaperKind.RECORD and one.side != Side.BOTH:
        return HEARD
    return str(one.kind)


def must_have(case: DisputeCase) -> frozenset[str]:
    """The keys that this case's outcome demands; what never reached the committee needs what ended it, and no more."""
    must: set[str] = set()
    if case.is_committee_case:
        must |= {"application", "rights", "identity", "back_cover"}
        if case.outcome in (*AGREED, "failed", "deemed_failed"):
            must.add("meeting")
    elif case.outcome in ("refused", "consent_refused"):
        must.add("application")
    if case.outcome in AGREED or (case.is_committee_case and case.outcome in NO_AGREEMENT):
        must.add("agreement")
    if case.outcome in VISITED:
        must.add("visit")
    return frozenset(must)


def checklist(case: DisputeCase) -> list[Line]:
    """All thirteen items: demanded or not, what was recognised, what the mediator declared."""
    declared = {row.key: row for row in case.dossier_items.all()}
    must, there = must_have(case), held(case)
    return [Line(item, item.key in must, item.found(case, there), declared.get(item.key)) for item in ITEMS]


def missing_items(case: DisputeCase) -> list[str]:
    """The titles of demanded items that are neither recognised, nor declared with pages, nor explained."""
    return [line.item.title for line in checklist(case) if not line.is_settled]


def manifest_digest(case: DisputeCase, closing: Event | None = None) -> str:
    """One SHA-256 over every paper, document and checklist line, in order: what the dossier held when it was closed.

    A document counts by what it says: its PDF may still be on its way through the worker. With the event of the
    ``closing`` what came in after it is left out.
    """
    papers, documents = case.papers.order_by("pk"), case.documents.order_by("pk")
    if closing is not None:
        papers, documents = (
            papers.filter(recorded_at__lte=closing.recorded_at),
            documents.filter(event_seq__lt=closing.seq),
        )
    lines = [f"paper {one.uid} {one.kind} {one.sha256}" for one in papers]
    lines += [
        f"document {one.uid} {one.kind} {one.number} {'void' if one.state == 'void' else ''} {_says_digest(one.says)}"
        for one in documents
    ]
    lines += [f"item {one.key} {one.standing} {one.pages}" for one in case.dossier_items.order_by("key")]
    return sha256("\n".join(lines).encode()).hexdigest()


def _says_digest(says: object) -> str:
    return keyed_digest(json.dumps(says, ensure_ascii=False, sort_keys=True))
