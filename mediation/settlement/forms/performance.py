"""Forms of payment, performance, default, the court's ruling and the visit."""

from __future__ import annotations

from typing import Any

from django import forms

from mediation.cases import codes
from mediation.cases.stepform import EMPTY, PaperField, StepForm, day_field, text_field
from mediation.settlement.models import FollowUpVisit, Instalment
from mediation.settlement.money import figures
from mediation.settlement.steps.performance import DefaultReason, Payment, in_force, open_instalments


class InstalmentChoice(forms.ModelChoiceField):
    """One open instalment: 第 1 期 医院（示例医院） ¥50,000.00，应付 2026-03-31."""

    def label_from_instance(self, obj: Any) -> str:
        """Number, payer, amount and date."""
        return f"第 {obj.number} 期　{obj.payer_name} {figures(obj.amount)}，应付 {obj.due_on:%Y-%m-%d}"


class RecordPaymentForm(StepForm):
    step_name = "record_payment"
    layout = (("付款", ("instalment", "payment", "paper")),)

    instalment = InstalmentChoice(label="哪一期", queryset=Instalment.objects.none())
    payment = forms.ChoiceField(label="付款或提存", choices=Payment.choices)
    paper = PaperField("付款凭证", required=False, help_text="提存的必须附提存证明")

    def adapt(self) -> None:
        """What is still open; the day is the day on which the money was paid."""
        self.fields["instalment"].queryset = open_instalments(self.case.pk)  # type: ignore[attr-defined]
        self.fields["happened_on"].label = "实际付款日期"


class PerformedForm(StepForm):
    step_name = "performed"

    obligations_done = forms.BooleanField(label="其他约定事项已全部完成", required=False)

    def adapt(self) -> None:
        """Asked only where something else was promised; what it was stands below the box."""
        others = [agreement.other_obligations for agreement in in_force(self.case.pk) if agreement.other_obligations]
        if others:
            self.fields["obligations_done"].help_text = "；".join(others)
        else:
            del self.fields["obligations_done"]


class DefaultForm(StepForm):
    step_name = "default"
    layout = (("未履行", ("reason", "note", "routes_explained")),)

    reason = forms.ChoiceField(label="情形", choices=[EMPTY, *DefaultReason.choices])
    note = text_field("具体情况", help_text="督促的经过和对方的答复")
    routes_explained = forms.BooleanField(label="已告知可以申请强制执行（经司法确认的）或者向人民法院起诉")


class ConfirmationDismissedForm(StepForm):
    step_name = "confirmation_dismissed"
    layout = (("法院裁定", ("court", "ruling_no", "applied_on", "note", "paper")),)

    court = forms.CharField(label="法院", max_length=60)
    ruling_no = forms.CharField(label="裁定书文号", max_length=60)
    applied_on = day_field("共同申请日期", required=False)
    note = text_field("驳回的理由")
    paper = PaperField("裁定书")

    def adapt(self) -> None:
        """The day is the day of the ruling."""
        self.fields["happened_on"].label = "裁定日期"


class VisitForm(StepForm):
    """Nothing here is filled in beforehand: what a person said is typed by the one who asked (R21)."""

    step_name = "visit"
    layout = (
        ("回访", ("began", "side", "person", "means", "reached")),
        ("结果", ("result", "remaining", "satisfaction", "is_solved")),
    )

    began = forms.TimeField(label="时间", widget=forms.TimeInput({"type": "time"}, format="%H:%M"))
    side = forms.ChoiceField(label="对象所属", choices=[EMPTY, *codes.Side.choices])
    person = forms.CharField(label="被回访人", max_length=80)
    means = forms.ChoiceField(label="方式", choices=[EMPTY, *codes.Means.choices])
    reached = forms.TypedChoiceField(
        label="是否联系上", choices=[EMPTY, ("yes", "已联系上"), ("no", "未联系上")], coerce=lambda answer: answer == "yes",
        help_text="累计三次未联系上的，可以结束回访",
    )  # fmt: skip
    result = text_field("履行情况与结果", rows=5)
    remaining = text_field("遗留问题及隐患", required=False)
    satisfaction = forms.ChoiceField(
        label="满意程度", choices=[("", "未表示"), *FollowUpVisit.Satisfaction.choices], required=False
    )
    is_solved = forms.TypedChoiceField(
        label="是否解决", choices=[("", "未表示"), ("yes", "已解决"), ("no", "未解决")], required=False,
        coerce=lambda answer: answer == "yes", empty_value=None,
    )  # fmt: skip


class VisitAgainForm(VisitForm):
    step_name = "visit_again"

    def adapt(self) -> None:
        """Nothing ends by it, so the number of attempts does not matter."""
        self.fields["reached"].help_text = ""
