"""The question “which side, and which of its hospitals?”, asked by several steps."""

from __future__ import annotations

from django import forms

from mediation.cases import codes
from mediation.cases.facts import kept_hospitals
from mediation.cases.stepform import EMPTY, StepForm
from mediation.organisations.models import Organisation

TWO_SIDES = [
    EMPTY,
    (codes.Side.PATIENT, codes.Side.PATIENT.label),
    (codes.Side.HOSPITAL, codes.Side.HOSPITAL.label),
]


class SideForm(StepForm):
    """A step that one side takes part in; the hospital is asked only where the case has several."""

    side = forms.ChoiceField(label="哪一方", choices=TWO_SIDES)
    hospital = forms.ModelChoiceField(
        label="医疗机构", queryset=Organisation.objects.none(), required=False, empty_label="（患方不选）"
    )

    def adapt(self) -> None:
        """The hospitals that are still in the case; with one there is nothing to choose."""
        kept = kept_hospitals(self.case)
        if len(kept) < 2:
            del self.fields["hospital"]
        else:
            self.fields["hospital"].queryset = Organisation.objects.filter(pk__in=[h.pk for h in kept])  # type: ignore[attr-defined]
