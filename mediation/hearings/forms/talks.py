"""Forms of the rights notice, investigations and meetings."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils import timezone

from mediation.cases import codes
from mediation.cases.stepform import EMPTY, PaperField, StepForm, text_field
from mediation.hearings.forms.sides import SideForm
from mediation.hearings.models import Meeting

HELD = [EMPTY] + [(value, label) for value, label in Meeting.Result.choices if value != Meeting.Result.PLANNED]
MOST = "条例第30条：每方不超过 5 人；超过的会提示，不阻止办理"


def moment_field(label: str, **options: Any) -> forms.DateTimeField:
    """A day and an hour, typed or picked."""
    widget = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget, **options)


class NamesField(forms.CharField):
    """Names, one a line or parted by 、 or a comma; the fact is a list."""

    def __init__(self, label: str, **options: Any) -> None:
        options.setdefault("help_text", "每行一人，或用顿号隔开；代理人注明身份")
        super().__init__(label=label, max_length=2_000, widget=forms.Textarea({"rows": 2}), **options)

    def clean(self, value: Any) -> Any:
        """The names without blanks; none when nothing was typed."""
        return [name.strip() for name in re.split(r"[\n、，,；;]", super().clean(value) or "") if name.strip()]


class SignRightsNoticeForm(SideForm):
    step_name = "sign_rights_notice"
    layout = (("签收", ("side", "hospital", "paper")),)

    paper = PaperField("签收的告知书扫描件", required=False)


class RecordInvestigationForm(StepForm):
    step_name = "record_investigation"
    layout = (
        ("被调查人", ("side", "person", "present")),
        ("笔录", ("began", "place", "recorder", "content", "paper")),
    )

    began = forms.TimeField(label="开始时间", widget=forms.TimeInput({"type": "time"}, format="%H:%M"))
    side = forms.ChoiceField(label="所属一方", choices=[EMPTY, *codes.Side.choices])
    person = forms.CharField(label="被调查人", max_length=80, help_text="姓名和身份，如：主管医师")
    present = forms.CharField(label="其他在场人", max_length=200, required=False)
    place = forms.CharField(label="地点", max_length=120)
    recorder = forms.CharField(label="记录人", max_length=40)
    content = text_field("调查内容", rows=10)
    paper = PaperField("签名件扫描件", required=False)


class ConveneForm(StepForm):
    step_name = "convene"
    layout = (("调解会", ("at", "place", "patient_count", "hospital_count")),)

    at = moment_field("时间")
    place = forms.CharField(label="地点", max_length=120)
    patient_count = forms.IntegerField(label="患方人数", min_value=1, max_value=99, initial=1, help_text=MOST)
    hospital_count = forms.IntegerField(label="医方人数", min_value=1, max_value=99, initial=1)

    def prefill(self) -> dict[str, Any]:
        """Meetings are held at the committee unless somewhere else is named."""
        return {"place": self.case.committee.address}


class RecordMeetingForm(StepForm):
    step_name = "record_meeting"
    layout = (
        ("调解会", ("began", "place", "recorder")),
        ("到会人员", ("patient_present", "hospital_present", "others_present")),
        ("笔录", ("objection", "content", "result", "paper")),
        ("下次调解", ("next_at", "next_place")),
    )

    began = forms.TimeField(label="开始时间", widget=forms.TimeInput({"type": "time"}, format="%H:%M"))
    place = forms.CharField(label="地点", max_length=120)
    recorder = forms.CharField(label="记录人", max_length=40)
    patient_present = NamesField("患方到会人员", required=False)
    hospital_present = NamesField("医方到会人员", required=False)
    others_present = NamesField(
        "其他参加人", required=False, help_text="专家、亲属、社区人员等，须经双方同意（人民调解法第20条）"
    )
    objection = forms.CharField(label="当事人对调解员有无异议", max_length=200, help_text="逐方询问并如实记录")
    content = text_field("笔录正文", rows=12, help_text="身份核对、权利义务告知、双方陈述、核实、调解过程和结果")
    result = forms.ChoiceField(label="调解结果", choices=HELD)
    paper = PaperField("签名件扫描件", required=False)
    next_at = moment_field("下次时间", required=False, help_text="结果为“再次调解”的可以同时约定")
    next_place = forms.CharField(label="下次地点", max_length=120, required=False)

    def prefill(self) -> dict[str, Any]:
        """The meeting that was planned."""
        planned = self.case.meetings.filter(result=Meeting.Result.PLANNED).first()
        return (
            {"place": planned.place, "began": timezone.localtime(planned.at)}
            if planned
            else {"place": self.case.committee.address}
        )
