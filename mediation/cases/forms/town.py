"""Forms of the town's turn and of the ladder between town and city."""

from __future__ import annotations

from typing import Any

from django import forms

from mediation.cases import codes, grounds
from mediation.cases.brief import last_word, lines_written, papers_on_file, room_left, work_on_file
from mediation.cases.forms.fields import choice, choices, yes_no
from mediation.cases.stepform import StepForm, text_field
from mediation.lines import BRIEF_COLUMNS


class SignForForm(StepForm):
    """Nothing to fill in but the day."""

    step_name = "sign_for"


class ExtendHandlingForm(StepForm):
    step_name = "extend_handling"
    layout = (("延期", ("reason",)),)

    reason = text_field("延期理由", help_text="只能延期一次，届满前办理")


class EscalateForm(StepForm):
    step_name = "escalate"
    layout = (
        ("为什么上报", ("reasons", "work_done")),
        ("现在的情况", ("patient_attitude", "hospital_attitude", "risk")),
        ("需要什么", ("request", "attachments")),
        ("联系人", ("contact_name", "contact_phone")),
        ("篇幅", ("more",)),
    )

    reasons = choices("上报理由", grounds.EscalationReason)
    work_done = text_field("已做工作", rows=5, max_length=5_000)
    patient_attitude = text_field("患方态度", max_length=2_000)
    hospital_attitude = text_field("医方态度", max_length=2_000)
    risk = text_field("风险与稳控措施", max_length=2_000)
    request = text_field("需要市级解决的事项", max_length=2_000)
    attachments = forms.CharField(label="附件", required=False, max_length=300)
    contact_name = forms.CharField(label="镇街联系人", max_length=40)
    contact_phone = forms.CharField(label="联系电话", max_length=32)
    more = forms.BooleanField(label="一页写不下，同意另附续页", required=False)

    def adapt(self) -> None:
        """Say how much the one page holds before anything is sent (R27)."""
        self.room = room_left(self.case)
        words = max(self.room, 0) * (BRIEF_COLUMNS - 1)
        limit = (
            f"除纠纷概况等外，以上各栏合计约 {self.room} 行、{words} 字"
            if words
            else "纠纷概况已占满，以上各栏须另附续页"
        )
        self.fields["more"].help_text = f"呈批表为一页：{limit}"

    def clean(self) -> dict[str, Any]:
        """More than one page only knowingly: nobody is to find a second page in what was sent."""
        said = super().clean() or self.cleaned_data
        if not self.errors and not said["more"] and (over := lines_written(said) - self.room) > 0:
            self.add_error(
                "more",
                f"所填内容约超出一页 {over} 行（{over * (BRIEF_COLUMNS - 1)} 字），请精简；确需保留的，勾选另附续页",
            )
        return said

    def facts(self) -> dict[str, Any]:
        """The brief itself; that it may go on on a second page is between form and writer."""
        return {name: value for name, value in super().facts().items() if name != "more"}

    def prefill(self) -> dict[str, Any]:
        """What is on file: the contacts, the last word of each side, the papers, and who is writing."""
        reasons = [grounds.EscalationReason.MAJOR.value] if self.case.is_major else []
        return {
            "reasons": reasons, "work_done": work_on_file(self.case),
            "patient_attitude": last_word(self.case, codes.Side.PATIENT),
            "hospital_attitude": last_word(self.case, codes.Side.HOSPITAL),
            "attachments": papers_on_file(self.case), "contact_name": self.user.get_full_name(),
            "contact_phone": self.user.phone,
        }  # fmt: skip


class TakeOverForm(StepForm):
    step_name = "take_over"
    layout = (("接收", ("note",)),)

    note = text_field("接收意见", required=False)


class SendBackForm(StepForm):
    step_name = "send_back"
    layout = (("退回", ("reason", "avoidable", "note")),)

    reason = choice("理由", grounds.SendBackReason)
    avoidable = yes_no("这次上报本可避免？", required=False)
    note = text_field("说明", help_text="只能退回一次，请写明镇街要补做什么")
