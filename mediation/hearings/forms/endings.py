"""Forms of the endings without agreement."""

from __future__ import annotations

from django import forms

from mediation.cases import codes
from mediation.cases.stepform import EMPTY, PaperField, StepForm, text_field
from mediation.hearings.forms.sides import SideForm
from mediation.hearings.steps.endings import FailureReason

ROUTES = "已告知当事人可以依法通过仲裁、行政、司法等途径维护自己的权利"


class RefuseMediationForm(SideForm):
    step_name = "refuse_mediation"
    layout = (("拒绝调解", ("side", "hospital", "means", "statement", "paper")),)

    means = forms.ChoiceField(label="表示的方式", choices=[EMPTY, *codes.Means.choices])
    statement = text_field("当事人的明确表示", help_text="记录原话要点；无须任何人批准（人民调解法第23条、第26条）")
    paper = PaperField("书面表示", required=False)


class FailForm(StepForm):
    step_name = "fail"
    layout = (
        ("原因", ("reason", "side", "note", "paper")),
        ("告知", ("routes_explained",)),
    )

    reason = forms.ChoiceField(label="原因", choices=[EMPTY, *FailureReason.choices])
    side = forms.ChoiceField(
        label="失联的一方",
        choices=[("", "（没有失联）"), *codes.Side.choices],
        required=False,
        help_text="原因为失去联系的必选",
    )
    note = text_field("具体情况")
    paper = PaperField("送达凭据", required=False, help_text="失去联系而本案尚无送达登记的，须附")
    routes_explained = forms.BooleanField(label=ROUTES)


class TerminateForm(StepForm):
    step_name = "terminate"
    layout = (("终止", ("authority_case_number", "note")),)

    authority_case_number = forms.CharField(label="受理机关案号", max_length=60, required=False)
    note = text_field("说明", required=False)
