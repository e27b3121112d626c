"""The table of instalments inside a step's form: prefixed fields, six rows, empty ones ignored; no script needed."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from mediation.cases.stepform import EMPTY, StepForm, day_field, money_field
from mediation.settlement.models import Payer

ROWS, MOST_ROWS = 6, 60
COLUMNS = ("payer", "amount", "due_on")
INSTALMENTS = tuple(f"instalment_{number}_{column}" for number in range(1, MOST_ROWS + 1) for column in COLUMNS)
_NAME = re.compile(r"instalment_(\d{1,2})_(?:payer|amount|due_on)")


class InstalmentForm(StepForm):
    """A form with ``instalment_1_payer``, ``instalment_1_amount``, ``instalment_1_due_on`` … laid out three to a row.

    A page that adds rows by script goes on with the numbers; what was posted is shown again. The fact is one list
    ``instalments`` of mappings.
    """

    def adapt(self) -> None:
        """As many rows as were typed, and never fewer than six."""
        for number in range(1, self._row_count() + 1):
            fields = {
                "payer": forms.ChoiceField(
                    label=f"第 {number} 期付款方", choices=[EMPTY, *Payer.choices], required=False
                ),
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
        rows = [
            dict(zip(COLUMNS, map(self.cleaned_data.get, self._names(number)), strict=True)) for number in self._rows()
        ]
        facts = super().facts()
        return {name: fact for name, fact in facts.items() if not _NAME.fullmatch(name)} | {"instalments": rows}

    def _rows(self) -> list[int]:
        """The numbers of the rows in which something was typed."""
        typed = [name for name, value in self.cleaned_data.items() if _NAME.fullmatch(name) and value not in (None, "")]
        return sorted({int(name.split("_")[1]) for name in [*typed, *filter(_NAME.fullmatch, self.errors)]})

    def _names(self, number: int) -> list[str]:
        return [f"instalment_{number}_{column}" for column in COLUMNS]

    def _row_count(self) -> int:
        given = [*(self.data or ()), *self.initial]
        numbers = [int(found[1]) for name in given if (found := _NAME.fullmatch(str(name)))]
        return min(max([ROWS, *numbers]), MOST_ROWS)
