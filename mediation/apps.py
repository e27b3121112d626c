"""The project's own app: start-up checks that belong to no single subject."""

from django.apps import AppConfig


class MediationConfig(AppConfig):
    name = "mediation"
    label = "mediation"
    verbose_name = "医疗纠纷调解"

    def ready(self) -> None:
        from mediation import startup  # noqa: F401  registers the checks
