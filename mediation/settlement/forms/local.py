"""Forms of what a town brings to an end itself."""

from __future__ import annotations

from typing import Any

from django import forms

from mediation.cases import codes
from mediation.cases.discretion import shown
from mediation.cases.stepform import EMPTY, PaperField, StepForm, day_field, text_field
from mediation.settlement.forms.agreements import TermsForm

MEANS = [EMPTY, *codes.Means.choices]


class ResolveForm(StepForm):
    step_name = "resolve"
    layout = (("解释化解", ("began", "means", "explanation", "caller_content", "no_terms")),)

    began = forms.TimeField(label="沟通时间", widget=forms.TimeInput({"type": "time"}, format="%H:%M"))
    means = forms.ChoiceField(label="沟通方式", choices=MEANS)
    explanation = text_field("解释的内容和对方的反应", rows=5)
    caller_content = forms.BooleanField(label="来电人认可解释，不再主张")
    no_terms = forms.BooleanField(
        label="没有约定任何给付或其他事项", help_text="有约定的应签订书面和解协议（条例第30条）"
    )


class SettleLocallyForm(TermsForm):
    step_name = "settle_locally"
    layout = (
        *TermsForm.contents,
        ("协商和签署", ("patient_count", "hospital_count", "patient_signed_on", "hospital_signed_on", "paper")),
    )

    patient_count = forms.IntegerField(
        label="患方代表人数", min_value=1, max_value=99, initial=1, help_text="条例第30条：每方不超过 5 人"
    )
    hospital_count = forms.IntegerField(label="医方代表人数", min_value=1, max_value=99, initial=1)
    patient_signed_on = day_field("患方签署日期")
    hospital_signed_on = day_field("医方签署日期")
    paper = PaperField("双方签署的和解协议书")

    def prefill(self) -> dict[str, Any]:
        """What was registered about the dispute."""
        return {"facts": shown(self.case.summary, self.case, self.user)}


class SettleByTownCommitteeForm(TermsForm):
    step_name = "settle_by_town_committee"
    layout = (
        ("双方同意调解", ("patient_consented_on", "hospital_consented_on", "consent_means", "mediator_name")),
        *TermsForm.contents,
        ("签署", ("patient_signed_on", "hospital_signed_on", "mediator_signed_on", "sealed_on", "paper")),
    )

    patient_consented_on = day_field("患方同意日期")
    hospital_consented_on = day_field("医方同意日期")
    consent_means = forms.ChoiceField(label="表示同意的方式", choices=MEANS)
    mediator_name = forms.CharField(label="镇街人民调解员", max_length=80)
    patient_signed_on = day_field("患方签署日期")
    hospital_signed_on = day_field("医方签署日期")
    mediator_signed_on = day_field("调解员签名日期")
    sealed_on = day_field("调解委员会盖章日期")
    paper = PaperField("已签署的人民调解协议书")

    def prefill(self) -> dict[str, Any]:
        """What was registered about the dispute."""
        return {"facts": shown(self.case.summary, self.case, self.user)}
