"""The form of a step: the shape and wording of its facts, one class a step, found by the step's own name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.forms import BoundField
from django.utils import timezone

from mediation.cases.case import DisputeCase
from mediation.cases.filing import Filed
from mediation.cases.uploads import UploadRefused, accept_upload, store
from mediation.organisations.models import User
from mediation.typed import plain_amount
from workflow.lifecycle import STEPS
from workflow.vocabulary import Step

FORMS: dict[str, type[StepForm]] = {}
EMPTY = ("", "请选择")  # what a list says before anything is chosen; Django's own is a row of hyphens

HYPHENS = forms.ModelChoiceField(None).empty_label
EARLIEST = date(1900, 1, 1)


def form_of(step: Step) -> type[StepForm]:
    """The form class of a step; one without facts of its own has the plain form."""
    return FORMS.get(step.name, StepForm)


def _latest() -> date:
    today = timezone.localdate()
    return today.replace(year=today.year + 30, day=min(today.day, 28))


def option_label(step: str, name: str, code: str) -> str:
    """What a code was called in the form that asked for it; other values, and codes that no form knows, as they are."""
    field = FORMS[step].base_fields.get(name) if step in FORMS else None
    choices = getattr(field, "choices", ()) if not isinstance(field, forms.ModelChoiceField) else ()
    return str(dict(choices).get(code, code)) if code else ""


def day_field(label: str, **options: Any) -> forms.DateField:
    """A date, typed or picked; a year that nobody can mean is a slip of the pen."""
    options["validators"] = [MinValueValidator(EARLIEST), MaxValueValidator(_latest), *options.get("validators", ())]
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), **options)


def money_field(label: str, **options: Any) -> forms.DecimalField:
    """An amount in yuan with at most two decimals; the page shows it in capitals while it is typed."""
    widget = forms.TextInput({"inputmode": "decimal", "data-money": "1"})
    return _Yuan(label=label, min_value=0, max_digits=14, decimal_places=2, widget=widget, **options)


class _Yuan(forms.DecimalField):
    def to_python(self, value: Any) -> Any:
        return super().to_python(plain_amount(value) if isinstance(value, str) else value)


def text_field(label: str, *, rows: int = 3, **options: Any) -> forms.CharField:
    """A free text over the full width; the form's limit is the documents' limit."""
    options.setdefault("max_length", 20_000)
    return forms.CharField(label=label, widget=forms.Textarea({"rows": rows, "data-span": "full"}), **options)


class PaperField(forms.FileField):
    """A scan or file that belongs to the step. The upload is examined here and stored by :meth:`StepForm.facts`."""

    def __init__(self, label: str, **options: Any) -> None:
        options.setdefault("help_text", "PDF、JPG、PNG、DOCX、XLSX 或 OFD，不超过 200 MB")
        super().__init__(label=label, **options)
        self.widget.attrs["data-span"] = "full"

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The checked upload with its file, or nothing."""
        file = super().clean(data, initial)
        if not file:
            return None
        try:
            return accept_upload(file, name=file.name), file
        except UploadRefused as refused:
            raise forms.ValidationError(str(refused)) from refused


class StepForm(forms.Form):
    """What every step asks: when it happened, and why it is entered late. Subclasses add the facts of their step.

    ``step_name`` names the step; ``layout`` groups the fields as (title, names). The facts that reach the door are the
    cleaned data, with uploads turned into :class:`Filed`; the rules themselves are the door's, never the form's.
    """

    step_name: ClassVar[str] = ""
    layout: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = ()
    required_css_class = "required"

    happened_on = day_field("发生日期", help_text="实际办理的日期，不能晚于今天")
    late_reason = forms.CharField(
        label="补录原因", required=False, max_length=200, help_text="补录超过 3 个工作日时必填，主任可见"
    )

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if cls.step_name:
            FORMS[cls.step_name] = cls

    def __init__(self, *args: Any, case: DisputeCase, user: User, today: date, **options: Any) -> None:
        self.case, self.user, self.today = case, user, today
        self.step = STEPS[self.step_name] if self.step_name else None
        options["initial"] = {"happened_on": today} | self.prefill() | (options.get("initial") or {})
        super().__init__(*args, **options)
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField) and field.empty_label == HYPHENS:
                field.empty_label = EMPTY[1]
        self.adapt()

    def prefill(self) -> dict[str, Any]:
        """What the case already knows, as initial values."""
        return {}

    def adapt(self) -> None:
        """Fit choices and requirements to the case; called once the fields exist."""

    @property
    def sections(self) -> Iterator[tuple[str, list[BoundField]]]:
        """The fields as the page shows them: titled groups, with the dates that every step has last."""
        placed = {name for _, names in self.layout for name in names}
        for title, names in self.layout:
            yield title, [self[name] for name in names if name in self.fields]
        rest = [self[name] for name in self.fields if name not in placed]
        if rest:
            yield "时间" if self.layout else "", rest

    def facts(self) -> dict[str, Any]:
        """The facts for the door. Stores the uploads, so call it once, just before performing the step."""
        return {name: self._fact(name, value) for name, value in self.cleaned_data.items()}

    def _fact(self, name: str, value: Any) -> Any:
        if not isinstance(self.fields[name], PaperField) or value is None:
            return value
        checked, file = value
        filed = Filed(title="", page_count=checked.pages, mime=checked.mime, size=checked.size, sha256=checked.sha256)
        return Filed(**{**vars(filed), "stored": store(checked, file, filed.uid)})
