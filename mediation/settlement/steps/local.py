"""What a town brings to an end itself: explained, settled by the parties, mediated by its own committee."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from mediation.cases import codes
from mediation.cases.facts import chosen, confirmed, handed_in, happens_on_the_last, kept_hospitals, moment_of, written
from mediation.cases.filing import Filed, file_paper
from mediation.cases.parties import Consent
from mediation.cases.record import Contact
from mediation.settlement import money
from mediation.settlement.models import AgreementKind, MarkKind
from mediation.settlement.signing import inform_of_confirmation, put, sign_for_the_sides
from mediation.settlement.terms import Terms
from workflow.registry import Move, Refused, effect
from workflow.rulebook import rules_of


@effect
def resolve(
    move: Move, *, began: time, means: str, explanation: str, caller_content: bool = False, no_terms: bool = False
) -> None:
    """The caller is content with the explanation and nothing was promised: kept as a contact, so that it can be read."""
    chosen(means, codes.Means, "沟通方式", field="means")
    written(explanation, "解释的内容和对方的反应", field="explanation")
    confirmed(caller_content, "来电人尚不认可的，不能按“解释化解”办理", field="caller_content")
    confirmed(no_terms, "约定了给付或其他事项的，应办理“就地和解”并签订书面协议（条例第30条）", field="no_terms")
    contact = Contact(
        case=move.case, side=codes.Side.PATIENT, purpose=Contact.Purpose.EXPLAIN, means=means,
        at=moment_of(move, began, "沟通时间"), reached=True, content=explanation.strip(), by=move.by,
        organisation_id=move.right.organisation_id,
    )  # fmt: skip
    contact.save(force_insert=True)
    move.data |= {"contact": contact.pk, "means": means}


@effect
def settle_locally(
    move: Move, *, patient_signed_on: date, hospital_signed_on: date, patient_count: int = 1, hospital_count: int = 1,
    paper: Filed | None = None, **terms: Any,
) -> None:  # fmt: skip
    """The parties' own written agreement (条例 30); in force when both have signed, without judicial confirmation."""
    agreed = Terms.of(terms)
    on = happens_on_the_last(move, [patient_signed_on, hospital_signed_on], "和解协议")
    _refuse_before_receipt(move, patient_signed_on, hospital_signed_on)
    handed_in(paper, "双方签署的和解协议书")
    agreement = agreed.write(move, AgreementKind.SETTLEMENT, effective_on=on)
    filed = file_paper(move, paper, kind=codes.PaperKind.AGREEMENT, side=codes.Side.BOTH)
    sign_for_the_sides(agreement, patient_on=patient_signed_on, hospital_on=hospital_signed_on, paper=filed)
    _warn_of_limits(move, agreed, patient_count, hospital_count)


@effect
def settle_by_town_committee(
    move: Move, *, patient_consented_on: date, hospital_consented_on: date, consent_means: str, mediator_name: str,
    patient_signed_on: date, hospital_signed_on: date, mediator_signed_on: date, sealed_on: date,
    paper: Filed | None = None, **terms: Any,
) -> None:  # fmt: skip
    """The town's own people's mediation committee (人民调解法 34): both consent, four marks, judicial confirmation (R19)."""
    agreed = Terms.of(terms)
    chosen(consent_means, codes.Means, "表示同意的方式", field="consent_means")
    written(mediator_name, "镇街人民调解员", field="mediator_name")
    signed = [patient_signed_on, hospital_signed_on, mediator_signed_on, sealed_on]
    on = happens_on_the_last(move, signed, "人民调解协议")
    _refuse_before_receipt(move, patient_consented_on, hospital_consented_on)
    if max(patient_consented_on, hospital_consented_on) > min(signed):
        raise Refused("双方同意调解的日期不能晚于签署日期", field="patient_consented_on")
    handed_in(paper, "镇街人民调解委员会的人民调解协议书")
    _consent(move, patient_consented_on, hospital_consented_on, consent_means)
    agreement = agreed.write(move, AgreementKind.TOWN_MEDIATION, effective_on=on)
    filed = file_paper(move, paper, kind=codes.PaperKind.AGREEMENT, side=codes.Side.BOTH)
    sign_for_the_sides(agreement, patient_on=patient_signed_on, hospital_on=hospital_signed_on, paper=filed)
    put(agreement, MarkKind.MEDIATOR, on=mediator_signed_on, paper=filed)
    put(agreement, MarkKind.SEAL, on=sealed_on, paper=filed)
    inform_of_confirmation(agreement, on)


def _consent(move: Move, patient_on: date, hospital_on: date, means: str) -> None:
    rows = [Consent(case=move.case, side=codes.Side.PATIENT, given=True, on=patient_on, means=means)]
    rows += [
        Consent(case=move.case, side=codes.Side.HOSPITAL, hospital=hospital, given=True, on=hospital_on, means=means)
        for hospital in kept_hospitals(move.case)
    ]
    for row in rows:
        row.save(force_insert=True)


def _refuse_before_receipt(move: Move, *dates: date) -> None:
    if min(dates) < move.case.received_on:
        raise Refused(f"签署、同意的日期不能早于案件接收日期 {move.case.received_on:%Y-%m-%d}", field="happened_on")


def _warn_of_limits(move: Move, agreed: Terms, patient_count: int, hospital_count: int) -> None:
    """Public hospitals above the limit (R14), more than five a side (R15): said and kept, not refused."""
    rules = rules_of(move.case.rulebook_id)
    limit, most = rules.amount("self_settlement_limit"), rules.number("representatives")
    public = any(hospital.is_public_hospital for hospital in kept_hospitals(move.case))
    if public and agreed.total_amount > limit:
        move.warnings.append(
            f"公立医院自行和解金额超过 {money.figures(limit)}，粤府令186号要求走其他途径（该限额待本市确认）"
        )
        move.data["above_limit"] = True
    if max(patient_count, hospital_count) > most:
        move.warnings.append(f"协商时一方代表超过 {most} 人（条例第30条）")
        move.data["representatives"] = [patient_count, hospital_count]
