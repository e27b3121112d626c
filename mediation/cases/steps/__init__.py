"""What the steps of intake, town and review do to the facts; importing registers them with the engine."""

from mediation.cases.steps import applying, consenting, contacts, corrections, exits, intake, parties, review, town

__all__ = ["applying", "consenting", "contacts", "corrections", "exits", "intake", "parties", "review", "town"]
