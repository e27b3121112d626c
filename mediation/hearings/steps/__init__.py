"""The steps of mediators and their meetings; importing a module registers its effects."""

from mediation.hearings.steps import endings, seats, talks

__all__ = ["endings", "seats", "talks"]
