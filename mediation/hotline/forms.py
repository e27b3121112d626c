"""The forms of the operators' pages: shape and wording; what is allowed is decided where it is done."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone

from mediation.cases import codes
from mediation.cases.pages.lists import soon
from mediation.cases.pages.searching import words_field
from mediation.cases.stepform import day_field, text_field
from mediation.hotline.columns import LABELS, TARGETS, Columns
from mediation.hotline.entries import EARLIEST_YEAR, Entry, own_number
from mediation.hotline.order import Appeal, OrderQuerySet, Rating
from mediation.organisations.models import Organisation
from mediation.privacy.searchkeys import search_key
from workflow.companions import ORDER

YES_NO = [("", "未说明"), ("yes", "是"), ("no", "否")]


class OrderFilter(forms.Form):
    """The filter row above the list of orders."""

    q = words_field("工单号、电话、来电人")
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "状态：全部"), *ORDER.states.items()])
    due = forms.ChoiceField(
        label="时限", required=False,
        choices=[("", "时限：全部"), ("late", "已超期"), ("today", "今日到期"), ("soon", "临期（5个工作日内）"), ("provisional", "日期暂定")],
    )  # fmt: skip
    category = forms.ChoiceField(label="类别", required=False)
    belongs = forms.ChoiceField(
        label="办理",
        required=False,
        choices=[("", "办理：全部"), ("unsorted", "待分类"), ("case", "已关联案件"), ("none", "未关联案件")],
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(key, label.split("（")[0]) for key, label in codes.Category.choices]
        self.fields["category"].choices = [("", "类别：全部"), *choices]  # type: ignore[attr-defined]

    def apply(self, orders: OrderQuerySet, today: date) -> OrderQuerySet:
        """The orders that pass; an entry that makes no sense filters nothing."""
        self.is_valid()
        asked = self.cleaned_data
        if asked.get("q"):
            orders = found(orders, asked["q"])
        if asked.get("state"):
            orders = orders.filter(state=asked["state"])
        if asked.get("category"):
            orders = orders.filter(Q(category=asked["category"]) | Q(category="", suggested=asked["category"]))
        orders = {
            "unsorted": orders.filter(category="").unanswered(), "case": orders.filter(case__isnull=False),
            "none": orders.filter(case__isnull=True),
        }.get(asked.get("belongs", ""), orders)  # fmt: skip
        return _by_due(orders, asked.get("due", ""), today)

    @property
    def is_used(self) -> bool:
        """Whether anything was asked for."""
        return any(self.data.get(name) for name in self.fields)


def found(orders: OrderQuerySet, words: str) -> OrderQuerySet:
    """The orders that a number, phone, name or certificate points at, out of those given."""
    words = words.strip()
    return orders.filter(
        Q(number=words) | Q(phone_key=search_key("phone", words) or "-") | Q(caller_key=search_key("name", words) or "-")
        | Q(id_key=search_key("id_no", words) or "-")
    )  # fmt: skip


def _by_due(orders: OrderQuerySet, due: str, today: date) -> OrderQuerySet:
    if due == "late":
        return orders.overdue(today)
    if due == "today":
        return orders.unanswered().filter(due_on=today)
    if due == "soon":
        return orders.unanswered().filter(due_on__gte=today, due_on__lte=soon(today))
    if due == "provisional":
        return orders.unanswered().filter(due_provisional=True)
    return orders


class OrderForm(forms.Form):
    """One order by hand, by keyboard in a minute."""

    required_css_class = "required"
    layout = (
        ("工单", ("centre", "number", "appeal", "received_at")),
        ("诉求", ("title", "hospital_text", "content")),
        ("来电人", ("caller", "phone", "id_no", "is_confidential")),
    )
    centre = forms.ModelChoiceField(Organisation.objects.none(), label="12345中心", empty_label=None)
    number = forms.CharField(label="工单号", max_length=40, required=False, help_text="没有工单号的留空，系统自编")
    appeal = forms.ChoiceField(label="诉求类型", choices=Appeal.choices, initial=Appeal.COMPLAIN)
    received_at = forms.DateTimeField(
        label="12345受理时间", widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )  # fmt: skip
    title = forms.CharField(label="标题", max_length=200)
    hospital_text = forms.CharField(label="所涉单位", max_length=120, required=False)
    content = text_field("内容", rows=6)
    caller = forms.CharField(label="来电人", max_length=40, required=False)
    phone = forms.CharField(label="联系电话", max_length=32, required=False)
    id_no = forms.CharField(label="证件号码", max_length=40, required=False)
    is_confidential = forms.BooleanField(label="要求保密", required=False)

    def __init__(self, *args: Any, centres: list[Organisation], now: datetime, **options: Any) -> None:
        self.now = now
        known = {
            "received_at": timezone.localtime(now).replace(second=0, microsecond=0),
            "centre": centres[0] if centres else None,
        }
        options["initial"] = known | (options.get("initial") or {})
        super().__init__(*args, **options)
        self.fields["centre"].queryset = Organisation.objects.filter(pk__in=[one.pk for one in centres])  # type: ignore[attr-defined]
        if len(centres) == 1:
            self.fields["centre"].widget = forms.HiddenInput()

    @property
    def sections(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields in titled groups."""
        return [(title, [self[name] for name in names]) for title, names in self.layout]

    def clean_received_at(self) -> datetime:
        """The hotline's receipt is in the past."""
        received_at: datetime = self.cleaned_data["received_at"]
        if received_at.year < EARLIEST_YEAR:
            raise forms.ValidationError(f"受理时间不能早于{EARLIEST_YEAR}年")
        if received_at > self.now:
            raise forms.ValidationError("受理时间不能晚于现在")
        return received_at

    def entry(self) -> Entry:
        """What was typed, as the intake takes it."""
        said = self.cleaned_data
        number = said["number"].strip() or own_number(
            said["caller"], said["received_at"], said["title"], said["content"]
        )
        return Entry(
            number=number, appeal=said["appeal"], received_at=said["received_at"], message_at=said["received_at"], stated_due_on=None,
            title=said["title"], content=said["content"], caller=said["caller"], phone=said["phone"], id_no=said["id_no"],
            hospital_text=said["hospital_text"], source_category="", is_confidential=said["is_confidential"],
        )  # fmt: skip


