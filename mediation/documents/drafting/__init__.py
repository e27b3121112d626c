"""From a step to what its papers say: one function a kind, answering one context for every addressee."""

from mediation.documents.drafting import agreements, dossier, endings, records, review, town  # noqa: F401  # registered by import
from mediation.documents.drafting.addressing import DRAFTERS, Draft

__all__ = ["DRAFTERS", "Draft"]
