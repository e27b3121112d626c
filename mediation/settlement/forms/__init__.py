"""The forms of agreements, performance and closing; importing a module registers its forms."""

from mediation.settlement.forms import agreements, closing, local, performance, term

__all__ = ["agreements", "closing", "local", "performance", "term"]
