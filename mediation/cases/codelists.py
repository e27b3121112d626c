"""Code lists as data: an office renames or retires an entry from a date on, with its basis; the codes themselves stay.

``codes`` gives every code and its first label. A ``CodeLabel`` row says how an entry is called from a date on, or that it
is no longer offered. A case shows the label that was in force on the day it was registered.
"""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import TextChoices

from mediation.cases import codes

LISTS: dict[str, type[TextChoices]] = {
    "source": codes.Source, "category": codes.Category, "department": codes.Department, "cause": codes.Cause,
    "harm": codes.Harm, "demands": codes.Demand,
}  # fmt: skip


NAMES = {
    "source": "来源",
    "category": "类别",
    "department": "科室",
    "cause": "案由",
    "harm": "损害后果",
    "demands": "诉求",
}


class CodeLabel(models.Model):
    """From ``effective_on`` on an entry of a list is called this, or is offered no more."""

    class Confidence(models.TextChoices):
        HIGH = "H", "已核原文"
        MEDIUM = "M", "二手来源"
        LOW = "L", "来源单一"
        DESIGN = "DESIGN", "本平台设定"

    code_list = models.CharField("代码表", max_length=16, choices=list(NAMES.items()))
    code = models.CharField("代码", max_length=32)
    label = models.CharField("名称", max_length=60)
    retired = models.BooleanField("停用", default=False)
    effective_on = models.DateField("生效日期")
    basis = models.CharField("依据", max_length=160, blank=True)
    confidence = models.CharField("可靠程度", max_length=8, choices=Confidence, default=Confidence.DESIGN)

    class Meta:
        verbose_name = verbose_name_plural = "代码表名称"
        default_permissions = ()
        ordering = ["code_list", "code", "effective_on"]
        constraints = [models.UniqueConstraint(fields=["code_list", "code", "effective_on"], name="one_label_a_day")]

    def __str__(self) -> str:
        return f"{self.code_list}.{self.code} {self.label}"


class Labels:
    """Every label as it stood on a day, read at once; a retired entry keeps its last name."""

    def __init__(self, on: date) -> None:
        rows = CodeLabel.objects.filter(effective_on__lte=on)
        self._changed = {(row.code_list, row.code): row for row in rows}

    def __call__(self, name: str, code: str) -> str:
        """How an entry was called; a dash for none, an unknown code as it is."""
        if not code:
            return "—"
        changed = self._changed.get((name, code))
        return changed.label if changed else dict(LISTS[name].choices).get(code, code)

    def offered(self, name: str) -> list[tuple[str, str]]:
        """The entries of a list that a form offers, in its order, without the retired ones."""
        retired = {code for (of, code), row in self._changed.items() if of == name and row.retired}
        return [(code, self(name, code)) for code in LISTS[name].values if code not in retired]
