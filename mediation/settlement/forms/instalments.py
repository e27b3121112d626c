"""The table of instalments inside a step's form: prefixed fields, six rows, empty ones ignored; no script needed."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from mediation.cases.case import DisputeCase
from mediation.cases.facts import kept_hospitals
from mediation.cases.stepform import EMPTY, StepForm, day_field, money_field
from mediation.organisations.models import Organisation
from mediation.settlement.models import Instalment, Payer

ROWS, MOST_ROWS = 6, 60
COLUMNS = ("payer", "amount", "due_on")
INSTALMENTS = tuple(f"instalment_{number}_{column}" for number in range(1, MOST_ROWS + 1) for column in COLUMNS)
OF_SEVERAL = {
    Payer.HOSPITAL: "{}支付", Payer.INSURER: "{}的承保保险公司支付", Payer.HUMANITARIAN: "{}给予的人道补助",
}  # fmt: skip
_NAME = re.compile(r"instalment_(\d{1,2})_(?:payer|amount|due_on)")


class InstalmentForm(StepForm):
    """A form with ``instalment_1_payer``, ``instalment_1_amount``, ``instalment_1_due_on`` … laid out three to a row.

    A page that adds rows by script goes on with the numbers; what was posted is shown again. The fact is one list
    ``instalments`` of mappings. Where the case has several hospitals, the payer is chosen with the hospital.
    """

    def adapt(self) -> None:
        """As many rows as were typed, and never fewer than six."""
        payers = [EMPTY, *_payers(kept_hospitals(self.case))]
        for number in range(1, self._row_count() + 1):
            fields = {
                "payer": forms.ChoiceField(label=f"第 {number} 期付款方", choices=payers, required=False),
                "amount": money_field(f"第 {number} 期金额（元）", required=False),
                "due_on": day_field(f"第 {number} 期应付日期", required=False),
            }
            for column, field in fields.items():
                field.widget.attrs |= {"data-span": "third", "data-row": str(number), "data-column": column}
                self.fields[f"instalment_{number}_{column}"] = field

    def clean(self) -> dict[str, Any] | None:
        """A row is whole or empty."""
        cleaned = super().clean()
        for number in self._rows():
            for name in self._names(number):
                if name not in self.errors and self.cleaned_data.get(name) in (None, ""):
                    self.add_error(name, "这一期的付款方、金额和应付日期须填写完整")
        return cleaned

    def facts(self) -> dict[str, Any]:
        """The rows that were filled in, as one fact."""
        typed = [dict(zip(COLUMNS, map(self.cleaned_data.get, self._names(row)), strict=True)) for row in self._rows()]
        rows = [row | self._payer(str(row["payer"])) for row in typed]
        facts = super().facts()
        return {name: fact for name, fact in facts.items() if not _NAME.fullmatch(name)} | {"instalments": rows}

    def _rows(self) -> list[int]:
        """The numbers of the rows in which something was typed."""
        typed = [name for name, value in self.cleaned_data.items() if _NAME.fullmatch(name) and value not in (None, "")]
        return sorted({int(name.split("_")[1]) for name in [*typed, *filter(_NAME.fullmatch, self.errors)]})

    def _payer(self, value: str) -> dict[str, Any]:
        """``insurer-7`` is the insurer of the hospital with this key."""
        payer, _, hospital = value.partition("-")
        return {"payer": payer, "hospital": next((h for h in kept_hospitals(self.case) if str(h.pk) == hospital), None)}

    def _names(self, number: int) -> list[str]:
        return [f"instalment_{number}_{column}" for column in COLUMNS]

    def _row_count(self) -> int:
        given = [*(self.data or ()), *self.initial]
        numbers = [int(found[1]) for name in given if (found := _NAME.fullmatch(str(name)))]
        return min(max([ROWS, *numbers]), MOST_ROWS)


def payer_value(case: DisputeCase, row: Instalment) -> str:
    """A stored row's payer as the form's choice has it."""
    return f"{row.payer}-{row.hospital_id}" if len(kept_hospitals(case)) > 1 else row.payer


def _payers(hospitals: list[Organisation]) -> list[tuple[str, str]]:
    if len(hospitals) < 2:
        return [(value, str(label)) for value, label in Payer.choices]
    return [(f"{payer}-{h.pk}", words.format(h.name)) for h in hospitals for payer, words in OF_SEVERAL.items()]
