"""``manage.py worker``: does what the outbox holds, and lets time act once a minute. Any number may run."""

import os
import signal
import socket
import threading
import time
from argparse import ArgumentParser
from datetime import timedelta
from types import FrameType
from typing import Any

import structlog
from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django.utils import timezone

from workflow.management.commands.tick import act
from workflow.outbox import Outcome, WorkerLease, run_once

IDLE_SECONDS = 1.0
BROKEN_DATABASE_SECONDS = 3.0
TICK_EVERY = timedelta(minutes=1)
ASK_FOR_TICK_SECONDS = 5.0

log = structlog.get_logger("workflow.worker")


class Command(BaseCommand):
    help = "处理待发事项（文书、通知、回调），每分钟让时间起作用一次。收到 SIGTERM 时办完手头一件再退出。"
    stopping = False
    next_tick = 0.0

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="办完已到时的事项即退出")
        parser.add_argument("--name", default=f"{socket.gethostname()}-{os.getpid()}", help="工作进程的名字")

    def handle(self, *args: Any, once: bool, name: str, **options: Any) -> None:
        name = name[:80]
        previous = self._listen()
        log.info("worker started", worker=name)
        try:
            if once:
                self._drain(name)
            else:
                self._run(name)
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)
            log.info("worker left", worker=name)

    def _listen(self) -> dict[int, Any]:
        """Leave after the message in hand; a thread (in tests) has no signals."""
        if threading.current_thread() is not threading.main_thread():
            return {}
        return {number: signal.signal(number, self._stop) for number in (signal.SIGTERM, signal.SIGINT)}

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _drain(self, name: str) -> None:
        while not self.stopping and self._work(name):
            pass

    def _run(self, name: str) -> None:
        while not self.stopping:
            try:
                close_old_connections()
                self._tick(name)
                pause = 0.0 if self._work(name) else IDLE_SECONDS
            except (DatabaseError, InterfaceError) as failure:
                log.error("database unreachable", worker=name, error=type(failure).__name__)
                connection.close()
                pause = BROKEN_DATABASE_SECONDS
            if not self.stopping:
                time.sleep(pause)

    def _work(self, name: str) -> list[Outcome]:
        """One message: a lease is counted from the moment it is taken."""
        began = time.monotonic()
        outcomes = run_once(name, timezone.now(), clock=timezone.now)
        for outcome in outcomes:
            log.info(
                "message",
                worker=name,
                id=outcome.message_id,
                kind=outcome.kind,
                attempt=outcome.attempt,
                result=outcome.result,
                error=outcome.error,
                ms=round((time.monotonic() - began) * 1000),
            )
        return outcomes

    def _tick(self, name: str) -> None:
        began = time.monotonic()
        if began < self.next_tick:
            return
        self.next_tick = began + ASK_FOR_TICK_SECONDS
        now = timezone.now()
        if not WorkerLease.take("tick", name, now, TICK_EVERY):
            return
        try:
            act(now)
        except (DatabaseError, InterfaceError):
            raise
        except Exception as failure:  # noqa: BLE001 - papers go on being made while time stands still; the log says so
            log.error("tick failed", worker=name, error=type(failure).__name__)
        else:
            log.info("tick", worker=name, ms=round((time.monotonic() - began) * 1000))
