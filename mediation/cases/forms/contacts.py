"""Forms of contacts, papers and services."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms

from mediation.cases import codes
from mediation.cases.filing import Filed
from mediation.cases.forms.fields import EMPTY, OneSideForm, choice, choices, clock_time, on_the_day, yes_no
from mediation.cases.record import Contact
from mediation.cases.stepform import PaperField, StepForm, text_field
from workflow.vocabulary import Role


class LogContactForm(StepForm):
    step_name = "log_contact"
    layout = (("联系", ("side", "purpose", "means", "at", "reached", "content")),)

    side = choice("联系对象", codes.Side)
    purpose = choice("目的", Contact.Purpose)
    means = choice("方式", codes.Means)
    at = clock_time("时间")
    reached = yes_no("联系上了吗")
    content = text_field("内容与结果")

    def facts(self) -> dict[str, Any]:
        """The hour as a moment of the day of the contact."""
        return on_the_day(super().facts())


class AddPaperForm(StepForm):
    step_name = "add_paper"
    layout = (("材料", ("kind", "side", "title", "copy", "page_count", "paper")),)

    kind = choice("类别", codes.PaperKind)
    side = choice("提交方", codes.Side, required=False)
    title = forms.CharField(label="名称", max_length=120)
    copy = choice("原件或复印件", codes.Copy)
    page_count = forms.IntegerField(label="页数", min_value=1, max_value=5000, required=False)
    paper = PaperField("文件", required=False)

    def prefill(self) -> dict[str, Any]:
        """A liaison hands in for the hospital's side."""
        mine = self.user.organisations(Role.HOSPITAL_LIAISON)
        return {"side": codes.Side.HOSPITAL} if mine else {}

    def facts(self) -> dict[str, Any]:
        """One paper, with the name and the pages that were typed."""
        facts = super().facts()
        title, copy, pages = facts.pop("title"), facts.pop("copy"), facts.pop("page_count")
        filed = facts["paper"] or Filed(title=title)
        facts["paper"] = replace(filed, title=title, copy=copy, page_count=pages or filed.page_count)
        return facts


class ServeNoticeForm(OneSideForm):
    step_name = "serve_notice"
    layout = (("送达", ("document", "side", "hospital", "means")), ("送达凭据", ("paper", "held")))

    document = forms.ChoiceField(label="文书")
    means = choice("送达方式", codes.Means)
    paper = PaperField("回证、回执或签收单", required=False)

    def adapt(self) -> None:
        """The kinds of document that the case has; a void one is not served."""
        from mediation.cases.pages.effects import PAPER_LABELS

        super().adapt()
        standing = self.case.documents.exclude(state="void").order_by("pk")
        found = {
            document.kind: f"{PAPER_LABELS.get(document.kind, document.kind)} {document.number}"
            for document in standing
        }
        self.fields["document"].choices = [EMPTY, *found.items()]  # type: ignore[attr-defined]


class RequestPapersForm(StepForm):
    step_name = "request_papers"
    layout = (("补正", ("side", "wanted", "note")),)

    side = choice("向谁要求", codes.Side)
    wanted = choices("缺少的材料", codes.PaperKind)
    note = text_field("说明", required=False, help_text="写入补正材料通知书")
