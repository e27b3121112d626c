"""The cases' own rows that may be corrected; importing adds them to the list."""

from mediation.cases.recorded import dispute, running

__all__ = ["dispute", "running"]