class SortForm(forms.Form):
    """A person says what the matter is."""

    category = forms.ChoiceField(label="类别", choices=codes.Category.choices)
    appeal = forms.ChoiceField(
        label="诉求类型", choices=Appeal.choices, required=False, help_text="改变后按新类型重算答复期限"
    )


class AnswerForm(forms.Form):
    """The reply, and what stays inside the house."""

    prepared = forms.IntegerField(widget=forms.HiddenInput, required=False)
    category = forms.ChoiceField(label="类别", choices=codes.Category.choices)
    receiving_body = forms.CharField(label="转往单位", max_length=80, required=False, help_text="不是医疗纠纷的必填")
    text = text_field("公开答复内容", rows=5)
    internal_note = text_field("内部办理情况", rows=2, required=False)
    is_founded = forms.ChoiceField(label="诉求是否属实", choices=YES_NO, required=False)
    is_solved = forms.ChoiceField(label="是否解决", choices=YES_NO, required=False)


class ReturnForm(forms.Form):
    """退单: the reason, and who should have the order."""

    unit = forms.CharField(label="建议承办单位", max_length=80)
    reason = text_field("退单理由和依据", max_length=2_000)


class ExtendForm(forms.Form):
    """延期: the new date and the reason."""

    until = day_field("新的答复期限")
    reason = text_field("延期理由", rows=2, max_length=2_000)


class RedoForm(forms.Form):
    """重办: why the hotline sent the answer back."""

    reason = text_field("重办原因", rows=2, max_length=2_000)


class FinishForm(forms.Form):
    """办结: what the caller said when called back; nothing is filled in beforehand."""

    rating = forms.ChoiceField(label="满意度", choices=[("", "未回访到"), *Rating.choices], required=False)
    is_solved = forms.ChoiceField(label="是否解决", choices=YES_NO, required=False)


class LinkForm(forms.Form):
    """The case that the order belongs to."""

    number = forms.CharField(label="案号", max_length=24, help_text="如 2026-00012 或 东医纠〔2026〕12号")


class LeaveForm(forms.Form):
    """取消关联: said twice, because one slip would take the order out of its case."""

    sure = forms.BooleanField(
        label="确认取消关联：工单不再属于本案，案件照常办理",
        error_messages={"required": "请勾选确认后再取消关联"},
    )


class RevealForm(forms.Form):
    """Why the caller's name and phone are to be seen."""

    reason = forms.CharField(label="查看理由", max_length=200)


class UploadForm(forms.Form):
    """The file of orders."""

    centre = forms.ModelChoiceField(Organisation.objects.none(), label="12345中心", empty_label=None)
    file = forms.FileField(label="工单文件", help_text=".xlsx 或 .csv，不超过 20 MiB、10000 行")

    def __init__(self, *args: Any, centres: list[Organisation], **options: Any) -> None:
        options["initial"] = {"centre": centres[0] if centres else None}
        super().__init__(*args, **options)
        self.fields["centre"].queryset = Organisation.objects.filter(pk__in=[one.pk for one in centres])  # type: ignore[attr-defined]
        self.fields["file"].widget.attrs["accept"] = ".xlsx,.csv"
        if len(centres) == 1:
            self.fields["centre"].widget = forms.HiddenInput()


class ColumnsForm(forms.Form):
    """Which column says what: one choice for every field of ours."""

    def __init__(self, *args: Any, header: list[str], guessed: Columns, **options: Any) -> None:
        super().__init__(*args, **options)
        places = [
            ("", "（文件中没有）"),
            *((str(place), f"{_letter(place)} 列：{name}") for place, name in enumerate(header)),
        ]
        for target in TARGETS:
            self.fields[target.key] = forms.ChoiceField(
                label=LABELS[target.key], choices=places, required=target.key == "content",
                initial=str(guessed[target.key]) if target.key in guessed else "",
            )  # fmt: skip

    def columns(self) -> Columns:
        """The mapping that was chosen."""
        return {key: int(place) for key, place in self.cleaned_data.items() if place != ""}


class PeriodForm(forms.Form):
    """The period of an export."""

    first = day_field("答复日期自")
    last = day_field("至")


def _letter(place: int) -> str:
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(place + 1))


def chosen(value: str) -> bool | None:
    """What a yes-or-no field says."""
    return {"yes": True, "no": False}.get(value)


TURN_FORMS: dict[str, type[forms.Form]] = {
    "sort_out": SortForm, "answer": AnswerForm, "send_return": ReturnForm, "extend": ExtendForm, "redo": RedoForm,
    "finish": FinishForm,
}  # fmt: skip
