"""Contexts of the agreements: 人民调解协议书 and 和解协议书."""

# ruff: noqa: RUF009  # must() and may() are dataclasses.field()

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from mediation.documents.contexts.base import PaperContext, may, must
from mediation.documents.contexts.parts import HospitalShare, Instalment, Party, Responsibility, Signature


@dataclass(frozen=True, kw_only=True)
class _Agreement(PaperContext):
    """What both kinds of agreement must say (R16: parties, facts and issues, responsibility, content, manner, place,
    deadline). ``patient`` is named where somebody else claims: whose claim is settled must be readable. Amounts are yuan;
    the sums are checked here because a wrong sum makes the paper unconfirmable."""

    parties: tuple[Party, ...] = must("当事人")
    patient: Party | None = may("患者", None)
    facts: str = must("纠纷主要事实")
    issues: str = must("争议事项")
    responsibilities: tuple[Responsibility, ...] = must("各方责任")
    terms: tuple[str, ...] = must("协议内容")
    total: Decimal | None = may("协议金额", None)
    hospital_amount: Decimal | None = may("医疗机构承担金额", None)
    insurer_amount: Decimal | None = may("保险承担金额", None)
    shares: tuple[HospitalShare, ...] = may("各医疗机构承担份额", ())
    insurer: str = may("保险机构")
    payee: str = may("收款人")
    instalments: tuple[Instalment, ...] = may("分期履行", ())
    humanitarian: tuple[Instalment, ...] = may("人道补助", ())
    manner: str = must("履行方式")
    place: str = must("履行地点")
    deadline: str = must("履行期限")
    effective_on: date | None = may("生效日期", None)
    signed_at_place: str = may("签订地点")

    def missing(self) -> list[str]:
        """As everywhere; at least two parties, a payee when money flows, and sums that agree (R29)."""
        gaps = super().missing()
        if len(self.parties) < 2:
            gaps.append("至少两方当事人")
        if (self.total is not None or self.humanitarian) and not self.payee:
            gaps.append("收款人")
        if self.total is not None and self.instalments and sum(part.amount for part in self.instalments) != self.total:
            gaps.append("与协议金额一致的分期合计")
        shares = [amount for amount in (self.hospital_amount, self.insurer_amount) if amount is not None]
        if self.total is not None and shares and sum(shares) != self.total:
            gaps.append("与协议金额一致的承担份额合计")
        if self.shares and sum(share.total for share in self.shares) != self.total:
            gaps.append("与协议金额一致的各医疗机构份额合计")
        return gaps

    @property
    def aid(self) -> Decimal:
        """Humanitarian money in all: beside the agreed sum and no part of it (R29)."""
        return sum((part.amount for part in self.humanitarian), Decimal("0.00"))

    @property
    def copies(self) -> int:
        """One for each party and one for the file (R18)."""
        return len(self.parties) + 1


@dataclass(frozen=True, kw_only=True)
class MediationAgreement(_Agreement):
    """人民调解协议书 (人民调解法 29, 条例 39; R16–R18), of the city committee or of a town's own.

    With ``signatures`` it is the text in force: it says who signed on what day, instead of leaving room to sign.
    """

    mediators: tuple[str, ...] = must("人民调解员")
    recorder: str = must("记录人")
    accepted_on: date = must("受理日期")
    of_town: bool = may("镇街人民调解委员会", False)
    signatures: tuple[Signature, ...] = may("签署情况", ())


@dataclass(frozen=True, kw_only=True)
class SettlementAgreement(_Agreement):
    """和解协议书 (条例 30): between the parties, a town helped; no committee's seal, no judicial confirmation."""

    witness_unit: str = may("见证单位")
    witnesses: tuple[str, ...] = may("见证人", ())
