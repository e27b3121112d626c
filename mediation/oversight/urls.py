"""Addresses of the pages of administrator, auditor and director."""

from django.urls import path

from mediation.oversight import pages

app_name = "oversight"
urlpatterns = [
    path("calendar/", pages.calendar, name="calendar"),
    path("calendar/sample/", pages.calendar_sample, name="calendar_sample"),
    path("rules/", pages.rules, name="rules"),
    path("outbox/", pages.outbox, name="outbox"),
    path("outbox/<int:pk>/retry/", pages.try_again, name="retry"),
    path("trail/", pages.trail, name="trail"),
    path("late/", pages.late_entries, name="late"),
]
