"""Who mediates (人民调解法 19, 23; R07): assignment and replacement."""

from __future__ import annotations

from collections.abc import Sequence

from mediation.cases import codes
from mediation.cases.case import CaseMediator
from mediation.cases.facts import chosen as chosen_from
from mediation.cases.facts import confirmed, written
from mediation.organisations.models import User
from workflow.registry import Move, Refused, Right, effect
from workflow.rulebook import rules_of
from workflow.vocabulary import Role

NO_CONFLICT = "请确认已核对：所选调解员与本案双方没有利害关系"
BARRED = (codes.Replacement.OBJECTION, codes.Replacement.CONFLICT)


@effect
def assign(
    move: Move, *, lead: User, others: Sequence[User] = (), chosen: str = codes.Chosen.APPOINTED,
    no_conflict: bool = False,
) -> None:  # fmt: skip
    """Seat one to three mediators, one of them leading; none of them with an interest in a hospital of the case."""
    mediators = [lead, *others]
    _refuse_number(move, mediators)
    chosen_from(chosen, codes.Chosen, "调解员的产生方式", field="chosen")
    for mediator in mediators:
        refuse_unfit(move, mediator, field="lead" if mediator == lead else "others")
    confirmed(no_conflict, NO_CONFLICT, field="no_conflict")
    for mediator in mediators:
        _seat(move, mediator, lead=mediator == lead, chosen=chosen)
    move.data |= {"lead": lead.pk, "mediators": [mediator.pk for mediator in mediators], "chosen": chosen}


@effect
def reassign(
    move: Move, *, leaving: User, joining: User, reason: str, note: str, side: str = "",
    chosen: str = codes.Chosen.APPOINTED, no_conflict: bool = False,
) -> None:  # fmt: skip
    """Replace a mediator, on record. A party's objection obliges unless it is withdrawn, and then there is no step.

    The successor takes the seat as it is: who replaces the lead leads. A second mediator may move up to the lead.
    """
    chosen_from(reason, codes.Replacement, "更换原因", field="reason")
    chosen_from(chosen, codes.Chosen, "调解员的产生方式", field="chosen")
    written(note, "缺席情况、异议内容或利害关系", field="note")
    if reason == codes.Replacement.OBJECTION and side not in codes.Side.values:
        raise Refused("请选择是哪一方提出异议", field="side")
    seat = _seat_of(move, leaving)
    _refuse_successor(move, seat, joining)
    confirmed(no_conflict, NO_CONFLICT, field="no_conflict")
    _end(move, seat, reason)
    if (second := move.case.assignments.filter(user=joining, until__isnull=True).first()) is not None:
        _end(move, second, "")
    _seat(move, joining, lead=seat.lead, chosen=chosen)
    move.data |= {"left": leaving.pk, "joined": joining.pk, "reason": reason, "side": side}


def refuse_unfit(move: Move, mediator: User, *, field: str) -> None:
    """Refuse who is no mediator of the committee, has an interest (R07), or was replaced here for such a reason."""
    case = move.case
    if Right(Role.MEDIATOR, case.committee_id) not in mediator.roles():
        raise Refused(f"{mediator}不是{case.committee.name}的在任调解员", field=field)
    hospitals = case.respondents.values("hospital")
    if interest := mediator.affiliations.filter(pk__in=hospitals).first():
        raise Refused(f"{mediator}曾任职于{interest.name}或与其有利害关系，不能担任本案调解员", field=field)
    if case.assignments.filter(user=mediator, reason__in=BARRED).exists():
        raise Refused(f"{mediator}已因当事人异议或利害关系退出本案，不能再次承办", field=field)


def _refuse_number(move: Move, mediators: Sequence[User]) -> None:
    rules = rules_of(move.case.rulebook_id)
    least, most = rules.number("mediators_min"), rules.number("mediators_max")
    if len(set(mediators)) != len(mediators):
        raise Refused("主办调解员和协办调解员不能是同一人", field="others")
    if not least <= len(mediators) <= most:
        raise Refused(
            f"调解员应为 {least} 至 {most} 名（人民调解法第19条），所选为 {len(mediators)} 名", field="others"
        )


def _seat_of(move: Move, leaving: User) -> CaseMediator:
    seat: CaseMediator | None = move.case.assignments.filter(user=leaving, until__isnull=True).first()
    if seat is None:
        raise Refused(f"{leaving}不是本案现任调解员", field="leaving")
    if move.happened_on < seat.since:
        raise Refused(f"更换日期不能早于{leaving}承办本案之日 {seat.since:%Y-%m-%d}", field="happened_on")
    return seat


def _refuse_successor(move: Move, seat: CaseMediator, joining: User) -> None:
    if joining == seat.user:
        raise Refused("接替人不能是被更换的调解员本人", field="joining")
    is_seated = move.case.assignments.filter(user=joining, until__isnull=True).exists()
    if is_seated and not seat.lead:
        raise Refused(f"{joining}已是本案调解员，请另选接替人", field="joining")
    refuse_unfit(move, joining, field="joining")


def _seat(move: Move, mediator: User, *, lead: bool, chosen: str) -> None:
    seat = CaseMediator(case=move.case, user=mediator, lead=lead, chosen=chosen, since=move.happened_on)
    seat.save(force_insert=True)


def _end(move: Move, seat: CaseMediator, reason: str) -> None:
    seat.until, seat.reason = move.happened_on, reason
    seat.save(update_fields=["until", "reason"])
