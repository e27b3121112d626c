"""Parts that several papers share."""

# ruff: noqa: RUF009  # must() and may() are dataclasses.field()

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from mediation.documents.contexts.base import Facts, may, must


@dataclass(frozen=True, kw_only=True)
class Party(Facts):
    """One party as the form wants it: a person, or a unit with its representative; also guardian and patient."""

    standing: str = must("地位")
    name: str = must("姓名或名称")
    is_unit: bool = may("是否单位", False)
    sex: str = may("性别")
    nation: str = may("民族")
    age: int | None = may("年龄", None)
    born_on: date | None = may("出生日期", None)
    relation: str = may("与患者关系")
    id_type: str = may("证件类型", "居民身份证")
    id_no: str = may("证件号码")
    occupation: str = may("职业或职务")
    unit_code: str = may("统一社会信用代码")
    representative: str = may("法定代表人或负责人")
    address: str = may("住址或住所")
    phone: str = may("联系方式")
    guardian: "Party | None" = may("监护人", None)
    agent: str = may("代理人")
    agent_standing: str = may("代理人与当事人关系")
    agent_authority: str = may("代理权限")


@dataclass(frozen=True, kw_only=True)
class Responsibility(Facts):
    """What one side answers for, as the parties agree (人民调解法 29 ②)."""

    party: str = must("责任方")
    text: str = must("责任")


@dataclass(frozen=True, kw_only=True)
class Instalment(Facts):
    """One payment: who, how much in yuan, until when, how."""

    payer: str = must("付款人")
    amount: Decimal = must("金额")
    due_on: date = must("期限")
    manner: str = may("方式")


@dataclass(frozen=True, kw_only=True)
class HospitalShare(Facts):
    """What one of several hospitals answers for: paid by itself and by its insurer, in yuan."""

    hospital: str = must("医疗机构")
    own: Decimal = must("自行支付金额")
    insured: Decimal = may("保险支付金额", Decimal("0.00"))

    @property
    def total(self) -> Decimal:
        """Both together."""
        return self.own + self.insured


@dataclass(frozen=True, kw_only=True)
class Signature(Facts):
    """A signature or seal that stands under the text which was signed: whose, how, of which day."""

    who: str = must("签署人")
    how: str = must("签署方式")
    on: date = must("签署日期")


@dataclass(frozen=True, kw_only=True)
class Listed(Facts):
    """A line of a list of papers: what, how many, a remark."""

    name: str = must("名称")
    quantity: str = may("份数")
    pages: str = may("页数")
    note: str = may("说明")


@dataclass(frozen=True, kw_only=True)
class Share(Facts):
    """A prepaid share of a fee, in yuan."""

    payer: str = must("预付人")
    amount: Decimal | None = may("金额", None)
    note: str = may("说明")


@dataclass(frozen=True, kw_only=True)
class Attendant(Facts):
    """Somebody who was present."""

    name: str = must("姓名")
    standing: str = must("身份")
    unit: str = may("单位或关系")


@dataclass(frozen=True, kw_only=True)
class Utterance(Facts):
    """One turn of a written record: who spoke and what."""

    speaker: str = may("发言人")
    text: str = must("内容")
