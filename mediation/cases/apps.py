"""The cases app: plugs the flow and the office into the engine when Django starts."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "mediation.cases"
    label = "cases"
    verbose_name = "案件"

    def ready(self) -> None:
        """Open the engine for business and register what the table's names mean for cases."""
        from mediation.cases import conditions, forms, steps  # noqa: F401  # registered by being imported
        from mediation.cases.case import DisputeCase
        from mediation.cases.flow import DisputeFlow
        from mediation.cases.office import OFFICE
        from mediation.cases.pages import parts  # noqa: F401
        from mediation.cases.recorded import dispute, running  # noqa: F401
        from workflow import checks, engine, records  # noqa: F401

        engine.open_for_business(DisputeFlow, OFFICE)
        records.register_heads(
            lambda: (
                (f"case-{pk}", version, head)
                for pk, version, head in DisputeCase.objects.values_list("pk", "version", "head").iterator()
            )
        )
