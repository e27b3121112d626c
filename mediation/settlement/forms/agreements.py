"""Forms of the agreement: its contents, its marks, its supplement."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django import forms

from mediation.cases.discretion import shown
from mediation.cases.facts import kept_hospitals
from mediation.cases.parties import Party, guardian_of
from mediation.cases.stepform import EMPTY, PaperField, StepForm, day_field, money_field, text_field
from mediation.organisations.models import Organisation
from mediation.settlement.conditions import agreement_in_force
from mediation.settlement.forms.instalments import INSTALMENTS, InstalmentForm, payer_value
from mediation.settlement.models import Agreement, Manner, MarkKind
from mediation.settlement.signing import signatories
from mediation.settlement.terms import AMOUNTS, NOTHING, WORDS

Layout = tuple[tuple[str, tuple[str, ...]], ...]


class TermsForm(InstalmentForm):
    """The contents that every written agreement must have (人民调解法第29条), in four groups."""

    contents: ClassVar[Layout] = (
        ("事实与责任", ("facts", "issues", "responsibility")),
        ("协议内容", ("content", "other_obligations")),
        ("金额（医院支付 + 保险支付 = 协议金额，人道补助另计）", ("total_amount", "hospital_amount", "insurer_amount", "humanitarian_amount")),
        ("履行方式、地点、期限", ("manner", "place", "perform_by")),
        ("分期（空行不计；全部留空即于履行期限前一次付清；有多家医院的须逐笔填写）", INSTALMENTS),
    )  # fmt: skip
    layout: ClassVar[Layout] = contents

    facts = text_field("纠纷主要事实", rows=6)  # type: ignore[assignment]  # a field; the method of that name is inherited
    issues = text_field("争议事项")
    responsibility = text_field("各方责任", help_text="分别写明患方、医方各自承担的责任；没有责任的也要写明")
    content = text_field("协议内容", rows=6, help_text="每行一条")
    other_obligations = text_field("其他约定事项", required=False, help_text="道歉、后续治疗等；履行完毕前须核实")
    total_amount = money_field("协议金额（元）", help_text="没有给付的填 0")
    hospital_amount = money_field("医院支付（元）")
    insurer_amount = money_field("保险支付（元）", required=False)
    humanitarian_amount = money_field(
        "人道补助（元）", required=False, help_text="无过错的补助，不计入协议金额，协议书中单列一条"
    )
    manner = forms.ChoiceField(label="履行方式", choices=[EMPTY, *Manner.choices])
    place = forms.CharField(label="履行地点", max_length=120)
    perform_by = day_field("履行期限", help_text="最后一项约定应完成的日期")

    def clean_insurer_amount(self) -> Decimal:
        """Nothing typed is nothing owed."""
        return self.cleaned_data["insurer_amount"] or NOTHING

    def clean_humanitarian_amount(self) -> Decimal:
        """Nothing typed is nothing owed."""
        return self.cleaned_data["humanitarian_amount"] or NOTHING


class DraftAgreementForm(TermsForm):
    step_name = "draft_agreement"

    def prefill(self) -> dict[str, Any]:
        """The draft before this one, or what was registered about the dispute."""
        last = self.case.agreements.order_by("-pk").first()
        return {"facts": shown(self.case.summary, self.case, self.user)} if last is None else terms_of(last)


class RedraftForm(StepForm):
    step_name = "redraft"

    note = text_field("重新协商的原因", help_text="待签文本作废，编号保留不再使用")


class MarkForm(StepForm):
    step_name = "mark"
    layout = (("签署", ("kind", "party", "agent", "hospital", "paper")),)

    kind = forms.ChoiceField(label="哪一项", choices=[EMPTY, *MarkKind.choices])
    party = forms.ModelChoiceField(
        label="患方权利人", queryset=Party.objects.none(), required=False, empty_label="（不是患方签署）"
    )
    agent = forms.ModelChoiceField(
        label="由谁代签", queryset=Party.objects.none(), required=False, empty_label="（本人签署）",
        help_text="委托代理人须有授权委托书在案",
    )  # fmt: skip
    hospital = forms.ModelChoiceField(
        label="医疗机构", queryset=Organisation.objects.none(), required=False, empty_label="（不是医方签署）"
    )
    paper = PaperField("已签署的协议扫描件")

    def prefill(self) -> dict[str, Any]:
        """A single claimant's guardian signs for them."""
        people = signatories(self.case)
        return {"agent": guardian_of(self.case, people[0])} if len(people) == 1 else {}

    def adapt(self) -> None:
        """The people and hospitals of this case; the day is the day of the signature."""
        people = signatories(self.case)
        self._offer("party", Party.objects.filter(pk__in=[party.pk for party in people]))
        self._offer("agent", Party.objects.current().filter(represents__in=people))
        self._offer("hospital", Organisation.objects.filter(pk__in=[h.pk for h in kept_hospitals(self.case)]))
        self.fields["happened_on"].label = "签署日期"

    def _offer(self, name: str, rows: Any) -> None:
        self.fields[name].queryset = rows  # type: ignore[attr-defined]


class ConcludeForm(StepForm):
    step_name = "conclude"

    def prefill(self) -> dict[str, Any]:
        """The day of effect is the day of the last mark."""
        agreement = agreement_in_force(self.case)
        dates = [mark.on for mark in agreement.marks.all()] if agreement else []
        return {"happened_on": max(dates)} if dates else {}

    def adapt(self) -> None:
        """Say what the date means."""
        self.fields["happened_on"].label = "生效日期"
        self.fields["happened_on"].help_text = "四项签署中最后一项完成之日（条例第39条）"


class AmendForm(InstalmentForm):
    step_name = "amend"
    layout = (
        ("补充约定", ("content", "other_obligations", "perform_by")),
        ("尚未支付的款项改按下表支付（空行不计）", INSTALMENTS),
        ("重新签署", ("patient_signed_on", "hospital_signed_on", "mediator_signed_on", "sealed_on", "paper")),
    )

    content = text_field("补充内容", rows=5)
    other_obligations = text_field("其他约定事项", required=False)
    perform_by = day_field("履行期限")
    patient_signed_on = day_field("患方签署日期")
    hospital_signed_on = day_field("医方签署日期")
    mediator_signed_on = day_field("调解员签名日期")
    sealed_on = day_field("医调委盖章日期")
    paper = PaperField("已签署的补充协议")


def terms_of(agreement: Agreement) -> dict[str, Any]:
    """An agreement's contents as the form's initial values."""
    names = (*WORDS, *AMOUNTS, "manner", "perform_by", "other_obligations")
    values = {name: getattr(agreement, name) for name in names}
    for row in agreement.instalments.order_by("number"):
        cells = {"payer": payer_value(agreement.case, row), "amount": row.amount, "due_on": row.due_on}
        values |= {f"instalment_{row.number}_{column}": cell for column, cell in cells.items()}
    return values
