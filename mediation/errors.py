"""Error pages in Chinese: what happened, what to do, and a number to quote. They say nothing about what exists."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def _page(request: HttpRequest, template: str, status: int, **context: Any) -> HttpResponse:
    return render(request, template, {"reference": reference(request), **context}, status=status)


def reference(request: HttpRequest) -> str:
    """The number that stands on the page and in the log."""
    return getattr(request, "reference", "")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request could not be read."""
    return _page(request, "400.html", 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: signed in, but not allowed to do this; also a form whose security token has expired."""
    return _page(request, "403.html", 403, sentence="您没有办理这一事项的权限")


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that was open too long or came from elsewhere."""
    return _page(
        request, "403.html", 403, sentence="页面打开以后登录状态有变化，或请求来自别处，本次没有提交",
        advice="请返回上一页，刷新后重新提交；填写中自动保存的草稿会随页面一起恢复。",
    )  # fmt: skip


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: absent, or not this person's to see; the same page for both."""
    return _page(request, "404.html", 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault; nothing was saved."""
    # Without the request: the frame's own queries must not fail once more.
    return HttpResponse(render_to_string("500.html", {"reference": reference(request)}), status=500)
