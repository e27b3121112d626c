"""For the machines that watch this one: ``/healthz`` says the process answers, ``/readyz`` that it can do its work."""

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mediation.startup import machine_is_complete
from workflow.models import OutboxMessage

DISK_FREE_BYTES = 500 * 1024 * 1024
OUTBOX_LATE = timedelta(minutes=10)
_PROBE = "readyz-probe"


@never_cache
@require_safe
@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@never_cache
@require_safe
@login_not_required
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when every part is ``ok``, else 503; ``outbox`` is reported but takes no server out of service."""
    now = timezone.now()
    parts = {name: _asked(question, now) for name, question in _QUESTIONS.items()}
    ready = all(answer == "ok" for name, answer in parts.items() if name != "outbox")
    return JsonResponse({"ready": ready, "parts": parts}, status=200 if ready else 503)


def _asked(question: Callable[[datetime], str], now: datetime) -> str:
    try:
        return question(now)
    except (DatabaseError, OSError) as error:
        return type(error).__name__


def _database(now: datetime) -> str:
    """A row is really written, and taken back."""
    with transaction.atomic():
        Session.objects.filter(pk=_PROBE).delete()
        Session.objects.create(pk=_PROBE, session_data="", expire_date=now)
        transaction.set_rollback(True)
    return "ok"


def _migrations(now: datetime) -> str:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(missing)} not applied" if missing else "ok"


def _outbox(now: datetime) -> str:
    late = OutboxMessage.objects.filter(done_at=None, gave_up_at=None, available_at__lt=now - OUTBOX_LATE).count()
    return f"{late} late" if late else "ok"


def _disk(now: datetime) -> str:
    place = next(folder for folder in (settings.PAPER_ROOT, *settings.PAPER_ROOT.parents) if folder.exists())
    return "ok" if shutil.disk_usage(place).free >= DISK_FREE_BYTES else "full"


def _machine(now: datetime) -> str:
    serious = [error.id or "" for error in machine_is_complete(None) if error.is_serious()]
    return " ".join(serious) or "ok"


_QUESTIONS: dict[str, Callable[[datetime], str]] = {
    "database": _database,
    "migrations": _migrations,
    "outbox": _outbox,
    "disk": _disk,
    "machine": _machine,
}
