"""What an agreement must say before it can be written (人民调解法 29; R16), and sums that must agree (R29)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from mediation.cases.facts import chosen, happens_from, kept_hospitals, written
from mediation.organisations.models import Organisation
from mediation.settlement import money
from mediation.settlement.models import Agreement, Instalment, Manner, Payer
from mediation.settlement.signing import copies_of
from workflow.registry import Move, Refused

NOTHING = Decimal("0.00")
WORDS = {
    "facts": "纠纷的主要事实", "issues": "争议事项", "responsibility": "各方责任", "content": "协议内容", "place": "履行地点",
}  # fmt: skip
AMOUNTS = {
    "total_amount": "协议金额", "hospital_amount": "医院支付金额", "insurer_amount": "保险支付金额", "humanitarian_amount": "人道补助金额",
}  # fmt: skip


@dataclass(frozen=True)
class Terms:
    """The contents of an agreement as typed: amounts in yuan, humanitarian money beside the total.

    Each instalment is a mapping with ``payer``, ``amount``, ``due_on`` and, where the case has several, the ``hospital``
    whose share it is; with none, each payer pays once, by the last day of performance.
    """

    facts: str
    issues: str
    responsibility: str
    content: str
    manner: str
    place: str
    perform_by: date
    total_amount: Decimal
    hospital_amount: Decimal
    insurer_amount: Decimal = NOTHING
    humanitarian_amount: Decimal = NOTHING
    other_obligations: str = ""
    instalments: Sequence[Mapping[str, Any]] = ()

    @classmethod
    def of(cls, typed: Mapping[str, Any]) -> Terms:
        """The terms from a step's facts; refused when one of the contents is not among them at all."""
        try:
            return cls(**typed)
        except TypeError as wrong:
            raise Refused(
                "协议内容不完整：须有主要事实、争议事项、各方责任、协议内容、履行方式、地点、期限和金额"
            ) from wrong

    @property
    def shares(self) -> dict[Payer, Decimal]:
        """What each payer owes in all."""
        return {
            Payer.HOSPITAL: self.hospital_amount, Payer.INSURER: self.insurer_amount,
            Payer.HUMANITARIAN: self.humanitarian_amount,
        }  # fmt: skip

    def write(self, move: Move, kind: str, *, effective_on: date | None = None) -> Agreement:
        """The agreement with its instalments, after every check; dated on the day of the step."""
        self._check(move)
        instalments = self._instalments(move)
        words = {name: getattr(self, name).strip() for name in WORDS}
        agreement = Agreement(
            case=move.case, kind=kind, drafted_on=move.happened_on, manner=self.manner, perform_by=self.perform_by,
            other_obligations=self.other_obligations.strip() or None, copies=copies_of(move.case),
            effective_on=effective_on, **words, **{name: getattr(self, name) for name in AMOUNTS},
        )  # fmt: skip
        agreement.save(force_insert=True)
        for number, row in enumerate(instalments, start=1):
            Instalment(agreement=agreement, number=number, **row).save(force_insert=True)
        move.data |= {"agreement": agreement.pk, "copies": agreement.copies, "instalments": len(instalments)}
        return agreement

    def _check(self, move: Move) -> None:
        for name, what in WORDS.items():
            written(getattr(self, name), f"{what}（人民调解法第29条）", field=name)
        chosen(self.manner, Manner, "履行方式", field="manner")
        happens_from(move, self.perform_by, "履行期限", field="perform_by")
        for name, what in AMOUNTS.items():
            _payable(getattr(self, name), what, field=name)
        if self.hospital_amount + self.insurer_amount != self.total_amount:
            raise Refused(
                f"医院支付 {money.figures(self.hospital_amount)} 加保险支付 {money.figures(self.insurer_amount)}"
                f" 不等于协议金额 {money.figures(self.total_amount)}（人道补助另计）", field="total_amount",
            )  # fmt: skip

    def _instalments(self, move: Move) -> list[dict[str, Any]]:
        rows = [checked_instalment(move, row, self.perform_by) for row in self.instalments]
        if not rows:
            owed = [(payer, amount) for payer, amount in self.shares.items() if amount]
            once = {"due_on": self.perform_by, "hospital": whose_share(move, None)} if owed else {}
            return [{"payer": payer, "amount": amount} | once for payer, amount in owed]
        for payer, amount in self.shares.items():
            split = sum((row["amount"] for row in rows if row["payer"] == payer), NOTHING)
            if split != amount:
                raise Refused(
                    f"{payer.label}各期合计 {money.figures(split)}，与应付 {money.figures(amount)} 不一致",
                    field="instalments",
                )
        return rows


def checked_instalment(move: Move, row: Mapping[str, Any], last: date) -> dict[str, Any]:
    """One row of the table: by whom, more than nothing, between the day of the step and the last day of performance."""
    payer = chosen(row["payer"], Payer, "各期的付款方", field="instalments")
    if not _payable(row["amount"], "各期金额", field="instalments"):
        raise Refused("各期金额必须大于零", field="instalments")
    due_on = happens_from(move, row["due_on"], "各期应付日期", field="instalments")
    if due_on > last:
        raise Refused(f"应付日期 {due_on:%Y-%m-%d} 晚于履行期限 {last:%Y-%m-%d}", field="instalments")
    return {
        "payer": payer, "amount": row["amount"], "due_on": due_on, "hospital": whose_share(move, row.get("hospital")),
    }  # fmt: skip


def whose_share(move: Move, hospital: Organisation | None) -> Organisation | None:
    """The hospital that answers for a payment; of several it must be said which, for no court confirms a sum owed by
    “the hospitals” (law.md 2.5)."""
    kept = kept_hospitals(move.case)
    if hospital is None and len(kept) > 1:
        raise Refused("本案有多家医疗机构，请在分期中逐笔写明由哪一家承担", field="instalments")
    if hospital is not None and hospital not in kept:
        raise Refused(f"{hospital.name}不是本案的医疗机构，或已分出本案", field="instalments")
    return hospital or next(iter(kept), None)


def _payable(amount: Decimal, what: str, *, field: str) -> Decimal:
    """An amount that can be written in figures and in capitals."""
    try:
        money.capitals(amount)
    except ValueError as wrong:
        raise Refused(f"{what}：{wrong}", field=field) from wrong
    return amount
