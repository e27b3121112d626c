"""How mediation ends without an agreement: a side refuses, no agreement is reached, another body has accepted."""

from __future__ import annotations

from django.db.models import TextChoices

from mediation.cases import codes
from mediation.cases.facts import chosen, confirmed, handed_in, one_side, written
from mediation.cases.filing import Filed, file_paper
from mediation.organisations.models import Organisation
from workflow.registry import Move, Refused, effect


class FailureReason(TextChoices):
    """Why no agreement was reached."""

    DISAGREEMENT = "disagreement", "双方分歧，无法达成一致"
    LOST_CONTACT = "lost_contact", "当事人失去联系，经送达仍不到场"


@effect
def refuse_mediation(
    move: Move, *, side: str, means: str, statement: str, hospital: Organisation | None = None,
    paper: Filed | None = None,
) -> None:  # fmt: skip
    """A party clearly says no: that ends mediation at any time, and nobody approves it (人民调解法 17, 23; R04)."""
    hospital = one_side(move, side, hospital)
    chosen(means, codes.Means, "表示的方式", field="means")
    written(statement, "当事人的明确表示", field="statement")
    file_paper(move, paper, kind=codes.PaperKind.OTHER, side=side, hospital=hospital)
    move.case.outcome_code = side
    move.data |= {"side": side, "hospital": hospital and hospital.pk, "means": means}


@effect
def fail(
    move: Move, *, reason: str, note: str, routes_explained: bool = False, side: str = "", paper: Filed | None = None
) -> None:
    """No agreement (人民调解法 26). Who cannot be found must have been served: the proof is on file or comes along."""
    chosen(reason, FailureReason, "调解不成的原因", field="reason")
    written(note, "调解不成的具体情况", field="note")
    if reason == FailureReason.LOST_CONTACT:
        if side not in codes.Side.values:
            raise Refused("请选择失去联系的一方", field="side")
        if not _served(move, side):
            handed_in(paper, "通知失联一方的送达凭据；本案尚无对该方的送达登记")
    confirmed(
        routes_explained, "请确认已告知当事人仲裁、行政、司法等其他途径（人民调解法第26条）", field="routes_explained"
    )
    file_paper(move, paper, kind=codes.PaperKind.SERVICE, side=side)
    move.case.outcome_code = reason
    move.data |= {"reason": reason, "side": side}


@effect
def terminate(move: Move, *, note: str = "", authority_case_number: str = "") -> None:
    """Court or bureau has accepted the same dispute: mediation must end (条例 31 ¶4; R03)."""
    accepted = (
        move.case.routes.filter(route=move.case.other_route, answer=codes.RouteAnswer.ACCEPTED).order_by("on").first()
    )
    if accepted is not None and move.happened_on < accepted.on:
        raise Refused(
            f"终止日期不能早于{accepted.get_route_display()}受理之日 {accepted.on:%Y-%m-%d}", field="happened_on"
        )
    move.case.outcome_code = move.case.other_route
    move.data |= {"route": move.case.other_route, "status": accepted and accepted.pk}


def _served(move: Move, side: str) -> bool:
    """Whether something was served on that side, or on both, since the case was accepted."""
    services = move.case.services.filter(on__gte=move.case.accepted_on)
    if side == codes.Side.BOTH:
        return {codes.Side.PATIENT, codes.Side.HOSPITAL} <= set(services.values_list("side", flat=True))
    return bool(services.filter(side__in=[side, codes.Side.BOTH]).exists())
