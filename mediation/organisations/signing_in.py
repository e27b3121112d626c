"""Who knocks at the login page, as it is written down."""

from typing import Any

from django.http import HttpRequest

from mediation.organisations.models import User
from mediation.privacy.searchkeys import search_key


def name_to_keep(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str | None:
    """The account that was typed, for the record of failed attempts; of anything else only its keyed hash.

    Into that field people also type their own name, a telephone number or the password itself.
    """
    typed = (credentials or (request.POST if request else {})).get("username") or ""
    return typed if User.objects.filter(username=typed).exists() else search_key("name", typed)
