"""The expertise app."""

from django.apps import AppConfig


class ExpertiseConfig(AppConfig):
    name = "mediation.expertise"
    label = "expertise"
    verbose_name = "鉴定与咨询"

    def ready(self) -> None:
        """Register what the table's names mean for appraisals."""
        from mediation.expertise import forms, parts, recorded, steps  # noqa: F401  # registered by being imported
