"""The forms of mediators and their meetings; importing a module registers its forms."""

from mediation.hearings.forms import endings, seats, talks

__all__ = ["endings", "seats", "talks"]
