"""The case page: where the case stands, what may be done now and why not, and everything on file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from mediation.cases.case import CaseHospital, CaseMediator, DisputeCase
from mediation.cases.codelists import Labels
from mediation.cases.correctable import RECORDED
from mediation.cases.discretion import CONFIDENTIAL, is_outside, masks, patient_label, shown
from mediation.cases.grounds import Substitution
from mediation.cases.pages import onfile
from mediation.cases.pages.beside import clocks
from mediation.cases.pages.chips import WORK, deadline_chip, state_kind, step_url, stepper
from mediation.cases.pages.eyes import Eyes
from mediation.cases.pages.related import facts_of, related
from mediation.cases.pages.timeline import timeline
from mediation.cases.parties import Party, age_text
from mediation.cases.record import Paper
from mediation.organisations.models import User
from mediation.organisations.signed_in import SignedIn
from mediation.privacy.discretion import discreet
from mediation.privacy.masking import mask
from workflow import engine, reckoning
from workflow.lifecycle import CLOCKS, STEPS
from workflow.records import Event
from workflow.rulebook import ClockMark, calendar_of

# Subjects that stand above the cases add their part of the page here: key → (label, template, rows of a case).
Section = Callable[[DisputeCase, User], Any]
SECTIONS: dict[str, tuple[str, str, Section]] = {}
Fact = tuple[str, Any, bool]


def visible_case(request: SignedIn, number: str) -> DisputeCase:
    """The case with this number among those the person may see; anything else is the same 404."""
    cases = DisputeCase.objects.visible_to(request.user).select_related(
        "town", "residence_town", "desk", "committee", "hotline"
    )
    return get_object_or_404(cases, number=number)


def load(case: DisputeCase, user: User) -> None:
    """Read people and papers, once each; every paper knows whether this person may read it."""
    prefetch_related_objects(
        [case],
        Prefetch("respondents", CaseHospital.objects.select_related("hospital__town")),
        Prefetch("assignments", CaseMediator.objects.select_related("user")),
        "parties",
    )
    prefetch_related_objects([case], Prefetch("papers", Paper.objects.marked_for(user, case)))


def load_for_judging(case: DisputeCase, user: User) -> None:
    """The same, and what the conditions of this state look at."""
    load(case, user)
    prefetch_related_objects([case], *_judged_in(case.state))


def _judged_in(state: str) -> Iterable[str]:
    """The rows that this state's conditions look at; whatever else is asked for is read when it is."""
    if state in ("under_review", "awaiting_consent"):
        yield "routes"
    if state in ("under_review", "awaiting_consent", "investigating", "under_appraisal", "in_mediation"):
        yield from ("applications", "consents")
    if state == "investigating":
        yield "rights_notices"
    if state == "agreement_drafted":
        yield "agreements__marks"
    if state == "performing":
        yield "agreements__instalments"


def detail(request: SignedIn, number: str, tab: str = "facts") -> HttpResponse:
    """The case page, on one of its tabs. Who opens it has read what the notices about it say."""
    case, today = visible_case(request, number), timezone.localdate()
    if tab == "facts":  # where notices lead to
        case.notices.read_by(request.user, timezone.now())
    load_for_judging(case, request.user)
    marks, events = reckoning.read_marks(case), list(Event.objects.filter(chain=case.chain).order_by("-seq"))
    eyes = Eyes.of(request.user, case)
    if tab in onfile.TABS and not onfile.readable(case, eyes, tab):
        tab = "facts"
    known = related(events, request.user)
    told = events if tab == "log" else [event for event in events[:NEWEST] if event.kind == "correct"]
    context = {
        "case": head(case, today, request.user), "actions": actions(case, request.user, today),
        "timeline": timeline(events[:200], case, eyes, told[:200], known),
        "stepper": stepper(case, [(e.target, e.happened_on) for e in reversed(events) if e.source != e.target]),
        "clocks": clocks(case, marks, today), "tabs": tabs(case, tab, eyes), "tab": tab, "today": today,
        "correct": correcting(case, request.user),
        **(on_file(case, eyes, tab) if tab in onfile.TABS else body(case, tab, request.user, today, [*facts_of(events, known)])),
    }  # fmt: skip
    return render(request, "cases/detail.html", context)


def print_view(request: SignedIn, number: str) -> HttpResponse:
    """The whole case on paper, masked like the screen."""
    case, today = visible_case(request, number), timezone.localdate()
    load(case, request.user)
    events = list(Event.objects.filter(chain=case.chain).order_by("seq"))
    eyes, known = Eyes.of(request.user, case), related(events, request.user)
    context = {
        "case": head(case, today, request.user), "facts": facts(case, request.user, [*facts_of(events, known)]), "parties": parties(case, request.user, today),
        "hospitals": list(case.respondents.all()), "papers": papers(case, request.user), "today": today,
        "clocks": clocks(case, reckoning.read_marks(case), today), "timeline": timeline(events, case, eyes, events, known),
        **on_file(case, eyes),
    }  # fmt: skip
    return render(request, "cases/print.html", context)


