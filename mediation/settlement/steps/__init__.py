"""The steps of agreements, performance and closing; importing a module registers its effects."""

from mediation.settlement.steps import agreements, closing, local, performance, supplement, term

__all__ = ["agreements", "closing", "local", "performance", "supplement", "term"]
