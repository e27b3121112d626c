"""Logs as JSON lines that hold no personal value.

Three rules keep them clean. A request is logged by the *name* of its route: anybody may write a name into an address,
and some carry lookup codes. A traceback is logged as its frames and the class of the exception: neither local variables nor the message,
which quotes what was typed, are written. Long runs of digits (phone and identity numbers) are struck out of whatever
a library says.
"""

import logging
import logging.config
import re
import sys
import time
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, Processor, WrappedLogger

_LONG_NUMBER = re.compile(r"\d{7,}[\dXx]?")
_QUIET_PATHS = frozenset({"healthz", "readyz"})
_OWN_FIELDS = frozenset({"timestamp", "reference"})  # made here, whatever their digits look like
_frames = ExceptionDictTransformer(show_locals=False, max_frames=30)


def without_numbers(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Strike out digits that are long enough to be somebody's phone or identity number."""
    for name, value in event.items():
        if isinstance(value, str) and name not in _OWN_FIELDS:
            event[name] = _LONG_NUMBER.sub("[数字]", value)
    return event


def only_frames(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Replace ``exc_info`` by class and frames of each exception in the chain, without message and local variables."""
    exc_info = event.pop("exc_info", None)
    event.pop("exc_text", None)
    if exc_info is True:
        exc_info = sys.exc_info()
    elif isinstance(exc_info, BaseException):
        exc_info = (type(exc_info), exc_info, exc_info.__traceback__)
    if isinstance(exc_info, tuple) and exc_info[0] is not None:
        event["exception"] = [
            {
                "class": link["exc_type"],
                "frames": [f"{frame['filename']}:{frame['lineno']} {frame['name']}" for frame in link["frames"]],
            }
            for link in _frames(exc_info)
        ]
    return event


def logging_settings(*, level: str, readable: bool) -> dict[str, Any]:
    """The ``LOGGING`` setting: JSON lines on standard error; ``readable`` is for a developer's terminal."""
    common: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: list[Processor] = (
        [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
        if readable
        else [only_frames, without_numbers, structlog.processors.JSONRenderer(ensure_ascii=False)]
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": common,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderer],
            }
        },
        "handlers": {"line": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["line"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            # Statements carry their parameters, so they are never logged, whatever the level.
            "django.db.backends": {"level": "WARNING"},
            # One line a request is ours; Django's own quotes the address.
            "django.request": {"handlers": [], "level": "CRITICAL"},
            "django.server": {"handlers": [], "level": "ERROR", "propagate": True},
            "fontTools": {"level": "ERROR"},
            "weasyprint": {"level": "ERROR"},
            "axes": {"level": "WARNING"},
        },
    }


def configure(config: dict[str, Any]) -> None:
    """Named by ``LOGGING_CONFIG``: the standard library's logging first, structlog on top of it."""
    logging.config.dictConfig(config)
    # When a line cannot be written, the standard library prints its arguments and the traceback: both quote what was
    # typed. A lost line is the smaller harm.
    logging.raiseExceptions = False
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.filter_by_level,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


class RequestLogMiddleware:
    """One line a request: reference, method, route, status, time, account. ``request.reference`` is for error pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.log = structlog.get_logger("mediation.request")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        reference = uuid.uuid4().hex[:12]
        request.reference = reference  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(reference=reference)
        began = time.perf_counter()
        try:
            response = self.get_response(request)
            self._line(request, response.status_code, began)
        finally:
            structlog.contextvars.clear_contextvars()
        response["X-Reference"] = reference
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        if not isinstance(exception, REFUSALS):  # an answer, not a failure: its status stands in the request's line
            self.log.error("request failed", route=_route(request), exc_info=exception)

    def _line(self, request: HttpRequest, status: int, began: float) -> None:
        if request.path.strip("/") in _QUIET_PATHS and status == 200:
            return
        user = getattr(request, "user", None)
        level = logging.ERROR if status >= 500 else logging.WARNING if status in DENIED else logging.INFO
        self.log.log(
            level,
            "request",
            method=request.method if request.method in _KNOWN_METHODS else "other",
            route=_route(request),
            status=status,
            ms=round((time.perf_counter() - began) * 1000, 1),
            account=user.pk if user is not None and user.is_authenticated else None,
        )


# What Django turns into a page of its own; 400 by a request nobody can read, 403 and 404 by somebody who may not see it.
REFUSALS = (Http404, PermissionDenied, SuspiciousOperation, MultiPartParserError)
DENIED = frozenset({400, 403, 404})
_KNOWN_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"})


def _route(request: HttpRequest) -> str:
    match = request.resolver_match
    return match.route if match is not None else "unknown"
