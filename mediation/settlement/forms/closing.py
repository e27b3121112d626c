"""Forms of the dossier checklist and of closing."""

from __future__ import annotations

from typing import Any

from django import forms

from mediation.cases import codes
from mediation.cases.stepform import StepForm
from mediation.settlement.dossier import ITEMS, Line, checklist
from mediation.settlement.models import DossierItem
from mediation.settlement.retention import propose_retention
from mediation.settlement.steps.closing import Check

PARTS = ("standing", "pages", "reason")


class SubmitDossierForm(StepForm):
    """The thirteen items, each with what the system recognised by itself; three fields to a row."""

    step_name = "submit_dossier"
    layout = tuple((f"{item.number} {item.title}", tuple(f"{item.key}_{part}" for part in PARTS)) for item in ITEMS)

    def prefill(self) -> dict[str, Any]:
        """What was said at an earlier submission, else what was recognised."""
        values: dict[str, Any] = {}
        for line in checklist(self.case):
            if line.declared is not None:
                values |= {f"{line.item.key}_{part}": getattr(line.declared, part) for part in PARTS}
            elif line.found:
                values[f"{line.item.key}_standing"] = DossierItem.Standing.PRESENT
        return values

    def adapt(self) -> None:
        """Three fields an item; the first says whether it is demanded and what was recognised."""
        for line in checklist(self.case):
            for part, field in _fields(line).items():
                field.widget.attrs |= {"data-span": "third", "data-row": str(line.item.number), "data-column": part}
                self.fields[f"{line.item.key}_{part}"] = field

    def facts(self) -> dict[str, Any]:
        """One fact ``items``: key → standing, pages, reason."""
        typed = {item.key: {part: self.cleaned_data[f"{item.key}_{part}"] for part in PARTS} for item in ITEMS}
        own = {f"{item.key}_{part}" for item in ITEMS for part in PARTS}
        facts = {name: fact for name, fact in super().facts().items() if name not in own}
        return facts | {"items": {key: said for key, said in typed.items() if said["standing"]}}


class CloseForm(StepForm):
    step_name = "close"
    layout = (("结案", ("retention", "retention_reason", "checks")),)

    retention = forms.ChoiceField(label="保管期限", choices=codes.Retention.choices)
    retention_reason = forms.CharField(label="短于建议期限的理由", max_length=200, required=False)
    checks = forms.MultipleChoiceField(
        label="三查", choices=Check.choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text="如实勾选，未做到的不勾，不影响结案",
    )  # fmt: skip

    def prefill(self) -> dict[str, Any]:
        """The period that the harm, the agreement and the appraisal suggest."""
        return {"retention": propose_retention(self.case, self.today)}

    def adapt(self) -> None:
        """Say what is proposed."""
        proposed = propose_retention(self.case, self.today)
        self.fields[
            "retention"
        ].help_text = f"系统建议：{proposed.label}（死亡、重大、未成年人永久性损害为永久；有协议或鉴定为30年）"


def _fields(line: Line) -> dict[str, forms.Field]:
    choices = [("", "请选择" if line.must else "—"), *DossierItem.Standing.choices]
    recognised = f"系统已识别：{line.found}" if line.found else "系统没有识别到"
    demanded = "必备" if line.must else "有则归入"
    return {
        "standing": forms.ChoiceField(
            label="情况", choices=choices, required=False, help_text=f"{demanded}；{recognised}"
        ),
        "pages": forms.CharField(label="页号", max_length=16, required=False),
        "reason": forms.CharField(label="缺少的原因", max_length=500, required=False),
    }
