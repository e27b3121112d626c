"""The record as people read it: who did what and when, and, for whoever may read it, what was typed at each step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.utils import timezone

from mediation.cases.case import DisputeCase
from mediation.cases.discretion import CONFIDENTIAL
from mediation.cases.pages.chips import step_url
from mediation.cases.pages.eyes import Eyes, Reader, at_town
from mediation.cases.pages.onfile import READERS, Much
from mediation.cases.pages.related import Known, said_of
from mediation.cases.record import StepFacts
from mediation.cases.revealable import Corrected, corrected, target_label
from mediation.cases.stepform import FORMS, option_label
from mediation.cases.templatetags.face import moment
from mediation.cases.together import together
from mediation.organisations.models import Organisation, User
from workflow.lifecycle import STATES, STEPS
from workflow.records import Event
from workflow.vocabulary import Level, Role

Typed = list[tuple[str, str, str]]  # label, words, and the form that shows the value behind a mask
USER, ORGANISATION = "organisations.user:", "organisations.organisation:"
# What these steps were told is a row of its own on one of the tabs; here stands only what that row does not say.
ELSEWHERE: dict[str, tuple[str, ...]] = {
    "log_contact": (), "record_investigation": (), "record_meeting": (), "visit": (), "submit_dossier": (), "close": (),
    "serve_notice": (), "record_payment": (), "mark": (), "record_consent": (), "consent_given": (), "add_paper": (),
    "record_application": (), "apply_directly": (), "guide_to_apply": (), "declare_routes": (), "sign_rights_notice": (),
    "resolve": (), "draft_agreement": (), "amend": (), "start_appraisal": (), "finish_appraisal": ("note",),
    "settle_locally": ("patient_count", "hospital_count"), "settle_by_town_committee": ("mediator_name",),
    "correct": ("reason",), "reveal": ("reason",), "request_papers": ("note",),
    "substitute_party": ("reason", "hospital", "successor"), "assign": (),
}  # fmt: skip


def timeline(
    events: Iterable[Event], case: DisputeCase | None = None, eyes: Eyes | None = None, told: Iterable[Event] = (),
    known: Known = MappingProxyType({}),
) -> list[dict[str, Any]]:  # fmt: skip
    """The record: who did what, when it happened and, where later, when it was entered.

    What was typed stands beside those events that are ``told`` and that these eyes may read; another case beside the
    event that names it, if it is ``known``.
    """
    events = list(events)
    facts = _facts(case, told, eyes) if case is not None and eyes is not None else {}
    references = {text for _, values in facts.values() for text in _references(values.values())}
    references |= {f"{USER}{event.actor_id}" for event in events if event.actor_id}
    references |= {f"{ORGANISATION}{event.organisation_id}" for event in events if event.organisation_id}
    names = _names(references, case)
    typed = {seq: _typed(case, seq, *said, eyes, names) for seq, said in facts.items() if case and eyes}
    return [
        _moment(event, names) | {"typed": typed.get(event.seq, ()), "cases": said_of(event, known)} for event in events
    ]


def _names(references: set[str], case: DisputeCase | None) -> dict[str, str]:
    """How people and organisations are called; those of the case itself have been read with it."""
    own = [case.desk, case.hotline, case.town, case.residence_town, case.committee] if case is not None else []
    known = {one.pk: one for one in own if one is not None}
    people, others = together(
        User.objects.filter(pk__in=_numbers(references, USER)).only("username", "full_name"),
        Organisation.objects.filter(pk__in=_numbers(references, ORGANISATION) - set(known)).only("name"),
    )
    names = {f"{USER}{one.pk}": one.get_full_name() for one in people}
    return names | {f"{ORGANISATION}{one.pk}": one.name for one in (*known.values(), *others)}


def _facts(case: DisputeCase, told: Iterable[Event], eyes: Eyes) -> dict[int, tuple[str, dict[str, Any]]]:
    """The step and what was typed at it, by the number of its event."""
    kinds = {event.seq: event.kind for event in told if _may_read(case, event, eyes)}
    kept = StepFacts.objects.filter(case=case, seq__in=list(kinds)) if kinds else ()
    return {row.seq: (kinds[row.seq], row.facts) for row in kept}


def _typed(
    case: DisputeCase, seq: int, kind: str, facts: dict[str, Any], eyes: Eyes, names: Mapping[str, str]
) -> Typed:
    rows = _said(kind, facts, eyes, names, only=ELSEWHERE.get(kind))
    if kind == "correct":
        changes = [one for one in corrected(case, {seq: facts}) if one.is_told(case, eyes)]
        return [*(_change(case, one, eyes, names) for one in changes), *rows] if changes else []
    if kind == "reveal":
        return [("查看", target_label(case, facts["target"]), ""), *rows]
    return rows


def _numbers(references: Iterable[str], start: str) -> set[int]:
    return {int(text.removeprefix(start)) for text in references if text.startswith(start)}


def _may_read(case: DisputeCase, event: Event, eyes: Eyes) -> bool:
    """A town reads what it typed itself, what was done before the committee, and why it was given the case."""
    much = READERS["typed"].get(eyes.reader) if eyes.reader else None
    if much != Much.OWN or event.organisation_id in eyes.organisations:
        return much is not None
    step = STEPS.get(event.kind)
    to_the_town = step is not None and step.level == Level.TOWN
    return to_the_town or (at_town(case) and event.organisation_id != case.committee_id)


def _change(case: DisputeCase, one: Corrected, eyes: Eyes, names: Mapping[str, str]) -> tuple[str, str, str]:
    old, new = (_shown(one, value, eyes, names) for value in (one.old, one.new))
    hidden = f"（{CONFIDENTIAL}）" in (old, new)
    behind = (
        f"{step_url(case, 'reveal')}?target=correction-{one.pk}.old"
        if one.is_personal and one.old and not hidden
        else ""
    )
    return eyes.said(one.label), f"{old or '（空）'} → {new or '（空）'}", behind


def _shown(one: Corrected, value: Any, eyes: Eyes, names: Mapping[str, str]) -> str:
    if one.is_hidden and eyes.reader in (Reader.TOWN, Reader.HOSPITAL):
        return f"（{CONFIDENTIAL}）"
    if one.is_name:
        return eyes.names(one.as_text(value))
    if one.is_personal:
        return one.masked(value)
    return names.get(str(value)) or eyes.said(one.as_text(value))


def _said(
    kind: str, facts: Mapping[str, Any], eyes: Eyes, names: Mapping[str, str], only: tuple[str, ...] | None
) -> Typed:
    form = FORMS.get("escalate" if kind == "escalate_overdue" else kind)
    fields = form.base_fields if form is not None else {}
    rows = [
        (str(field.label), _text(form.step_name, name, facts[name], eyes, names))
        for name, field in fields.items()
        if form is not None
        and name in facts
        and name not in ("happened_on", "late_reason")
        and (only is None or name in only)
    ]
    rows.append(("补录原因", eyes.said(facts.get("late_reason"))))
    return [(label, text, "") for label, text in rows if text]


def _text(step: str, name: str, value: Any, eyes: Eyes, names: Mapping[str, str]) -> str:
    """One typed value as words: codes by their labels, rows by their names; papers and tables have their own places."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(filter(None, (_text(step, name, one, eyes, names) for one in value)))
    if not isinstance(value, str | int | float) or value == "":
        return ""
    text = str(value)
    if text in names:
        return names[text]
    if ":" in text and text.partition(":")[0].count(".") == 1 and text.partition(":")[2].isdecimal():
        return ""  # a reference to a row that says nothing by itself
    return _instant(text) or eyes.said(option_label(step, name, text))


def _instant(text: str) -> str:
    try:
        return moment(datetime.fromisoformat(text)) if "T" in text else ""
    except ValueError:
        return ""


def _references(values: Iterable[Any]) -> Iterable[str]:
    for value in values:
        if isinstance(value, list):
            yield from _references(value)
        elif isinstance(value, str) and value.startswith((USER, ORGANISATION)):
            yield value


def _moment(event: Event, names: Mapping[str, str]) -> dict[str, Any]:
    step = STEPS.get(event.kind)
    recorded = timezone.localtime(event.recorded_at)
    moved = event.source and event.source != event.target
    late = event.happened_on != recorded.date()
    return {
        "at": recorded, "who": names.get(f"{USER}{event.actor_id}", "系统"),
        "org": names.get(f"{ORGANISATION}{event.organisation_id}", ""),
        "role": Role(event.role).label if event.role else "", "text": step.label if step else "登记",
        "note": f"{STATES[event.source].label} → {STATES[event.target].label}" if moved else "",
        "happened_on": event.happened_on if late else None, "kind": "sys" if event.actor_id is None else "", "seq": event.seq,
        "hash": event.hash,
    }  # fmt: skip
