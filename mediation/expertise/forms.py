"""Forms of the appraisal."""

from __future__ import annotations

from django import forms

from mediation.cases.stepform import EMPTY, PaperField, StepForm, day_field, money_field, text_field
from mediation.expertise.models import Degree, Entrusting
from mediation.expertise.steps import AppraisalResult


class StartAppraisalForm(StepForm):
    step_name = "start_appraisal"
    layout = (
        ("委托", ("entrusting", "institution", "questions", "paper")),
        ("双方同意", ("patient_consent_on", "hospital_consent_on")),
        ("预缴鉴定费（只登记，不影响办理）", ("patient_prepaid_amount", "hospital_prepaid_amount")),
    )

    entrusting = forms.ChoiceField(label="委托方式", choices=[EMPTY, *Entrusting.choices])
    institution = forms.CharField(label="鉴定机构", max_length=120, help_text="医学会或司法鉴定机构（条例第34条）")
    questions = text_field("委托事项", rows=5, help_text="损害及程度、过错、因果关系、责任程度等，每行一项")
    paper = PaperField("双方签署的委托书或同意书")
    patient_consent_on = day_field("患方同意日期")
    hospital_consent_on = day_field("医方同意日期")
    patient_prepaid_amount = money_field("患方预缴（元）", required=False)
    hospital_prepaid_amount = money_field("医方预缴（元）", required=False)


class FinishAppraisalForm(StepForm):
    step_name = "finish_appraisal"
    layout = (
        ("结果", ("result", "note", "paper")),
        ("鉴定意见（条例第36条四项，出具意见的必填）", ("opinion_no", "degree", "damage", "fault", "causation")),
    )

    result = forms.ChoiceField(label="结果", choices=[EMPTY, *AppraisalResult.choices])
    note = text_field("未完成的原因", required=False, help_text="不予受理或撤回的填写")
    paper = PaperField("鉴定意见书、不予受理通知或撤回材料")
    opinion_no = forms.CharField(label="意见书编号", max_length=60, required=False)
    degree = forms.ChoiceField(label="责任程度", choices=[("", "（没有意见）"), *Degree.choices], required=False)
    damage = text_field("损害及其程度", required=False)
    fault = text_field("是否存在医疗过错", required=False)
    causation = text_field("过错与损害的因果关系", required=False)
