"""Sequences of beats that many stories share, each named after what it brings about."""

from __future__ import annotations

from mediation.oversight.demonstration import endings, props
from mediation.oversight.demonstration.props import said
from mediation.oversight.demonstration.script import REGISTER, Beat, Beats

REGISTERED: Beats = (Beat(REGISTER, "desk"),)


def dispatched(wait: int = 0) -> Beats:
    """Registered and on its way to the hospital's town."""
    return (*REGISTERED, Beat("dispatch", "desk", props.to_hospitals_town, wait))


def at_town(wait: int = 1) -> Beats:
    """The town has signed for it and called the patient's side."""
    return (*dispatched(), Beat("sign_for", "town", wait=wait), Beat("log_contact", "town", props.call()))


def both_heard(wait: int = 1) -> Beats:
    """The town has heard both sides."""
    return (*at_town(wait), Beat("log_contact", "town", props.call("hospital", "explain"), 1))


def applied(wait: int = 1, *, side: str = "patient", form: str = "written") -> Beats:
    """The town has passed an application on; the committee has the patient's papers."""
    return (
        *both_heard(), Beat("guide_to_apply", "town", props.application(side, form), wait),
        Beat("add_paper", "chen", props.identity, 1),
    )  # fmt: skip


def escalated() -> Beats:
    """The town has reported it upwards with a complete brief."""
    return (*both_heard(), Beat("escalate", "town", props.brief, 2))


def taken_over() -> Beats:
    """The committee has taken over and received the application."""
    return (
        *escalated(), Beat("take_over", "chen", wait=1), Beat("record_application", "chen", props.application(), 1),
        Beat("add_paper", "chen", props.identity),
    )  # fmt: skip


CONSENT: Beats = (
    Beat("record_consent", "chen", props.hospital_agrees, 1), Beat("declare_routes", "chen", props.no_other_route),
)  # fmt: skip
"""Everything that acceptance waits for."""
ASKED: Beats = (
    Beat("seek_consent", "chen"), Beat("consent_given", "chen", props.hospital_agrees, 1),
    Beat("declare_routes", "chen", props.no_other_route),
)  # fmt: skip
"""The same, by a letter to the other side."""
ACCEPTED: Beats = (Beat("accept", "chen", said(note="双方自愿，材料齐备。", paper=props.filed("受理审批表"))),)
RIGHTS: Beats = (
    Beat("sign_rights_notice", "mediator", props.rights("patient"), 1),
    Beat("sign_rights_notice", "mediator", props.rights("hospital")),
)
SIGNED: Beats = (
    Beat("mark", "mediator", props.mark("patient"), 1), Beat("mark", "mediator", props.mark("hospital")),
    Beat("mark", "mediator", props.mark("mediator")), Beat("mark", "xu", props.mark("seal")), Beat("conclude", "mediator"),
)  # fmt: skip


def accepted(*, asked: bool = False) -> Beats:
    """From the town's application to acceptance."""
    return (*applied(), *(ASKED if asked else CONSENT), *ACCEPTED)


def assigned(*others: str, before: Beats | None = None) -> Beats:
    """Accepted, and in the hands of mediators."""
    return (*(before or accepted()), Beat("assign", "xu", props.seats(*others), 1))


def investigated(*others: str, before: Beats | None = None) -> Beats:
    """The mediator has heard both sides and has the records."""
    return (
        *assigned(*others, before=before), *RIGHTS,
        Beat("record_investigation", "mediator", props.heard("patient"), 1), Beat("add_paper", "mediator", props.records, 1),
        Beat("record_investigation", "mediator", props.heard("hospital"), 1),
    )  # fmt: skip


def convened(*others: str, before: Beats | None = None) -> Beats:
    """Both sides are invited."""
    return (*investigated(*others, before=before), Beat("convene", "mediator", props.invited, 1))


def appraised(wait: int = 24) -> Beats:
    """An appraisal has stopped the clock and set it going again."""
    return (
        Beat("start_appraisal", "mediator", props.appraisal, 2), Beat("finish_appraisal", "mediator", props.opinion, wait),
    )  # fmt: skip


def drafted(*others: str, before: Beats | None = None, parts: int = 2, insured: bool = True) -> Beats:
    """They met, agreed, and the agreement is written."""
    return (*convened(*others, before=before), *agreed(parts=parts, insured=insured))


def agreed(parts: int = 2, *, insured: bool = True) -> Beats:
    """The meeting, and the draft."""
    return (
        Beat("record_meeting", "mediator", props.met(), 1),
        Beat("draft_agreement", "mediator", props.terms(parts=parts, insured=insured), 1),
    )  # fmt: skip


def concluded(*others: str, before: Beats | None = None, parts: int = 2, insured: bool = True) -> Beats:
    """In force, with all four marks."""
    return (*drafted(*others, before=before, parts=parts, insured=insured), *SIGNED)


def paid(by: str = "mediator", *waits: int) -> Beats:
    """Payments, each after so many working days, and the end of performance."""
    payments = tuple(Beat("record_payment", by, props.payment, wait) for wait in waits)
    return (*payments, Beat("performed", by, said(obligations_done=True), 1))


def visited(by: str = "mediator", wait: int = 8) -> Beats:
    """The follow-up call."""
    return (Beat("visit", by, props.visited, wait),)


def closed(by: str = "xu", wait: int = 1) -> Beats:
    """A case that the committee has not accepted is closed by who keeps it."""
    return (Beat("close", by, endings.archived, wait),)


def filed(wait: int = 1) -> Beats:
    """The mediator hands the dossier in, the director closes."""
    return (Beat("submit_dossier", "mediator", endings.dossier, wait), *closed(wait=wait))
