"""Fields that several forms share: a code list, an organisation, a side with its hospital, a paper."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django import forms
from django.db.models import TextChoices
from django.utils import timezone

from mediation.cases import codes
from mediation.cases.facts import kept_hospitals
from mediation.cases.filing import Filed
from mediation.cases.stepform import EMPTY, PaperField, StepForm
from mediation.organisations.models import Organisation
from mediation.typed import row_number


def choice(label: str, options: type[TextChoices], **more: Any) -> forms.ChoiceField:
    """One code of a list, by its Chinese label."""
    return forms.ChoiceField(label=label, choices=[EMPTY, *options.choices], **more)


def choices(label: str, options: type[TextChoices], **more: Any) -> forms.MultipleChoiceField:
    """Several codes of a list, as boxes to tick."""
    widget = forms.CheckboxSelectMultiple({"data-span": "full"})
    return forms.MultipleChoiceField(label=label, choices=options.choices, widget=widget, **more)


def clock_time(label: str, **more: Any) -> forms.TimeField:
    """An hour of the day on which the step happened; :func:`on_the_day` makes it the moment that the door takes."""
    return forms.TimeField(label=label, widget=forms.TimeInput({"type": "time"}, format="%H:%M"), **more)


def on_the_day(facts: dict[str, Any], name: str = "at") -> dict[str, Any]:
    """The facts with the hour ``name`` as a moment of the day on which the step happened."""
    hour = facts[name]
    moment = timezone.make_aware(datetime.combine(facts["happened_on"], hour)) if hour is not None else None
    return facts | {name: moment}


def yes_no(label: str, **more: Any) -> forms.TypedChoiceField:
    """Yes or no, with nothing chosen beforehand."""
    options = [EMPTY, ("yes", "是"), ("no", "否")]
    return forms.TypedChoiceField(
        label=label, choices=options, coerce=lambda said: said == "yes", empty_value=None, **more
    )


def town_field(label: str, **more: Any) -> forms.ModelChoiceField:
    """A town that handles cases."""
    return forms.ModelChoiceField(Organisation.objects.towns(), label=label, empty_label=EMPTY[1], **more)


def hospital_field(label: str = "医疗机构", **more: Any) -> forms.ModelChoiceField:
    """A medical institution."""
    return forms.ModelChoiceField(Organisation.objects.hospitals(), label=label, empty_label=EMPTY[1], **more)


class RowsField(forms.ModelMultipleChoiceField):
    """Several rows; a number beyond any key is no choice, where Django would let the database fall over it."""

    def clean(self, value: Any) -> Any:
        """The rows; refuses what is not offered."""
        for one in value or ():
            if row_number(one) is None:
                raise forms.ValidationError(self.error_messages["invalid_choice"], "invalid_choice", {"value": one})
        return super().clean(value)


class PaperForm(StepForm):
    """A step with a paper: its scan, or its name when the signed original lies in the folder without one."""

    paper = PaperField("凭据（扫描件）", required=False)
    held = forms.CharField(
        label="纸质件名称", required=False, max_length=120, help_text="没有扫描件、原件已入卷的，填写材料名称"
    )

    def facts(self) -> dict[str, Any]:
        """The scan, or the paper in the folder."""
        facts = super().facts()
        held = facts.pop("held", "")
        if facts.get("paper") is None and held:
            facts["paper"] = Filed(title=held, copy=codes.Copy.ORIGINAL)
        return facts


class OneSideForm(PaperForm):
    """A step about one side; the hospital is asked for only where the case has several."""

    side = forms.ChoiceField(label="一方", choices=[EMPTY, ("patient", "患方"), ("hospital", "医方")])
    hospital = hospital_field("哪一家医疗机构", required=False)

    def adapt(self) -> None:
        """Offer the hospitals of this case."""
        offer_hospitals(self)


def offer_hospitals(form: StepForm) -> int:
    """Let the field ``hospital`` offer those still in the case; a single one need not be named. Answers how many."""
    kept = [one.pk for one in kept_hospitals(form.case)]
    field = cast("forms.ModelChoiceField", form.fields["hospital"])
    field.queryset = Organisation.objects.filter(pk__in=kept)
    if len(kept) == 1 and not field.required:
        field.widget = forms.HiddenInput()
    return len(kept)
