"""A year of ordinary disputes: how they begin, which way they go and how they end, in plausible shares.

Of a hundred that have ended, about ninety-three have ended well: explained, settled at the town, or settled before the
committee (the city's committee counts 930 successes a year).
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import TypeVar

from mediation.oversight.demonstration import detours, endings, passages, props
from mediation.oversight.demonstration.passages import (
    CONSENT,
    REGISTERED,
    RIGHTS,
    SIGNED,
    applied,
    assigned,
    at_town,
    both_heard,
    closed,
    filed,
    paid,
    taken_over,
    visited,
)  # fmt: skip
from mediation.oversight.demonstration.people import Company
from mediation.oversight.demonstration.props import call, said
from mediation.oversight.demonstration.script import Beat, Beats, Story
from mediation.oversight.demonstration.texts import matters

Drawn = TypeVar("Drawn")
DAYS = 365
DESKS = (("hotline", 62), ("town", 26), ("committee", 12))
SETTLED_LOCALLY = 10_000
"""Up to here a public hospital settles by itself (粤府令186号)."""
EVERYWHERE = frozenset(code for matter in matters().values() for code in matter.hospitals)
WITH_COMMITTEE = frozenset({"X002", "X006"})
"""Hospitals in the towns whose own committee is on record."""


def heard(rng: Random) -> Beats:
    """The town has signed and called, today or tomorrow; four in five also hear the hospital."""
    return both_heard(rng.randint(0, 1)) if rng.random() < 0.8 else at_town(rng.randint(0, 1))


def explained(rng: Random) -> Beats:
    """The caller is content with the explanation."""
    return (*heard(rng), Beat("resolve", "town", props.explained, rng.randint(0, 2)), *visited("town", rng.randint(3, 16)),
            *closed("town", rng.randint(0, 4)))  # fmt: skip


def settled_locally(rng: Random) -> Beats:
    """The parties settle by themselves with the town's help."""
    return (*heard(rng), Beat("settle_locally", "town", props.settled, rng.randint(0, 2)), *paid("town", rng.randint(1, 9)),
            *visited("town", rng.randint(3, 16)), *closed("town", rng.randint(0, 4)))  # fmt: skip


def mediated_by_town(rng: Random) -> Beats:
    """The town's own committee mediates."""
    return (*heard(rng), Beat("settle_by_town_committee", "town", props.settled_by_town_committee, rng.randint(1, 2)),
            *paid("town", rng.randint(1, 9)), *visited("town", rng.randint(3, 16)), *closed("town", rng.randint(0, 4)))  # fmt: skip


def before_the_committee(rng: Random) -> Beats:
    """Accepted, assigned and heard, by whichever way it came."""
    way = rng.random()
    if way < 0.6:
        begun = (*applied(rng.randint(0, 1)), *CONSENT)
    elif way < 0.85:
        begun = (*taken_over(), *CONSENT)
    else:
        begun = (*applied(), *passages.ASKED)
    return (*assigned(before=(*begun, *passages.ACCEPTED)), *RIGHTS,
            Beat("record_investigation", "mediator", props.heard("patient"), rng.randint(1, 4)))  # fmt: skip


def agreed(rng: Random) -> Beats:
    """A meeting, an agreement, four marks, one or two payments, a call, and the folder."""
    parts, late = rng.choice((1, 2)), rng.randint(1, 4)
    waits = (rng.randint(4, 10), rng.randint(12, 20))[:parts]
    return (
        Beat("convene", "mediator", props.invited, rng.randint(1, 4)), Beat("record_meeting", "mediator", props.met(), late),
        Beat("draft_agreement", "mediator", props.terms(parts=parts, insured=parts == 2), rng.randint(0, 2)), *SIGNED,
        *paid("mediator", *waits), *visited(wait=rng.randint(4, 18)), *filed(rng.randint(1, 3)),
    )  # fmt: skip


def settled(rng: Random) -> Beats:
    """The committee mediates with success."""
    return (*before_the_committee(rng), *agreed(rng))


def settled_after_appraisal(rng: Random) -> Beats:
    """The same, after an appraisal has stopped the clock."""
    return (*before_the_committee(rng), *passages.appraised(rng.randint(18, 40)), *agreed(rng))


