"""Intake: which town is responsible. Every hand-over back or sideways is a counted hop (B5)."""

from __future__ import annotations

from mediation.cases import grounds
from mediation.cases.case import DisputeCase
from mediation.cases.codes import PartyKind
from mediation.cases.facts import chosen, kept_hospitals, written
from mediation.cases.registration import LEVELS
from mediation.organisations.models import Kind, Organisation
from workflow.records import Event
from workflow.registry import Move, Refused, effect
from workflow.rulebook import rules_of
from workflow.vocabulary import Role

TOWN_SUFFIXES = ("街道", "镇")


@effect
def dispatch(
    move: Move, *, town: Organisation, basis: str, residence_town: Organisation | None = None, opinion: str = ""
) -> None:
    """The hospital's town comes first; occurrence and residence only where it cannot be told (粤府令186号第4条).

    The patient's own town is linked at once, so that it reads along (R28). A town that has declined gets the case back
    only by the city's designation.
    """
    case, basis = move.case, chosen(basis, grounds.DispatchBasis, "派单依据", field="basis")
    _refuse_no_town(town)
    _refuse_basis(move, town, basis)
    if basis == grounds.DispatchBasis.DESIGNATED:
        case.designated = True
    elif town.pk in _declined_by(case):
        raise Refused(f"{town.name}已退单，再派须由市医调委指定", field="town")
    _give_to(case, town)
    case.residence_town = residence_town or case.residence_town or residence_of(case)
    move.data.update(town=town.pk, basis=basis, residence_town=case.residence_town_id)


@effect
def redirect(move: Move, *, town: Organisation, reason: str, note: str) -> None:
    """The committee names the town; after that nobody may decline or send back (R27)."""
    case = move.case
    _refuse_no_town(town)
    if town.pk == case.town_id:
        raise Refused(f"责任镇街已经是{town.name}，无须改派", field="town")
    reason = chosen(reason, grounds.RedirectReason, "改派理由", field="reason")
    if reason == grounds.RedirectReason.SEVERAL_HOSPITALS and len(kept_hospitals(case)) < 2:
        raise Refused("本案只涉及一家医疗机构，不能以多家医院为由改派", field="reason")
    written(note, "改派说明", field="note")
    move.data.update(from_town=case.town_id, town=town.pk, reason=reason)
    _give_to(case, town)
    case.designated = True
    case.hops += 1
    case.residence_town = case.residence_town or residence_of(case)


@effect
def decline(
    move: Move, *, reason: str, note: str, proposed: Organisation | None = None, proposed_body: str = ""
) -> None:
    """Back to the desk that registered it, once, with a coded reason and the unit the town thinks responsible."""
    case = move.case
    reason = chosen(reason, grounds.DeclineReason, "退单理由", field="reason")
    written(note, "退单依据", field="note")
    if proposed is None and not proposed_body.strip():
        raise Refused("请写明建议由哪个单位办理", field="proposed")
    if proposed is not None and proposed.pk == case.town_id:
        raise Refused("建议单位不能是本镇街", field="proposed")
    move.data.update(town=case.town_id, reason=reason, proposed=proposed.pk if proposed else None)
    case.town, case.level = None, LEVELS[Kind(case.desk.kind)]
    case.declines += 1
    case.hops += 1


@effect
def step_in(move: Move, *, triggers: list[str], note: str) -> None:
    """A major dispute: the committee guides both sides to apply (条例 31 ¶3); without an application nothing is received."""
    if not triggers:
        raise Refused("请选择认定重大纠纷的依据", field="triggers")
    codes = [chosen(code, grounds.MajorTrigger, "认定重大纠纷的依据", field="triggers") for code in triggers]
    limit = rules_of(move.case.rulebook_id).amount("major_claim")
    claimed = move.case.claimed_amount
    if grounds.MajorTrigger.CLAIM in codes and (claimed is None or claimed < limit):
        raise Refused(f"登记的索赔金额未达 {limit:,.0f} 元，不能以金额大认定", field="triggers")
    written(note, "介入情况", field="note")
    move.case.is_major = True
    move.data["triggers"] = codes


def residence_of(case: DisputeCase) -> Organisation | None:
    """The town named in the patient's address; nothing when there is no address, or it names none or several."""
    addresses = [
        party.address for party in case.parties.all()
        if party.kind == PartyKind.PATIENT and party.until is None and party.address
    ]  # fmt: skip
    if not addresses:
        return None
    towns = [town for town in Organisation.objects.towns() if _names(addresses[0], town)]
    return towns[0] if len(towns) == 1 else None


def _names(address: str, town: Organisation) -> bool:
    """Whether an address names a town in full, or without its 镇 or 街道 right behind the city's name."""
    short = town.name
    for suffix in TOWN_SUFFIXES:
        short = short.removesuffix(suffix)
    return town.name in address or f"东莞市{short}" in address


def _refuse_no_town(town: Organisation) -> None:
    if town.kind != Kind.TOWN or not town.active:
        raise Refused("请选择办理医疗纠纷的镇街、园区", field="town")


def _refuse_basis(move: Move, town: Organisation, basis: str) -> None:
    case, basis = move.case, grounds.DispatchBasis(basis)
    standing = {hospital.town for hospital in kept_hospitals(case) if hospital.town}
    if basis == grounds.DispatchBasis.DESIGNATED:
        if move.role != Role.DISPATCHER:
            raise Refused("只有市医调委可以指定镇街", field="basis")
        return
    if basis == grounds.DispatchBasis.HOSPITAL:
        if town not in standing:
            raise Refused(f"{town.name}不是涉案医疗机构所在地", field="basis")
        return
    if len(standing) == 1 and not case.declines:
        (place,) = standing
        raise Refused(f"医疗机构在{place.name}，应派至该镇街（粤府令186号第4条）", field="town")
    if basis == grounds.DispatchBasis.RESIDENCE and case.residence_town_id not in (None, town.pk):
        raise Refused(f"登记的患者居住地不是{town.name}", field="basis")


def _declined_by(case: DisputeCase) -> set[int | None]:
    if not case.declines:
        return set()
    rows = Event.objects.filter(chain=case.chain, kind="decline")
    return set(rows.values_list("organisation_id", flat=True))


def _give_to(case: DisputeCase, town: Organisation) -> None:
    """A new town begins anew: its own period, its own extension."""
    case.town, case.handling_extensions = town, 0
