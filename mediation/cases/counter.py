"""Case numbers: one counter a year, and no number is given twice."""

from __future__ import annotations

from django.db import models


class CaseCounter(models.Model):
    """The last serial number of a year; locked while a case is registered, never used twice."""

    year = models.PositiveIntegerField("年度", primary_key=True)
    last = models.PositiveIntegerField("末号", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "案号"
        default_permissions = ()

    @classmethod
    def next_number(cls, year: int) -> str:
        """The next case number of a year, inside the registering transaction."""
        cls.objects.get_or_create(year=year)
        counter = cls.objects.select_for_update().get(year=year)
        counter.last += 1
        counter.save(update_fields=["last"])
        return f"{year}-{counter.last:05d}"
