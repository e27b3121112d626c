"""What must be true of agreements, marks, payments and the dossier."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from mediation.cases import codes
from mediation.cases.case import DisputeCase
from mediation.cases.parties import guardian_of, needs_guardian
from mediation.cases.record import Contact
from mediation.settlement.dossier import missing_items
from mediation.settlement.models import Agreement, AgreementKind, Instalment, Mark, MarkKind
from workflow.registry import condition, foundation


def agreement_in_force(case: DisputeCase) -> Agreement | None:
    """The agreement that counts: not void, not replaced, not a supplement."""
    standing = [a for a in case.agreements.all() if not a.superseded and a.kind != AgreementKind.SUPPLEMENT]
    return standing[-1] if standing else None


def marks_missing(case: DisputeCase, agreement: Agreement) -> list[str]:
    """Which of the four marks are not there yet: every claimant, every hospital, the mediator, the seal (R17)."""
    marks = list(agreement.marks.all())
    kinds = {mark.kind for mark in marks}
    missing = _claimants_missing(case, marks)
    sealed_by = {mark.hospital_id for mark in marks if mark.kind == MarkKind.HOSPITAL}
    kept = [respondent.hospital for respondent in case.respondents.all() if respondent.kept]
    missing += [hospital.name for hospital in kept if hospital.pk not in sealed_by]
    missing += [str(kind.label) for kind in (MarkKind.MEDIATOR, MarkKind.SEAL) if kind not in kinds]
    return missing


def _claimants_missing(case: DisputeCase, marks: list[Mark]) -> list[str]:
    """Claimants without a mark that binds them: a minor's own does not, only that of the guardian (民法典 19–23, 145)."""
    people = {party.pk: party for party in case.parties.all()}
    guardians = {(pk, party.represents_id) for pk, party in people.items() if party.kind == codes.PartyKind.GUARDIAN}
    bound = {
        mark.party_id for mark in marks if mark.party_id in people
        and ((mark.agent_id, mark.party_id) in guardians or not needs_guardian(case, people[mark.party_id], mark.on))
    }  # fmt: skip
    claimants = [party for party in people.values() if party.is_claimant and party.until is None]
    if not claimants and not any(mark.kind == MarkKind.PATIENT for mark in marks):
        return ["患方"]
    return [
        f"患方 {party.masked_name}" + ("（监护人代签）" if guardian_of(case, party) else "")
        for party in claimants if party.pk not in bound
    ]  # fmt: skip


def signed_by_both(case: DisputeCase, by: date) -> bool:
    """Whether patient's side and hospitals had all signed on or before a day."""
    agreement = agreement_in_force(case)
    if agreement is None:
        return False
    official = {MarkKind.MEDIATOR.label, MarkKind.SEAL.label}
    if set(marks_missing(case, agreement)) - official:
        return False
    parties = [m for m in agreement.marks.all() if m.kind in (MarkKind.PATIENT, MarkKind.HOSPITAL)]
    return all(mark.on <= by for mark in parties)


@condition
def four_marks(case: DisputeCase, on: date) -> str | None:
    agreement = agreement_in_force(case)
    if agreement is None:
        return "没有待签的协议"
    if missing := marks_missing(case, agreement):
        return f"尚缺签署：{'、'.join(missing)}（条例第39条）"
    return None


@condition
def not_signed_by_both(case: DisputeCase, on: date) -> str | None:
    if case.mediation_due_on and signed_by_both(case, case.mediation_due_on):
        return "双方已在届满前签署协议，不视为调解不成"
    return None


@condition
def instalments_paid(case: DisputeCase, on: date) -> str | None:
    if unpaid := _unpaid(case):
        return f"还有 {len(unpaid)} 期款项未付"
    return None


@condition
def urging_logged(case: DisputeCase, on: date) -> str | None:
    days = _urging_days(case)
    if not days:
        return "须先登记协议生效后向付款方督促履行的联系记录（人民调解法第31条）"
    overdue = min((instalment.due_on for instalment in _unpaid(case) if instalment.due_on < on), default=None)
    if overdue is not None and max(days) <= overdue:
        return f"{overdue:%Y-%m-%d} 的款项到期未付，到期后尚未督促（人民调解法第31条）"
    return None


@condition
def committee_agreement(case: DisputeCase, on: date) -> str | None:
    agreement = agreement_in_force(case)
    if agreement is None or agreement.kind != AgreementKind.MEDIATION:
        return "只有医调委的人民调解协议可以由调解员补充"
    return None


@condition
def confirmation_possible(case: DisputeCase, on: date) -> str | None:
    agreement = agreement_in_force(case)
    if agreement is None or agreement.kind == AgreementKind.SETTLEMENT:
        return "只有人民调解协议可以申请司法确认（人民调解法第33条）"
    return None


@condition
def was_visited(case: DisputeCase, on: date) -> str | None:
    if not case.visits.all():
        return "本案没有回访记录，无须再次回访"
    return None


@condition
def dossier_complete(case: DisputeCase, on: date) -> str | None:
    if missing := missing_items(case):
        return f"卷宗尚缺：{'、'.join(missing)}"
    return None


@foundation("协议拟定日期")
def agreement_drawn_up(case: DisputeCase) -> date | None:
    agreement = agreement_in_force(case)
    return agreement.drafted_on if agreement else None


@foundation("协议生效日期")
def agreement_took_effect(case: DisputeCase) -> date | None:
    agreement = agreement_in_force(case)
    return agreement.effective_on if agreement else None


@foundation("督促履行之日")
def first_urged(case: DisputeCase) -> date | None:
    return min(_urging_days(case), default=None)


def _urging_days(case: DisputeCase) -> list[date]:
    """When those who owe were urged, since the agreement took effect; while money is open, they are on the hospitals' side."""
    since = agreement_took_effect(case)
    sides = {codes.Side.HOSPITAL, codes.Side.BOTH} if _unpaid(case) else set(codes.Side)
    urged = [c for c in case.contacts.all() if c.purpose == Contact.Purpose.URGE and c.side in sides]
    days = [timezone.localtime(contact.at).date() for contact in urged]
    return [day for day in days if since is not None and day >= since]


def _unpaid(case: DisputeCase) -> list[Instalment]:
    agreements = [agreement for agreement in case.agreements.all() if not agreement.superseded]
    return [instalment for a in agreements for instalment in a.instalments.all() if instalment.state == "due"]
