"""Who knocks at the login page, as it is written down: attempts as axes keeps them, and who came in on record."""

from typing import Any

from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from mediation.organisations.models import User
from mediation.privacy.searchkeys import search_key
from workflow.records import record_system


def name_to_keep(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str | None:
    """The account that was typed, for the record of failed attempts; of anything else only its keyed hash.

    Into that field people also type their own name, a telephone number or the password itself.
    """
    typed = (credentials or (request.POST if request else {})).get("username") or ""
    return typed if User.objects.filter(username=typed).exists() else search_key("name", typed)


@receiver(user_logged_in)
def _came_in(user: User, **_: Any) -> None:
    record_system("signed_in", actor_id=user.pk, now=timezone.now())


@receiver(user_logged_out)
def _went(user: User | None, **_: Any) -> None:
    if user is not None:
        record_system("signed_out", actor_id=user.pk, now=timezone.now())


@receiver(user_locked_out)
def _was_locked_out(request: HttpRequest, username: str | None, **_: Any) -> None:
    if not getattr(request, "axes_failures_since_start", None):
        return  # knocks at a door that is locked already
    account = User.objects.filter(username=username or "").values_list("pk", flat=True).first()
    record_system("locked_out", actor_id=None, data={"account": account} if account else {}, now=timezone.now())