def ledger(request: SignedIn, number: str, clock: str) -> HttpResponse:
    """The day-by-day ledger of one clock, to open and to print."""
    case, today = visible_case(request, number), timezone.localdate()
    load(case, request.user)
    if clock not in CLOCKS or clock == "performance":
        clock = "mediation"
    says = reckoning.deadline_of(case, clock, today=today)
    context = {
        "case": head(case, today, request.user), "clock": CLOCKS[clock], "deadline": says, "rows": says.rows,
        "marks": ClockMark.objects.filter(case_id=case.pk, clock=clock).order_by("pk"), "today": today,
        "edition": case.calendar_edition, "urgency": says.urgency(today, calendar_of(case.calendar_edition)),
    }  # fmt: skip
    return render(request, "cases/ledger.html", context)


def head(case: DisputeCase, today: date, user: User | None = None) -> dict[str, Any]:
    """The fixed head of a case, as this person may see it."""
    hospitals = [r.hospital.name + ("" if r.kept else "（已分出）") for r in case.respondents.all()]
    seats = sorted((s for s in case.assignments.all() if s.until is None), key=lambda seat: not seat.lead)
    flags = [(case.is_major, "重大"), (case.is_confidential, "来电人保密"), (bool(case.other_route), "他途已受理"),
             (case.designated, "市级指定")]  # fmt: skip
    return {
        "number": case.number, "title": case.title, "state_label": case.state_label, "state_kind": state_kind(case),
        "sla": deadline_chip(case, today), "patient": patient_label(case, user), "hospitals": "、".join(hospitals),
        "kind": case.get_category_display().split("（")[0], "claimed": case.claimed_amount, "url": case.get_absolute_url(),
        "handlers": "、".join(("主办 " if s.lead else "协办 ") + s.user.get_full_name() for s in seats) or "—",
        "town": case.town.name if case.town else "—", "flags": [label for on, label in flags if on],
        "outcome": case.get_outcome_display() if case.outcome else "", "version": case.version, "pk": case.pk,
    }  # fmt: skip


def actions(case: DisputeCase, user: User, today: date) -> list[dict[str, Any]]:
    """What this person may do now: the work of this state first, then other ways, the rest in a menu.

    A step that is not possible yet stands there with its reason. The first of the state's work that is possible is the
    primary button.
    """
    options = {option.step.name: option for option in engine.possible(case, user, today=today)}
    options.pop("reveal", None)  # offered beside the masked value
    work = [name for name in WORK.get(case.state, ()) if name in options]
    rest = sorted(
        (name for name in options if name not in work),
        key=lambda name: (options[name].step.stays, options[name].step.danger),
    )
    shown = [_action(case, options[name], "main" if name in work else "more") for name in (*work, *rest)]
    first = next((one for one in shown if one["group"] == "main" and not one["blocked"]), None)
    if first:
        first["kind"] = "primary"
    return shown


def _action(case: DisputeCase, option: engine.Option, group: str) -> dict[str, Any]:
    step = option.step
    return {
        "name": step.name, "label": step.label, "url": step_url(case, step.name), "blocked": option.reason,
        "kind": "danger" if step.danger else "normal", "group": group, "sentence": step.sentence,
    }  # fmt: skip


def correcting(case: DisputeCase, user: User) -> dict[str, Any] | None:
    """Where rows on file are corrected, and of which kinds this person may correct any."""
    right = engine.right_to(STEPS["correct"], case, engine.office().rights(case, user))
    kinds = {kind.key for kind in RECORDED.values() if right is not None and kind.may_be_corrected_by(right)}
    return {"url": step_url(case, "correct"), "kinds": kinds} if kinds else None


NEWEST = 6  # of the record, beside every tab
BASE_TABS = (("facts", "案件概况"), ("parties", "当事人"), ("papers", "材料"))


def on_file(case: DisputeCase, eyes: Eyes, tab: str = "") -> dict[str, Any]:
    """What these eyes may read of the file on a tab, or on all of them for paper, and what there is none of yet."""
    parts, missing = onfile.show(case, eyes, tab)
    return {"parts": parts, "missing": "、".join(missing)}


def tabs(case: DisputeCase, current: str, eyes: Eyes) -> list[dict[str, Any]]:
    """The tabs of the page, ours and those of the other subjects; one with nothing on it is not shown."""
    counts = {"parties": len(case.parties.all()), "papers": len(_readable_papers(case))}
    standing = {*onfile.filled(case, eyes), current}
    filled = [(key, label) for key, label in onfile.TABS.items() if key in standing]
    labels = [*BASE_TABS, *filled, *((key, label) for key, (label, _, _) in SECTIONS.items()), ("log", "办理记录")]
    return [
        {"key": key, "label": label, "count": counts.get(key), "current": key == current,
         "url": case.get_absolute_url() if key == "facts" else f"{case.get_absolute_url()}tab/{key}/"}
        for key, label in labels
    ]  # fmt: skip


