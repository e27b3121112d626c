"""Appraisal begins and ends (条例 34–38): the only thing that stops the 30 working days (R09, R12)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db.models import TextChoices

from mediation.cases import codes
from mediation.cases.facts import chosen, handed_in, happened_by, written
from mediation.cases.filing import Filed, file_paper
from mediation.expertise.models import Appraisal, Degree, Entrusting
from workflow.registry import Move, Refused, effect


class AppraisalResult(TextChoices):
    """How an appraisal ends."""

    OPINION = "opinion", "出具鉴定意见"
    DECLINED = "declined", "鉴定机构不予受理"
    WITHDRAWN = "withdrawn", "双方撤回委托"


@effect
def start_appraisal(
    move: Move, *, entrusting: str, institution: str, questions: str, patient_consent_on: date,
    hospital_consent_on: date, patient_prepaid_amount: Decimal = Decimal(0),
    hospital_prepaid_amount: Decimal = Decimal(0), paper: Filed | None = None,
) -> None:  # fmt: skip
    """Entrusted by both sides, or by the committee with both consents. Prepaid fees are noted, never a guard (R36)."""
    chosen(entrusting, Entrusting, "委托方式", field="entrusting")
    _refuse_late(move)
    happened_by(move, patient_consent_on, "患方同意日期", field="patient_consent_on")
    happened_by(move, hospital_consent_on, "医方同意日期", field="hospital_consent_on")
    handed_in(paper, "双方签署的鉴定委托书或同意书")
    appraisal = Appraisal(
        case=move.case, entrusting=entrusting, institution=written(institution, "鉴定机构", field="institution"),
        questions=written(questions, "委托事项", field="questions"), patient_consent_on=patient_consent_on,
        hospital_consent_on=hospital_consent_on, entrusted_on=move.happened_on,
        patient_prepaid_amount=patient_prepaid_amount or Decimal(0),
        hospital_prepaid_amount=hospital_prepaid_amount or Decimal(0),
        entrustment=file_paper(move, paper, kind=codes.PaperKind.APPRAISAL, side=codes.Side.BOTH),
    )  # fmt: skip
    appraisal.save(force_insert=True)
    move.data |= {"appraisal": appraisal.pk, "entrusting": entrusting}


@effect
def finish_appraisal(
    move: Move, *, result: str, opinion_no: str = "", damage: str = "", fault: str = "", causation: str = "",
    degree: str = "", note: str = "", paper: Filed | None = None,
) -> None:  # fmt: skip
    """The opinion with its four statutory parts (条例 36); or the institution declines, or both sides withdraw.

    Every ending has its paper, because it sets the clock running again.
    """
    chosen(result, AppraisalResult, "鉴定结果", field="result")
    appraisal = move.case.appraisals.get(ended_on__isnull=True)
    if result == AppraisalResult.OPINION:
        handed_in(paper, "鉴定意见书")
        _opine(appraisal, opinion_no, damage, fault, causation, degree)
    else:
        _refuse_parts_without_opinion(damage, fault, causation, degree)
        written(note, "鉴定未完成的原因", field="note")
        handed_in(paper, "鉴定机构的不予受理通知，或双方撤回委托的书面材料")
        _end_without_opinion(appraisal, result)
    appraisal.opinion = file_paper(move, paper, kind=codes.PaperKind.APPRAISAL, side=codes.Side.BOTH)
    appraisal.ended_on = move.happened_on
    appraisal.save()
    move.data |= {"appraisal": appraisal.pk, "result": result, "degree": degree}


def _refuse_late(move: Move) -> None:
    """A clock that has run out cannot be stopped any more; a provisional date decides nothing (R34)."""
    due_on = move.case.mediation_due_on
    if due_on is not None and move.happened_on > due_on and not move.case.mediation_provisional:
        raise Refused(f"调解期限已于 {due_on:%Y-%m-%d} 届满，不能再委托鉴定（条例第38条）", field="happened_on")


def _opine(appraisal: Appraisal, opinion_no: str, damage: str, fault: str, causation: str, degree: str) -> None:
    appraisal.opinion_no = written(opinion_no, "鉴定意见书编号", field="opinion_no")
    appraisal.damage = written(damage, "损害及其程度（条例第36条）", field="damage")
    appraisal.fault = written(fault, "是否存在医疗过错（条例第36条）", field="fault")
    appraisal.causation = written(causation, "过错与损害的因果关系（条例第36条）", field="causation")
    appraisal.degree = chosen(degree, Degree, "责任程度（条例第36条）", field="degree")
    appraisal.issue_opinion()


def _refuse_parts_without_opinion(*parts: str) -> None:
    if any(part.strip() for part in parts):
        raise Refused("鉴定机构没有出具意见的，不填写意见内容", field="damage")


def _end_without_opinion(appraisal: Appraisal, result: str) -> None:
    if result == AppraisalResult.DECLINED:
        if appraisal.state != "entrusted":
            raise Refused("鉴定机构已经受理，只能撤回委托或等待意见", field="result")
        appraisal.turn_down()
    else:
        appraisal.call_off()
