"""The law as a reader of the record sees it: hand-written rules over a case's events, knowing nothing of the engine.

Whatever way a case went, its events must tell a legal story: who acted in which role for which organisation, what had
to be on record before, and how the 30 working days then run. The rules of who may move what from where are those of the
hand-written book (tests/workflow/test_lifecycle.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date

from mediation.cases.case import CaseHospital, CaseMediator, CaseTask, DisputeCase
from mediation.cases.record import Notice
from mediation.documents.models import Edition, IssuedDocument
from mediation.hotline.models import OrderReply
from tests.workflow.test_lifecycle import BOOK, BY_KEEPER
from workflow import outbox
from workflow.chain import GENESIS
from workflow.clocks import Mark, MarkKind, deadline
from workflow.lifecycle import STEPS
from workflow.records import Event, event_hash
from workflow.rulebook import calendar_of, rules_of

ROWS = {name: (set(sources), target, set(roles)) for name, sources, target, roles in BOOK}
MEDIATING = {"awaiting_assignment", "investigating", "under_appraisal", "in_mediation", "agreement_drafted"}
KEEPERS = {"desk": {"hotline_operator"}, "town": {"town_official"}, "city": {"mediator", "dispatcher", "director"}}


def whole(case: DisputeCase) -> None:
    """Everything at once; an AssertionError says what is wrong."""
    events = list(Event.objects.filter(chain=case.chain).order_by("seq"))
    for rule in RULES:
        rule(case, events)


Rule = Callable[[DisputeCase, Sequence[Event]], None]
RULES: list[Rule] = []


def rule(function: Rule) -> Rule:
    RULES.append(function)
    return function


@rule
def the_record_has_no_gap(case: DisputeCase, events: Sequence[Event]) -> None:
    assert [event.seq for event in events] == list(range(1, case.version + 1)), "an event is missing, or one too many"
    head = GENESIS
    for event in events:
        assert event.previous == head, f"{event.kind}: the chain is broken"
        fields = {name: getattr(event, name) for name in (
            "chain", "seq", "kind", "source", "target", "actor_id", "role", "organisation_id", "happened_on", "recorded_at",
            "data", "digest", "previous")}  # fmt: skip
        assert event_hash(fields) == event.hash, f"{event.kind}: the hash is not that of the event"
        head = event.hash
    assert case.head == head, "the case does not carry the head of its record"


@rule
def the_path_is_in_the_book(case: DisputeCase, events: Sequence[Event]) -> None:
    state = "registered"
    assert (events[0].kind, events[0].target) == ("register", "registered")
    for event in events[1:]:
        sources, target, roles = ROWS[event.kind]
        assert event.source == state, f"{event.kind} starts in {event.source}, the case was in {state}"
        assert state in sources, f"{event.kind} is not possible in {state}"
        assert event.role in roles, f"{event.kind} by {event.role}"
        if target == "back":
            assert event.target in MEDIATING
        else:
            assert event.target == (target or state), f"{event.kind} ends in {event.target}"
        state = event.target
    assert case.state == state


@rule
def nothing_moves_a_closed_case(case: DisputeCase, events: Sequence[Event]) -> None:
    closed = [event.seq for event in events if event.target == "closed" and event.source != "closed"]
    assert len(closed) <= 1
    if closed:
        assert all(event.target == "closed" for event in events[closed[0] :])


@rule
def nobody_foreign_acts(case: DisputeCase, events: Sequence[Event]) -> None:
    """The town that had it at that moment, the case's own committee, bureau and hotline, its hospitals and mediators."""
    town = None
    hospitals = set(CaseHospital.objects.filter(case=case).values_list("hospital", flat=True))
    seats = set(CaseMediator.objects.filter(case=case).values_list("user", flat=True))
    for event in events[1:]:
        fixed = {"dispatcher": case.committee_id, "director": case.committee_id, "supervisor": case.bureau_id,
                 "mediator": case.committee_id}  # fmt: skip
        if event.role == "town_official":
            assert event.organisation_id == (town or case.desk_id), f"{event.kind} by a foreign town"
        elif event.role == "hospital_liaison":
            assert event.organisation_id in hospitals, f"{event.kind} by a foreign hospital"
        elif event.role == "hotline_operator":
            assert event.organisation_id in (case.hotline_id, case.desk_id), f"{event.kind} by a foreign hotline"
        elif event.role in fixed:
            assert event.organisation_id == fixed[event.role], f"{event.kind} by a foreign {event.role}"
        if event.role == "mediator":
            assert event.actor_id in seats, f"{event.kind} by a mediator of another case"
        if event.kind in ("dispatch", "redirect"):
            town = event.data["town"]
        elif event.kind == "decline":
            town = None


