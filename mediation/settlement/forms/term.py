"""Forms of extension, confirmation of expiry and its correction."""

from __future__ import annotations

from django import forms

from mediation.cases.stepform import EMPTY, PaperField, StepForm, day_field, text_field
from mediation.settlement.steps.term import RestoreReason

SIGNED = ("committee_signed_on", "patient_signed_on", "hospital_signed_on")


class ExtendForm(StepForm):
    step_name = "extend"
    layout = (
        ("延期约定", ("reason", "until", "days")),
        ("三方签署（均不得晚于届满日）", (*SIGNED, "paper")),
    )

    reason = text_field("延期的特殊情况", help_text="条例第38条：有特殊情况需要延长的，由医调委和双方约定")
    until = day_field("新的届满日", required=False)
    days = forms.IntegerField(
        label="延长工作日数",
        required=False,
        min_value=1,
        max_value=999,
        help_text="与新的届满日二者择一；停表期间只能填写工作日数",
    )
    committee_signed_on = day_field("医调委签署日期")
    patient_signed_on = day_field("患方签署日期")
    hospital_signed_on = day_field("医方签署日期", help_text="多家医院的，填最后一家")
    paper = PaperField("三方签署的延期约定")

    def adapt(self) -> None:
        """While the clock stands still there is no date to name."""
        if self.case.stopped:
            del self.fields["until"]
        self.fields["happened_on"].label = "最后一方签署日期"


class ConfirmLapseForm(StepForm):
    step_name = "confirm_lapse"

    ledger_checked = forms.BooleanField(label="已逐日核对期限台账，期限确已届满，双方未在届满前签署")


class RestoreForm(StepForm):
    step_name = "restore"
    layout = (
        ("更正", ("reason", "note", "paper")),
        ("签署日期（延期约定填三方，双方已签字的填患方、医方）", SIGNED),
        ("延期约定的内容", ("until", "days")),
    )

    reason = forms.ChoiceField(label="理由", choices=[EMPTY, *RestoreReason.choices])
    note = text_field("说明")
    paper = PaperField("延期约定或已签字的协议", required=False, help_text="节假日更正的不需要")
    committee_signed_on = day_field("医调委签署日期", required=False)
    patient_signed_on = day_field("患方签署日期", required=False)
    hospital_signed_on = day_field("医方签署日期", required=False)
    until = day_field("新的届满日", required=False)
    days = forms.IntegerField(label="延长工作日数", required=False, min_value=1, max_value=999)
