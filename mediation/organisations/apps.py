"""The organisations app."""

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "mediation.organisations"
    label = "organisations"
    verbose_name = "机构与人员"

    def ready(self) -> None:
        """Offer the organisations to ``manage.py load_reference``."""
        from mediation.organisations.reference import load_organisations
        from workflow.rulebook import reference_loaders

        if load_organisations not in reference_loaders:
            reference_loaders.append(load_organisations)