@rule
def what_had_to_come_before_did(case: DisputeCase, events: Sequence[Event]) -> None:
    past: list[Event] = []
    for event in events:
        before = Counter(one.kind for one in past)
        if event.kind in ("decline", "send_back"):
            assert not before[event.kind], f"{event.kind} a second time"
        if event.kind in ("decline", "send_back"):
            assert not before["redirect"], f"{event.kind} after the city designated the town"
        if event.kind == "extend_handling":
            assert _since(past, "dispatch", "redirect", "send_back").count("extend_handling") == 0
        if event.kind in ("accept", "refuse", "seek_consent"):
            assert _applied(past), f"{event.kind} without an application"
        if event.kind in ("apply_directly", "guide_to_apply", "record_application", "divert", "drop", "send_back"):
            assert not _applied(past), f"{event.kind} after an application"
        if event.kind == "accept":
            _assert_acceptable(past)
        if event.kind == "convene":
            sides = {one.data["side"] for one in past if one.kind == "sign_rights_notice"}
            assert sides == {"patient", "hospital"}, "convened before both sides signed the rights notice"
        if event.kind == "conclude":
            marks = {one.data["kind"] for one in past[_last(past, "draft_agreement") :] if one.kind == "mark"}
            assert marks == {"patient", "hospital", "mediator", "seal"}, f"in force with {sorted(marks)} only"
        if event.kind == "performed":
            assert not _unpaid(case), "performed with a payment open"
        if event.kind == "default":
            assert any(one.kind == "log_contact" and one.data["purpose"] == "urge" for one in past), "nobody urged"
        if event.kind == "close" and before["accept"]:
            assert before["submit_dossier"], "closed without a dossier"
        past.append(event)


@rule
def who_performs_and_closes_is_the_level_that_kept_it(case: DisputeCase, events: Sequence[Event]) -> None:
    desk = {"hotline_operator": "desk", "town_official": "town"}.get(events[0].role, "city")
    level = desk
    for event in events[1:]:
        if event.source in ("performing", "follow_up", "closing") and event.target != event.source:
            assert event.role in KEEPERS[level], f"{event.kind} by {event.role} at level {level}"
        if level == "city" and event.kind in BY_KEEPER:
            assert event.role in KEEPERS[level], f"{event.kind} by {event.role} although the city keeps the case"
        if event.kind in ("dispatch", "redirect", "send_back"):
            level = "town"
        elif event.kind in ("apply_directly", "step_in", "guide_to_apply", "escalate", "escalate_overdue", "accept"):
            level = "city"
        elif event.kind == "decline":
            level = desk


@rule
def one_open_task_until_the_end(case: DisputeCase, events: Sequence[Event]) -> None:
    tasks = list(CaseTask.objects.filter(process=case, finished__isnull=True))
    assert len(tasks) == (0 if case.state == "closed" else 1), f"{len(tasks)} open tasks in {case.state}"
    if tasks:
        assert (tasks[0].state, tasks[0].due_on) == (case.state, case.due_on)


@rule
def the_thirty_days_run_as_the_record_says(case: DisputeCase, events: Sequence[Event]) -> None:
    """The mediation clock, counted from the events alone."""
    if case.state not in (*MEDIATING, "lapsed"):
        return
    marks: list[Mark] = []
    for event in events:
        if event.kind == "accept":
            marks.append(Mark(MarkKind.START, event.happened_on))
        elif event.kind == "start_appraisal":
            marks.append(Mark(MarkKind.STOP, event.happened_on))
        elif event.kind == "finish_appraisal":
            marks.append(Mark(MarkKind.RESUME, event.happened_on))
        elif event.kind in ("extend", "restore") and (event.data.get("until") or event.data.get("days")):
            until = date.fromisoformat(event.data["until"]) if event.data.get("until") else None
            marks.append(Mark(MarkKind.EXTEND, event.happened_on, days=event.data.get("days"), until=until))
    says = deadline(rules_of(case.rulebook_id).period("mediation"), marks, calendar_of(case.calendar_edition))
    assert (case.mediation_due_on, case.stopped) == (says.due_on, says.stopped), (
        f"stored {case.mediation_due_on}, counted {says.due_on}"
    )


