"""The documents app: plugs issuing into the office of the cases."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "mediation.documents"
    label = "documents"
    verbose_name = "文书"

    def ready(self) -> None:
        """From here on a step's papers are issued, and the case page shows them."""
        from mediation.cases.office import OFFICE
        from mediation.cases.pages import detail, effects, steps
        from mediation.documents import issuing
        from mediation.documents.catalogue import CATALOGUE
        from mediation.documents.pages import documents_of, preview_agreement

        OFFICE.issue_with = issuing.issue
        OFFICE.void_with = issuing.annul
        effects.PAPER_LABELS.update({key: f"《{kind.title}》" for key, kind in CATALOGUE.items()})
        steps.PREVIEWS["draft_agreement"] = ("预览征求意见稿", preview_agreement)
        detail.SECTIONS["documents"] = ("文书", "cases/_documents.html", documents_of)
