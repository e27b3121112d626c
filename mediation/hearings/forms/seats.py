"""Forms of assignment and replacement, with the table of who has how much to do."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms

from mediation.cases import codes
from mediation.cases.forms.fields import RowsField
from mediation.cases.stepform import EMPTY, StepForm, text_field
from mediation.hearings.load import Candidate, candidates
from mediation.organisations.models import User

NO_CONFLICT = "已核对所选调解员与本案双方没有利害关系"


class MediatorChoice(forms.ModelChoiceField):
    """One mediator, shown with the load."""

    labels: dict[int, str] = {}

    def label_from_instance(self, obj: Any) -> str:
        """Name and load in one line."""
        return self.labels.get(obj.pk, str(obj))


class MediatorChoices(RowsField):
    """Several mediators, shown with the load."""

    labels: dict[int, str] = {}

    def label_from_instance(self, obj: Any) -> str:
        """Name and load in one line."""
        return self.labels.get(obj.pk, str(obj))


class LoadForm(StepForm):
    """A step that chooses mediators: ``load`` is the table for the page, ``load_fields`` choose from it."""

    load_fields: tuple[str, ...] = ()

    @cached_property
    def load(self) -> list[Candidate]:
        """Every mediator of the committee with open cases, nearest deadline and conflicts."""
        return candidates(self.case, self.today)

    def adapt(self) -> None:
        """Offer the committee's mediators, each with the load."""
        people = User.objects.filter(pk__in=[row.user.pk for row in self.load]).order_by("full_name", "pk")
        for name in self.load_fields:
            field: Any = self.fields[name]
            field.labels = {row.user.pk: row.label for row in self.load}
            field.queryset = people


class AssignForm(LoadForm):
    step_name = "assign"
    load_fields = ("lead", "others")
    layout = (("调解员", ("lead", "others", "chosen", "no_conflict")),)

    lead = MediatorChoice(label="主办调解员", queryset=User.objects.none(), widget=forms.RadioSelect)
    others = MediatorChoices(
        label="协办调解员", queryset=User.objects.none(), required=False, widget=forms.CheckboxSelectMultiple,
        help_text="至多两名，不能与主办相同",
    )  # fmt: skip
    chosen = forms.ChoiceField(label="产生方式", choices=codes.Chosen.choices)
    no_conflict = forms.BooleanField(label=NO_CONFLICT, help_text="人民调解法第23条：当事人可以选择或者接受调解员")

    def facts(self) -> dict[str, Any]:
        """The second mediators as a plain list."""
        facts = super().facts()
        return facts | {"others": list(facts["others"])}


class ReassignForm(LoadForm):
    step_name = "reassign"
    load_fields = ("joining",)
    layout = (
        ("更换原因", ("leaving", "reason", "side", "note")),
        ("接替人", ("joining", "chosen", "no_conflict")),
    )

    leaving = forms.ModelChoiceField(label="被更换的调解员", queryset=User.objects.none())
    reason = forms.ChoiceField(label="更换原因", choices=[EMPTY, *codes.Replacement.choices])
    side = forms.ChoiceField(
        label="提出异议的一方", choices=[("", "（不是异议）"), *codes.Side.choices], required=False,
        help_text="当事人提出异议且未撤回的，应当更换",
    )  # fmt: skip
    note = text_field("具体情况", help_text="缺席情况、异议内容或利害关系")
    joining = MediatorChoice(label="接替人", queryset=User.objects.none(), widget=forms.RadioSelect)
    chosen = forms.ChoiceField(label="产生方式", choices=codes.Chosen.choices)
    no_conflict = forms.BooleanField(label=NO_CONFLICT)

    def adapt(self) -> None:
        """Who sits on the case now may leave it."""
        super().adapt()
        seated = self.case.assignments.filter(until__isnull=True).values("user")
        self.fields["leaving"].queryset = User.objects.filter(pk__in=seated)  # type: ignore[attr-defined]
