"""Headers in both directions: what a browser is told on every answer, and whose address a request came from."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse


class HeadersMiddleware:
    """Permissions policy on every answer; what an account was shown is not kept by browser or proxy."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def client_address(request: HttpRequest) -> str:
    """The address that the outermost of our own proxies saw.

    Each proxy appends one entry to X-Forwarded-For, so with N proxies of ours the N-th from the right is the last one
    that a client could not have written. With none, the header is not looked at.
    """
    proxies: int = settings.TRUSTED_PROXIES
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    if proxies and len(forwarded) >= proxies:
        return forwarded[-proxies]
    address: str = request.META.get("REMOTE_ADDR", "")
    return address