def body(case: DisputeCase, tab: str, user: User, today: date, cases: Sequence[Fact] = ()) -> dict[str, Any]:
    """What the chosen tab shows; an unknown tab shows the facts. ``cases``: the facts about other cases."""
    if tab in SECTIONS:
        _, template, rows = SECTIONS[tab]
        return {"section_template": template, "section": rows(case, user)}
    if tab == "papers":
        return {"papers": papers(case, user)}
    if tab == "parties":
        return {"parties": parties(case, user, today), "hospitals": list(case.respondents.all())}
    if tab == "log":
        return {"full_log": True}
    return {"facts": facts(case, user, cases), "parties": parties(case, user, today), "papers": papers(case, user)[:8]}


def facts(case: DisputeCase, user: User, cases: Sequence[Fact] = ()) -> list[Fact]:
    """The facts of the dispute as label, value, and whether the value wants the full width."""
    label = Labels(timezone.localdate(case.registered_at))
    departments = dict.fromkeys(label("department", r.department) for r in case.respondents.all() if r.department)
    return [
        *cases, ("案件来源", label("source", case.source), False), ("登记单位", case.desk.name, False),
        ("登记时间", timezone.localtime(case.registered_at).strftime("%Y-%m-%d %H:%M"), False),
        ("发生日期", f"{case.occurred_on:%Y-%m-%d}" if case.occurred_on else "—", False),
        ("责任镇街", case.town.name if case.town else "—", False),
        ("居住镇街", case.residence_town.name if case.residence_town else "—", False),
        ("科室", "、".join(departments) or "—", False), ("案由", label("cause", case.cause), False),
        ("损害后果", label("harm", case.harm), False),
        ("患方诉求", "、".join(label("demands", key) for key in case.demands) or "—", False),
        ("纠纷概要", shown(case.summary, case, user), True),
    ]  # fmt: skip


def parties(case: DisputeCase, user: User, today: date) -> list[dict[str, Any]]:
    """The people, masked; a caller who asked to stay hidden is no more than that to town and hospital (A6)."""
    outside = is_outside(case, user)
    may_reveal = engine.right_to(STEPS["reveal"], case, engine.office().rights(case, user)) is not None
    return [_party(party, case, today, outside=outside, may_reveal=may_reveal) for party in case.parties.all()]


def _party(party: Party, case: DisputeCase, today: date, *, outside: bool, may_reveal: bool) -> dict[str, Any]:
    hide, name = party.is_hidden and outside, _name(party, outside=outside)
    return {
        "side": party.get_side_display(), "name": name, "pk": party.pk,
        "kind": "，".join(filter(None, (party.get_kind_display(), dict(Substitution.choices).get(party.end_reason)))),
        "sex_age": f"{party.get_sex_display()} {age_text(party.born_on, today)}" if not hide else "—",
        "id_no": "—" if hide or not party.id_no else mask("id_no", party.id_no),
        "phone": "—" if hide or not party.phone else mask("phone", party.phone),
        "agent": "，".join(filter(None, (_for_whom(party, outside=outside), party.authority))),
        "ended": party.until, "reveal_url": _reveal_url(case, party) if may_reveal and not hide else "",
    }  # fmt: skip


def _for_whom(party: Party, *, outside: bool) -> str:
    spoken_for = next((one for one in party.case.parties.all() if one.pk == party.represents_id), None)
    return party.relation or (_name(spoken_for, outside=outside) if spoken_for else "")


def _name(party: Party, *, outside: bool) -> str:
    return CONFIDENTIAL if party.is_hidden and outside else party.masked_name


def _reveal_url(case: DisputeCase, party: Party) -> str:
    """The form of looking behind the mask, beginning with the whole person: what the link beside the name promises."""
    return f"{step_url(case, 'reveal')}?target=party-{party.pk}"


def papers(case: DisputeCase, user: User) -> list[dict[str, Any]]:
    """Papers received that this person may read, newest first."""
    known = masks(case, user)
    rows = sorted(_readable_papers(case), key=lambda paper: (paper.received_on, paper.pk), reverse=True)
    return [
        {"title": discreet(paper.title, known), "kind": paper.get_kind_display(), "side": paper.get_side_display(), "copy": paper.get_copy_display(),
         "pages": paper.page_count, "received_on": paper.received_on, "mime": paper.mime,
         "url": f"{case.get_absolute_url()}papers/{paper.uid}/" if paper.stored else "", "target": f"paper-{paper.pk}"}
        for paper in rows
    ]  # fmt: skip


def _readable_papers(case: DisputeCase) -> list[Any]:
    return [paper for paper in case.papers.all() if paper.is_readable]
