"""The request of somebody who is signed in: every page of ours but the login stands behind that."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from mediation.organisations.models import User


class SignedIn(HttpRequest):
    """For annotations: ``user`` is one of our people, and django-htmx has added ``htmx``."""

    user: User
    htmx: Any
