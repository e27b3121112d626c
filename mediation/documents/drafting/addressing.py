"""What every paper of a case has in common: who issues it, whom it concerns, how people are named in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from mediation.cases.case import CaseHospital, DisputeCase
from mediation.cases.codes import Harm, PartyKind, Side
from mediation.cases.conditions import CLAIM_FOR_THE_DEAD
from mediation.cases.grounds import Substitution
from mediation.cases.parties import Party
from mediation.cases.record import Paper
from mediation.documents import contexts
from mediation.documents.contexts import PaperContext
from mediation.organisations.models import Organisation
from workflow.registry import Move

DASH = "—"
NOT_STATED = "未说明"


@dataclass(frozen=True)
class Draft:
    """One paper to issue: who issues it (whose series gives the number) and what it says; ``side`` is whom it is for.

    ``number`` is one that the paper has already; without it the series gives the next.
    """

    issuer: Organisation
    context: PaperContext
    side: str = ""
    hospital_id: int | None = None
    number: str = ""
    edition: str = ""


Drafter = Callable[[Move], Iterable[Draft]]
DRAFTERS: dict[str, Drafter] = {}


def drafter(function: Drafter) -> Drafter:
    """Register who drafts a kind of paper, under the kind's own key."""
    DRAFTERS[function.__name__] = function
    return function


def common(move: Move, organisation: Organisation) -> dict[str, Any]:
    """The fields that every context has."""
    issuer = contexts.Issuer(
        name=organisation.paper_name, address=organisation.address, phone=organisation.phone,
        seal_name="调解委员会印章" if organisation.kind == "committee" else "单位印章",
    )  # fmt: skip
    return {"issuer": issuer, "case_number": move.case.title, "issued_on": move.happened_on}


def contact(organisation: Organisation) -> dict[str, Any]:
    """Whom a party can ask."""
    return {"contact_name": f"{organisation.name}经办人", "contact_phone": organisation.phone or NOT_STATED}


UNNAMED = "患方（要求保密）"


def people(case: DisputeCase) -> list[Party]:
    """The patient's side as it takes part now.

    A statutory paper names its parties, also one who had asked the hotline to stay hidden: an agreement or a notice to
    nobody binds nobody. What towns pass on before anybody has applied, the brief and the reply, asks ``confided``.
    """
    return [p for p in case.parties.all() if p.until is None and p.side == "patient"]


def confided(case: DisputeCase) -> bool:
    """Whether brief and reply leave the patient unnamed (A6)."""
    person = patient(case)
    if person is None:
        return all(party.is_hidden for party in people(case))
    return person.is_hidden


def patient(case: DisputeCase) -> Party | None:
    """The patient, also one who has died meanwhile and takes no part any more; nobody else is ever called the patient."""
    patients = [party for party in case.parties.all() if party.kind == PartyKind.PATIENT and party.side == Side.PATIENT]
    return next((party for party in patients if party.until is None), patients[-1] if patients else None)


def is_dead(case: DisputeCase) -> bool:
    """Whether the patient has died: of what the dispute is about, or since."""
    person = patient(case)
    return case.harm == Harm.DEATH or (person is not None and person.end_reason == Substitution.DEATH)


def patient_name(case: DisputeCase) -> str:
    """The patient's name for a paper."""
    party = patient(case)
    return party.name if party else ""


def claimants(case: DisputeCase) -> list[Party]:
    """Those who claim. When nobody is marked, the patient; for one who has died, the next of kin (民法典 1181)."""
    here, person = people(case), patient(case)
    kin = [party for party in here if party.kind in CLAIM_FOR_THE_DEAD]
    return [p for p in here if p.is_claimant] or (kin if is_dead(case) else []) or ([person] if person else here[:1])


def claimant_names(case: DisputeCase) -> str:
    """The claimants' names in one line."""
    return "、".join(party.name for party in claimants(case)) or UNNAMED


def kept(case: DisputeCase) -> list[Organisation]:
    """The hospitals that are still in the case."""
    respondents = CaseHospital.objects.filter(case=case, kept=True).select_related("hospital__town")
    return [respondent.hospital for respondent in respondents]


def hospital_names(case: DisputeCase) -> str:
    """The hospitals' names in one line."""
    return "、".join(hospital.paper_name for hospital in kept(case)) or NOT_STATED


def matter(case: DisputeCase, *, name: str = "") -> str:
    """The dispute in one line."""
    return f"患者{name or patient_name(case)}在{hospital_names(case)}诊疗产生的医疗纠纷"


def mediator_names(case: DisputeCase) -> tuple[str, ...]:
    """The mediators, the lead first."""
    seats = case.assignments.filter(until__isnull=True).select_related("user").order_by("-lead", "pk")
    return tuple(seat.user.get_full_name() for seat in seats)


def each_side(case: DisputeCase) -> list[tuple[str, str, str, int | None]]:
    """For notices that every side gets: (side, addressee, the other side, hospital)."""
    us, them = claimant_names(case), hospital_names(case)
    sides: list[tuple[str, str, str, int | None]] = [("patient", us, them, None)]
    return sides + [("hospital", hospital.paper_name, us, hospital.pk) for hospital in kept(case)]


def application_of(case: DisputeCase) -> Any:
    """The application on file, the latest one."""
    return case.applications.order_by("pk").last()


def applicants(case: DisputeCase) -> tuple[str, str]:
    """Who applied, and who did not; a joint application of everybody leaves nobody over."""
    application, us, hospitals = application_of(case), claimant_names(case), kept(case)
    joined = [h for h in hospitals if application.by_side != Side.PATIENT and application.hospital_id in (None, h.pk)]
    others = [h for h in hospitals if h not in joined]
    asked, held = ([], [us]) if application.by_side == Side.HOSPITAL else ([us], [])
    return "、".join(asked + [h.paper_name for h in joined]), "、".join(held + [h.paper_name for h in others])


def lines(text: str) -> tuple[str, ...]:
    """A text as a list: one item a line."""
    return tuple(part.strip() for part in str(text or "").splitlines() if part.strip())


def listed(paper: Paper, *, note: str) -> contexts.Listed:
    """A paper on file as a line of a list: each is one copy, its pages where somebody counted them."""
    pages = f"{paper.page_count}页" if paper.page_count else ""
    return contexts.Listed(name=paper.title, quantity="1份", pages=pages, note=note)
