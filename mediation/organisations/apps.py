"""The organisations app."""

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "mediation.organisations"
    label = "organisations"
    verbose_name = "机构与人员"

    def ready(self) -> None:
        """Offer the organisations to ``manage.py load_reference``; begin to record who signs in."""
        from mediation.organisations import signing_in  # noqa: F401 — its receivers
        from mediation.organisations.reference import load_organisations
        from workflow.rulebook import reference_loaders

        if load_organisations not in reference_loaders:
            reference_loaders.append(load_organisations)