def failed(rng: Random) -> Beats:
    """No agreement."""
    return (*before_the_committee(rng), Beat("convene", "mediator", props.invited, 3),
            Beat("record_meeting", "mediator", props.met("failed"), rng.randint(1, 4)),
            Beat("fail", "mediator", endings.no_agreement, rng.randint(0, 2)), *filed(rng.randint(1, 3)))  # fmt: skip


def lapsed(rng: Random) -> Beats:
    """The thirty working days run out."""
    return (*before_the_committee(rng), Beat("convene", "mediator", props.invited, 3), Beat("lapse", after="accept", wait=31),
            Beat("confirm_lapse", "xu", said(ledger_checked=True)), *filed(rng.randint(1, 2)))  # fmt: skip


def refused_by_a_side(rng: Random) -> Beats:
    """A side ends mediation."""
    return (*before_the_committee(rng), Beat("refuse_mediation", "mediator", endings.no_more, rng.randint(1, 6)),
            *filed(rng.randint(1, 3)))  # fmt: skip


def refused_consent(rng: Random) -> Beats:
    """The hospital will not take part."""
    return (*applied(), Beat("seek_consent", "chen"), Beat("consent_refused", "chen", detours.will_not, rng.randint(1, 4)),
            *closed(wait=rng.randint(1, 3)))  # fmt: skip


def withdrawn(rng: Random) -> Beats:
    """The patient calls and takes it back."""
    return (
        *both_heard(),
        Beat("withdraw", "town", detours.taken_back, rng.randint(0, 2)),
        *closed("town", rng.randint(0, 3)),
    )


def out_of_reach(rng: Random) -> Beats:
    tries = tuple(Beat("log_contact", "town", call(reached=False), wait) for wait in (0, 1, 1))
    return (*passages.dispatched(), Beat("sign_for", "town"), *tries, Beat("drop", "town", detours.dropped("unreachable"), 2),
            *closed("town", rng.randint(0, 3)))  # fmt: skip


def not_medical(rng: Random) -> Beats:
    """It is no medical dispute."""
    return (*REGISTERED, Beat("divert", "desk", detours.diverted("not_medical", "service"), rng.randint(0, 1)))


WELL = ((explained, 26), (settled_locally, 26), (mediated_by_town, 8), (settled, 29), (settled_after_appraisal, 4))
BADLY = (
    (failed, 20), (lapsed, 7), (refused_by_a_side, 9), (refused_consent, 10), (withdrawn, 10), (out_of_reach, 8), (not_medical, 6),
)  # fmt: skip
TITLES = {
    explained: "解释化解", settled_locally: "就地和解", mediated_by_town: "镇街人民调解", settled: "医调委调解", settled_after_appraisal: "鉴定后调解",
    failed: "调解不成", lapsed: "期满", refused_by_a_side: "一方拒绝", refused_consent: "医方不同意", withdrawn: "撤回", out_of_reach: "联系不上",
    not_medical: "转出",
}  # fmt: skip
SUCCESS = 93
"""Of a hundred."""


def stories(number: int, days: int, company: Company, rng: Random) -> Iterator[tuple[Story, int]]:
    """So many stories, each with the working day (of ``days`` there are) on which it begins."""
    for _ in range(number):
        yield story(company, rng), rng.randrange(days)


def story(company: Company, rng: Random) -> Story:
    """An ordinary dispute: which way it goes, what it is about, where, and at which window it begins."""
    way = _drawn(WELL if rng.randrange(100) < SUCCESS else BADLY, rng)
    places = WITH_COMMITTEE if way is mediated_by_town else EVERYWHERE
    matter = rng.choice([one for one in matters().values() if not one.is_deadly and places & set(one.hospitals)])
    hospital = rng.choice([code for code in matter.hospitals if code in places])
    desk = "hotline" if way is not_medical else _drawn(DESKS, rng)
    if desk == "town":
        desk = company.town_of(hospital).code
    return Story(
        f"{TITLES[way]}：{matter.diagnosis}", matter.key, way(rng), hospitals=(hospital,), desk=desk,
        amount=rng.randrange(600, SETTLED_LOCALLY, 100) if way is settled_locally else 0,
    )  # fmt: skip


def _drawn(shares: tuple[tuple[Drawn, int], ...], rng: Random) -> Drawn:
    return rng.choices([one for one, _ in shares], [weight for _, weight in shares])[0]
