"""Commands of the workflow, and what two of them share."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import CommandError


def account(username: str) -> Any:
    """The account that answers for what is loaded; raises CommandError when there is none."""
    accounts = get_user_model()._default_manager
    user = accounts.filter(**{get_user_model().USERNAME_FIELD: username}).first()
    if user is None:
        raise CommandError(f"没有用户 {username}")
    return user
