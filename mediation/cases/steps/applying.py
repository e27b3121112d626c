"""Somebody asks for mediation (条例 31): the step happened on the day the request was received, which starts the review
and interrupts limitation (R05, R31)."""

from __future__ import annotations

from mediation.cases import codes
from mediation.cases.facts import chosen, handed_in, kept_hospitals, one_side
from mediation.cases.filing import Filed, file_paper
from mediation.cases.parties import Application
from mediation.organisations.models import Organisation
from workflow.registry import Move, Refused, effect


@effect
def apply_directly(
    move: Move, *, by_side: str, form: str, hospital: Organisation | None = None, paper: Filed | None = None
) -> None:
    """Either side, the hospital included, applies to the committee: the town is no gate."""
    receive(move, by_side=by_side, form=form, hospital=hospital, paper=paper)


@effect
def guide_to_apply(
    move: Move, *, by_side: str, form: str, hospital: Organisation | None = None, paper: Filed | None = None
) -> None:
    """The town receives the application; an oral one is passed on only with its signed record (R02)."""
    if form == codes.Form.ORAL:
        handed_in(paper, "口头申请的记录，由申请人签名确认（条例第31条第2款）")
    receive(move, by_side=by_side, form=form, hospital=hospital, paper=paper, at_town=True)


@effect
def record_application(
    move: Move, *, by_side: str, form: str, hospital: Organisation | None = None, paper: Filed | None = None
) -> None:
    """The application to a case that the committee has taken over."""
    receive(move, by_side=by_side, form=form, hospital=hospital, paper=paper)


def receive(
    move: Move, *, by_side: str, form: str, hospital: Organisation | None, paper: Filed | None, at_town: bool = False
) -> None:
    """Put the application on record. Until its signed form is on file it counts as unconfirmed (R02)."""
    by_side = chosen(by_side, codes.Side, "申请方", field="by_side")
    form = chosen(form, codes.Form, "申请方式", field="form")
    applicant = _applicant(move, by_side, hospital)
    filed = file_paper(move, paper, kind=codes.PaperKind.APPLICATION, side=by_side, hospital=applicant)
    Application(
        case=move.case, by_side=by_side, hospital=applicant, form=form, received_on=move.happened_on,
        received_at_town=at_town, paper=filed,
    ).save(force_insert=True)  # fmt: skip
    move.data.update(by_side=by_side, form=form, hospital=applicant.pk if applicant else None)


def _applicant(move: Move, by_side: str, hospital: Organisation | None) -> Organisation | None:
    """The hospital that applies. In a joint application none named means that every hospital has signed."""
    if by_side == codes.Side.PATIENT:
        return None
    if by_side == codes.Side.HOSPITAL:
        return one_side(move, by_side, hospital)
    if hospital is not None and hospital not in kept_hospitals(move.case):
        raise Refused(f"{hospital.name}不是本案的医疗机构", field="hospital")
    return hospital
