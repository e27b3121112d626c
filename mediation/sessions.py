"""How long a person stays signed in: 30 idle minutes, 12 hours in any case, and how much is left.

The sliding end is written at most once a minute: a page that only reads should not cost a write each time. A view
marked ``uncounted`` (the heartbeat of the warning) does not push the end away.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

SIGNED_IN, SEEN = "signed_in_at", "seen_at"
TOUCH_EVERY = timedelta(minutes=1)

View = TypeVar("View", bound=Callable[..., HttpResponse])


def uncounted(view: View) -> View:
    """Mark a view that a script calls by itself: it is no sign that a person is there."""
    view.uncounted = True  # type: ignore[attr-defined]
    return view


@receiver(user_logged_in)
def remember_sign_in(request: HttpRequest | None, **kwargs: Any) -> None:
    if request is not None and hasattr(request, "session"):
        now = timezone.now().isoformat()
        request.session[SIGNED_IN] = request.session[SEEN] = now


class SessionLifetimeMiddleware:
    """Ends a session that is too old and moves the idle end when a person did something."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any) -> None:
        if not request.user.is_authenticated:
            return
        now = timezone.now()
        if left_at(request, now) <= timedelta(0):
            logout(request)
            messages.warning(request, "登录已超过时限，请重新登录。")
        elif not _is_uncounted(request, view):
            touch(request, now)


def left_at(request: HttpRequest, now: datetime) -> timedelta:
    """Time until this session ends if nothing more is done; zero or less when it has ended."""
    idle = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    absolute: timedelta = settings.SESSION_ABSOLUTE_AGE
    return min(_mark(request, SEEN, now) + idle, _mark(request, SIGNED_IN, now) + absolute) - now


def touch(request: HttpRequest, now: datetime) -> None:
    if SEEN not in request.session or now - _mark(request, SEEN, now) >= TOUCH_EVERY:
        request.session.setdefault(SIGNED_IN, now.isoformat())
        request.session[SEEN] = now.isoformat()


def clock(request: HttpRequest) -> dict[str, int]:
    """Context processor: whole seconds until the session ends, and how long before it a warning is due."""
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return {}
    return {
        "session_seconds_left": max(0, int(left_at(request, timezone.now()).total_seconds())),
        "session_warning_seconds": int(settings.SESSION_WARNING.total_seconds()),
    }


@never_cache
@require_http_methods(["GET", "POST"])
@uncounted
def session_clock(request: HttpRequest) -> JsonResponse:
    """GET asks how many seconds are left and is not counted; POST is 继续: the idle time begins anew."""
    now = timezone.now()
    if request.method == "POST":
        request.session[SEEN] = now.isoformat()
    return JsonResponse({"seconds_left": max(0, int(left_at(request, now).total_seconds()))})


def _mark(request: HttpRequest, name: str, default: datetime) -> datetime:
    value = request.session.get(name)
    return datetime.fromisoformat(value) if value else default


def _is_uncounted(request: HttpRequest, view: Callable[..., HttpResponse]) -> bool:
    return bool(getattr(view, "uncounted", False))