@rule
def the_stages_own_date_runs_from_its_beginning(case: DisputeCase, events: Sequence[Event]) -> None:
    """Where the clock of the stage starts with it and nothing extends it: counted from the step that entered it."""
    clock = {"registered": "triage", "town_pending": "town_sign_for", "escalated": "take_over", "awaiting_consent": "consent",
             "awaiting_assignment": "assignment", "lapsed": "lapse_confirmation", "follow_up": "follow_up",
             "closing": "closing"}.get(case.state)  # fmt: skip
    if clock is None:
        return
    entered = [event for event in events if event.target != event.source][-1]
    period = rules_of(case.rulebook_id).period(clock)
    says = deadline(period, [Mark(MarkKind.START, entered.happened_on)], calendar_of(case.calendar_edition))
    assert case.due_on == says.due_on, f"{clock}: stored {case.due_on}, counted {says.due_on}"


@rule
def time_lapses_nothing_early(case: DisputeCase, events: Sequence[Event]) -> None:
    for event in events:
        if event.kind == "lapse":
            assert event.source != "under_appraisal"
            spent = next(one for one in events if one.kind == "accept").happened_on
            assert calendar_of(case.calendar_edition).working_days_between(spent, event.happened_on) > 30


@rule
def papers_wait_for_the_worker(case: DisputeCase, events: Sequence[Event]) -> None:
    papers = list(IssuedDocument.objects.filter(case=case))
    asked = set(
        outbox.OutboxMessage.objects.filter(case_id=case.pk, kind="render_document").values_list("key", flat=True)
    )
    assert asked == {f"render_document:{paper.uid}" for paper in papers}, "a paper and its message disagree"
    kinds = {(paper.event_seq, paper.kind) for paper in papers}
    for event in events[1:]:
        for paper in STEPS[event.kind].papers:
            if paper == "follow_up_record" and not case.agreements.exists():
                assert (event.seq, paper) not in kinds, "a record of how no agreement was kept"
            elif paper != "caller_reply" or OrderReply.objects.filter(order__case=case).exists():
                assert (event.seq, paper) in kinds, f"{event.kind} brought no {paper}"
    numbers = [paper.number for paper in papers if paper.number and paper.edition != Edition.IN_FORCE]
    assert len(numbers) == len(set(numbers))
    signed = {paper.number for paper in papers if paper.edition == Edition.TO_SIGN and paper.state != "void"}
    in_force = {paper.number for paper in papers if paper.edition == Edition.IN_FORCE}
    assert not signed or in_force <= signed, "a text in force under another number than the signed one"


@rule
def whoever_comes_next_is_told(case: DisputeCase, events: Sequence[Event]) -> None:
    moved = [event for event in events[1:] if event.source != event.target and event.target != "closed"]
    told = list(Notice.objects.filter(case=case, is_task=True).values_list("step", flat=True))
    expected = Counter(event.kind for event in moved)
    missing = expected - Counter(told)
    assert not missing, f"nobody was told of {sorted(missing)}"


@rule
def the_record_names_nobody(case: DisputeCase, events: Sequence[Event]) -> None:
    for event in events:
        text = str(event.data)
        assert not any(word in text for word in ("甄示例", "卜示例", "13800000001", "感染")), f"{event.kind}: {text}"


def _applied(past: Sequence[Event]) -> bool:
    return any(one.kind in ("apply_directly", "guide_to_apply", "record_application") for one in past)


def _assert_acceptable(past: Sequence[Event]) -> None:
    """Application, the word of both sides, declarations and papers are all on record."""
    agreed = set()
    for one in past:
        if one.kind in ("apply_directly", "guide_to_apply", "record_application"):
            agreed |= {"patient", "hospital"} if one.data["by_side"] == "both" else {one.data["by_side"]}
        elif one.kind in ("consent_given", "record_consent") and one.data.get("given", True):
            agreed.add(one.data["side"])
    assert agreed >= {"patient", "hospital"}, f"accepted with the consent of {sorted(agreed)} only"
    declared = {side for one in past if one.kind == "declare_routes" for side in _sides(one.data["side"])}
    assert declared == {"patient", "hospital"}, "accepted without the declarations of both sides"
    assert any(paper.startswith("identity:") for one in past for paper in one.data.get("papers", [])), (
        "no identity paper"
    )


def _sides(side: str) -> set[str]:
    return {"patient", "hospital"} if side == "both" else {side}


def _since(past: Sequence[Event], *kinds: str) -> list[str]:
    start = max((place for place, one in enumerate(past) if one.kind in kinds), default=0)
    return [one.kind for one in past[start:]]


def _last(past: Sequence[Event], kind: str) -> int:
    return max(place for place, one in enumerate(past) if one.kind == kind)


def _unpaid(case: DisputeCase) -> bool:
    if case.state == "performing":
        return False
    standing = case.agreements.filter(superseded=False, effective_on__isnull=False)
    return any(part.state == "due" for one in standing for part in one.instalments.all())
