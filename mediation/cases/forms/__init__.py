"""The forms of intake, town and review; importing them makes them known by the name of their step."""

from mediation.cases.forms import applying, contacts, corrections, intake, parties, review, town
from mediation.cases.forms.registration import RegistrationForm

__all__ = ["RegistrationForm", "applying", "contacts", "corrections", "intake", "parties", "review", "town"]
