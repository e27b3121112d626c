"""Forms of correcting a wrong fact and of looking behind a mask."""

from __future__ import annotations

from django import forms

from mediation.cases.correctable import correction_targets
from mediation.cases.forms.fields import EMPTY
from mediation.cases.revealable import reveal_targets, told_to
from mediation.cases.stepform import StepForm, text_field


class CorrectForm(StepForm):
    step_name = "correct"
    layout = (("更正", ("target", "value", "reason")),)

    target = forms.ChoiceField(label="哪一项")
    value = text_field(
        "更正为", help_text="日期写作 2026-03-02；金额只写数字；是否类填“是”或“否”；类别、科室等填列表中的名称"
    )
    reason = text_field("更正理由", help_text="原值加密保留，记录不可删除")

    def adapt(self) -> None:
        """Everything in this case that may be corrected."""
        self.fields["target"].choices = [EMPTY, *told_to(self.case, self.user, correction_targets(self.case))]  # type: ignore[attr-defined]


class RevealForm(StepForm):
    step_name = "reveal"
    layout = (("查看", ("target", "reason")),)

    target = forms.ChoiceField(label="查看哪一项")
    reason = text_field("查看理由", help_text="谁、何时、为什么查看，都会留下记录")

    def adapt(self) -> None:
        """Everything in this case that is masked; looking happens now, so no other day is asked for."""
        del self.fields["happened_on"], self.fields["late_reason"]
        targets = told_to(self.case, self.user, reveal_targets(self.case))
        self.fields["target"].choices = [EMPTY, *targets]  # type: ignore[attr-defined]
