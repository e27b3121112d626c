"""Administration of code labels; every change is on record."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest

from mediation.cases.codelists import CodeLabel
from mediation.organisations.admin import AdministratorsOnly, record


@admin.register(CodeLabel)
class CodeLabelAdmin(AdministratorsOnly):
    """Rename or retire an entry of a code list from a date on."""

    list_display = ("code_list", "code", "label", "retired", "effective_on", "basis", "confidence")
    list_filter = ("code_list", "retired")

    def save_model(self, request: HttpRequest, obj: CodeLabel, form: Any, change: bool) -> None:  # noqa: FBT001
        """Save, and say in the record what was changed."""
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            record(
                request,
                "code_label_changed",
                code_list=obj.code_list,
                code=obj.code,
                effective_on=str(obj.effective_on),
            )
