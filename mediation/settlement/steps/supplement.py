"""A supplement to the committee's agreement: signed in all four places like the first, it replaces what is still open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from mediation.cases import codes
from mediation.cases.facts import handed_in, happens_on_the_last, written
from mediation.cases.filing import Filed, file_paper
from mediation.settlement import money
from mediation.settlement.conditions import agreement_in_force
from mediation.settlement.models import Agreement, AgreementKind, Instalment, MarkKind, Payer
from mediation.settlement.signing import put, sign_for_the_sides
from mediation.settlement.terms import NOTHING, Terms
from workflow.registry import Move, Refused, effect


@effect
def amend(
    move: Move, *, content: str, perform_by: date, instalments: Sequence[Mapping[str, Any]], patient_signed_on: date,
    hospital_signed_on: date, mediator_signed_on: date, sealed_on: date, other_obligations: str = "",
    paper: Filed | None = None,
) -> None:  # fmt: skip
    """New terms of performance with new marks (R17): open instalments are replaced by those of the supplement.

    The amounts of the supplement are the sums of its own instalments, payer by payer; what was paid stays paid.
    """
    written(content, "补充约定的内容", field="content")
    agreement = agreement_in_force(move.case)
    if agreement is None or agreement.effective_on is None:
        raise Refused("没有生效的协议可以补充")
    dates = [patient_signed_on, hospital_signed_on, mediator_signed_on, sealed_on]
    if min(dates) < agreement.effective_on:
        raise Refused(f"签署日期不能早于原协议生效日期 {agreement.effective_on:%Y-%m-%d}", field="patient_signed_on")
    happens_on_the_last(move, dates, "补充协议")
    handed_in(paper, "已签署的补充协议")
    open_sums = _close_open(move)
    supplement = _terms(agreement, content, perform_by, other_obligations, instalments).write(
        move, AgreementKind.SUPPLEMENT, effective_on=move.happened_on)  # fmt: skip
    filed = file_paper(move, paper, kind=codes.PaperKind.AGREEMENT, side=codes.Side.BOTH)
    sign_for_the_sides(supplement, patient_on=patient_signed_on, hospital_on=hospital_signed_on, paper=filed)
    put(supplement, MarkKind.MEDIATOR, on=mediator_signed_on, paper=filed)
    put(supplement, MarkKind.SEAL, on=sealed_on, paper=filed)
    _point_out_difference(move, open_sums, supplement)


def _close_open(move: Move) -> dict[str, Any]:
    """Replace every open instalment; answer what was still open, payer by payer."""
    rows = Instalment.objects.filter(agreement__case=move.case, agreement__superseded=False, state="due")
    sums: dict[str, Any] = {}
    for instalment in rows:
        sums[instalment.payer] = sums.get(instalment.payer, NOTHING) + instalment.amount
        instalment.replace()
        instalment.save(update_fields=["state"])
    return sums


def _terms(
    agreement: Agreement, content: str, perform_by: date, other_obligations: str, rows: Sequence[Mapping[str, Any]]
) -> Terms:
    """Facts, issues and responsibility stand as they were agreed; performance is new."""
    sums = {payer: sum((row["amount"] for row in rows if row["payer"] == payer), NOTHING) for payer in Payer}
    return Terms(
        facts=agreement.facts, issues=agreement.issues, responsibility=agreement.responsibility, content=content,
        manner=agreement.manner, place=agreement.place, perform_by=perform_by,
        total_amount=sums[Payer.HOSPITAL] + sums[Payer.INSURER], hospital_amount=sums[Payer.HOSPITAL],
        insurer_amount=sums[Payer.INSURER], humanitarian_amount=sums[Payer.HUMANITARIAN],
        other_obligations=other_obligations or agreement.other_obligations or "", instalments=rows,
    )  # fmt: skip


def _point_out_difference(move: Move, before: Mapping[str, Any], supplement: Agreement) -> None:
    now = supplement.total_amount + supplement.humanitarian_amount
    was = sum(before.values(), NOTHING)
    if now != was:
        move.warnings.append(f"补充协议各期合计 {money.figures(now)}，原未付款项为 {money.figures(was)}，请核对")
