"""How long a dossier is kept (人民调解法 27 names no period): a proposal the director may change with a reason."""

from __future__ import annotations

from datetime import date

from mediation.cases.case import DisputeCase
from mediation.cases.codes import Harm, PartyKind, Retention

LASTING = (Harm.DISABILITY, Harm.NEWBORN)
GROWN_UP = 18


def propose_retention(case: DisputeCase, on: date) -> Retention:
    """Death, a major dispute or lasting harm to a minor: 永久; a written agreement or an appraisal: 30 years; else 10."""
    if case.harm == Harm.DEATH or case.is_major or (case.harm in LASTING and has_minor_patient(case, on)):
        return Retention.PERMANENT
    signed = any(agreement.effective_on for agreement in case.agreements.all())
    if signed or case.appraisals.all():
        return Retention.THIRTY
    return Retention.TEN


def has_minor_patient(case: DisputeCase, on: date) -> bool:
    """Whether the patient was under eighteen when it happened; a newborn's harm is a minor's."""
    if case.harm == Harm.NEWBORN:
        return True
    then = case.occurred_on or on
    patients = [party.born_on for party in case.parties.all() if party.kind == PartyKind.PATIENT]
    return any(born is not None and _years(born, then) < GROWN_UP for born in patients)


def is_shorter(chosen: str, proposed: str) -> bool:
    """Whether the period chosen keeps the dossier for less time than the one proposed."""
    order = list(Retention.values)
    return order.index(chosen) < order.index(proposed)


def _years(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
