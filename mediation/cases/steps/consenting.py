"""The other side's word: without it nobody mediates (条例 31 ¶1; 调解法 17)."""

from __future__ import annotations

from datetime import date

from mediation.cases import codes, grounds
from mediation.cases.conditions import needs_consent
from mediation.cases.facts import chosen, kept_hospitals, one_side, written
from mediation.cases.filing import Filed, file_paper
from mediation.cases.parties import Consent
from mediation.organisations.models import Organisation
from workflow.registry import Move, Refused, effect
from workflow.rulebook import rules_of
from workflow.vocabulary import Role

REQUEST = "consent_request"


@effect
def seek_consent(move: Move, *, note: str = "") -> None:
    """Ask every side that has not agreed; the letter names the application and the day to answer by."""
    case = move.case
    _refuse_before(move, _applied_on(move), "收到调解申请之日")
    sides = ["patient"] if needs_consent(case, codes.Side.PATIENT) else []
    asked = [h.pk for h in kept_hospitals(case) if needs_consent(case, codes.Side.HOSPITAL, h.pk)]
    move.data.update(sides=sides + (["hospital"] if asked else []), hospitals=asked)


@effect
def consent_given(
    move: Move, *, side: str, means: str, hospital: Organisation | None = None, paper: Filed | None = None
) -> None:
    """The other side agrees. The review goes on; its period does not start anew (R05)."""
    hospital = one_side(move, side, hospital)
    if not needs_consent(move.case, side, hospital.pk if hospital else None):
        raise Refused("该方已经同意，无须重复登记", field="side")
    take_word(move, side=side, hospital=hospital, means=means, paper=paper, given=True)


@effect
def record_consent(
    move: Move, *, side: str, means: str, hospital: Organisation | None = None, paper: Filed | None = None,
    given: bool = True,
) -> None:  # fmt: skip
    """Either side's word, with its evidence; the last one counts.

    After acceptance only the word of somebody who took a party's place is recorded here: taking consent back then is
    a refusal, which ends mediation (R04).
    """
    if not given and move.case.accepted_on is not None:
        raise Refused("受理后一方不愿继续的，请办理“一方拒绝”（人民调解法第23条）", field="given")
    take_word(move, side=side, hospital=one_side(move, side, hospital), means=means, paper=paper, given=given)


@effect
def consent_refused(
    move: Move, *, side: str, answer: str, note: str, hospital: Organisation | None = None, means: str = "",
    paper: Filed | None = None,
) -> None:  # fmt: skip
    """A clear refusal; or silence, when two notices were served and the period for an answer is over."""
    case, hospital = move.case, one_side(move, side, hospital)
    answer = chosen(answer, grounds.Answer, "答复情况", field="answer")
    written(note, "答复的内容或联系经过", field="note")
    if not needs_consent(case, side, hospital.pk if hospital else None):
        raise Refused("该方已经同意调解；如收回同意，请先登记其收回的表示", field="side")
    if answer == grounds.Answer.SILENT:
        _refuse_too_early(move, side, hospital)
    else:
        chosen(means, codes.Means, "表示拒绝的方式", field="means")
        word(move, side=side, hospital=hospital, means=means, paper=paper, given=False)
    case.outcome_code = move.data["answer"] = answer
    move.data.update(side=side, hospital=hospital.pk if hospital else None)


def take_word(
    move: Move, *, side: str, hospital: Organisation | None, means: str, paper: Filed | None, given: bool
) -> None:
    """A side's word with its evidence. A liaison speaks for the own hospital only, and signing in is the evidence."""
    chosen(means, codes.Means, "表示的方式", field="means")
    if move.role == Role.HOSPITAL_LIAISON:
        if hospital is None or hospital.pk not in move.by.organisations(Role.HOSPITAL_LIAISON):
            raise Refused("医院联络员只能登记本医院的意见", field="hospital")
    elif paper is None:
        raise Refused("请附上该方同意或不同意的凭据（书面意见、录音整理或短信截图）", field="paper")
    _refuse_before(move, _applied_on(move), "收到调解申请之日")
    word(move, side=side, hospital=hospital, means=means, paper=paper, given=given)
    move.data.update(side=side, hospital=hospital.pk if hospital else None, means=means, given=given)


def word(move: Move, *, side: str, hospital: Organisation | None, means: str, paper: Filed | None, given: bool) -> None:
    """Put one side's word on record, under the day it was spoken."""
    filed = file_paper(move, paper, kind=codes.PaperKind.CONSENT, side=side, hospital=hospital)
    Consent(
        case=move.case, side=side, hospital=hospital, given=given, on=move.happened_on, means=means, paper=filed
    ).save(force_insert=True)  # fmt: skip


def _applied_on(move: Move) -> date:
    """The day of the first application; there is nothing to agree to before it."""
    received = [application.received_on for application in move.case.applications.all()]
    if not received:
        raise Refused("尚未登记调解申请，没有可以同意的事项（条例第31条第1款）")
    return min(received)


def _refuse_before(move: Move, on: date, what: str) -> None:
    if move.happened_on < on:
        raise Refused(f"发生日期不能早于{what} {on:%Y-%m-%d}", field="happened_on")


def _refuse_too_early(move: Move, side: str, hospital: Organisation | None) -> None:
    case = move.case
    needed = rules_of(case.rulebook_id).number("consent_notices")
    served = case.services.filter(document=REQUEST, side=side, hospital=hospital).count()
    if served < needed:
        raise Refused(f"须送达征求意见函 {needed} 次后仍不答复，现登记送达 {served} 次", field="answer")
    if case.due_on is None or move.happened_on <= case.due_on:
        raise Refused("征求意见的期限尚未届满", field="answer")
