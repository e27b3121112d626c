"""The settlement app."""

from django.apps import AppConfig


class SettlementConfig(AppConfig):
    name = "mediation.settlement"
    label = "settlement"
    verbose_name = "协议与结案"

    def ready(self) -> None:
        """Register what the table's names mean for agreements, and tell the office what is to be performed next."""
        from mediation.cases.office import OFFICE
        from mediation.settlement import conditions, forms, parts, recorded, steps  # noqa: F401  # registered by being imported
        from mediation.settlement.models import next_obligation_on

        OFFICE.next_obligation = next_obligation_on
