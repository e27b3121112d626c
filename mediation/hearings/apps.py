"""The hearings app."""

from django.apps import AppConfig


class HearingsConfig(AppConfig):
    name = "mediation.hearings"
    label = "hearings"
    verbose_name = "调解会"

    def ready(self) -> None:
        """Register what the table's names mean for mediators and meetings."""
        from mediation.hearings import conditions, forms, parts, recorded, steps  # noqa: F401  # registered by being imported
