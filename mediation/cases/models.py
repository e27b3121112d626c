"""The rows of a dispute, gathered here because Django looks for models in this module."""

from mediation.cases.case import CaseHospital, CaseMediator, CaseTask, DisputeCase
from mediation.cases.codelists import CodeLabel
from mediation.cases.counter import CaseCounter
from mediation.cases.parties import Application, Consent, Party, RouteStatus
from mediation.cases.record import Contact, Draft, Notice, NoticeReading, Paper, PaperRequest, Service, StepFacts

__all__ = [
    "Application",
    "CaseCounter",
    "CaseHospital",
    "CaseMediator",
    "CaseTask",
    "CodeLabel",
    "Consent",
    "Contact",
    "DisputeCase",
    "Draft",
    "Notice",
    "NoticeReading",
    "Paper",
    "PaperRequest",
    "Party",
    "RouteStatus",
    "Service",
    "StepFacts",
]
