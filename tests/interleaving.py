"""Threads that take turns after every instruction of our own code: what they share shows, every time and without luck.

A fault that needs one thread to be stopped between two lines of another is met by chance only, and rarely. Here it is
arranged: the threads run one at a time, and each hands over after every instruction (or line) in ``workflow`` or
``mediation``; what libraries do in between runs through. A thread that waits for a lock of the database is not waited
for.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any

from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
OURS = (f"{ROOT}/workflow/", f"{ROOT}/mediation/")
PATIENCE_SECONDS = 0.2
LONGEST_SECONDS = 240

Play = Callable[[], Any]


class Turns:
    """Whose turn it is. In order round about, or drawn by lot where there is a ``lot``."""

    def __init__(self, threads: int, lot: Random | None) -> None:
        self._lot = lot
        self._changed = threading.Condition()
        self._playing = list(range(threads))
        self._held: set[int] = set()
        self._whose = 0
        self.handed_over = 0

    def hand_over(self, me: int) -> None:
        """Let another thread go on, and wait until it is my turn again."""
        with self._changed:
            self._held.discard(me)
            self._whose = self._next(me)
            self.handed_over += self._whose != me
            self._changed.notify_all()
            while not self._changed.wait_for(lambda: self._whose == me, PATIENCE_SECONDS):
                self._held.add(self._whose)  # it waits for something that another has: its turn is passed over
                self._whose = self._next(me)

    def leave(self, me: int) -> None:
        """Take no more turns."""
        with self._changed:
            self._held.discard(me)
            self._whose = self._next(me)
            self._playing.remove(me)
            self._changed.notify_all()

    def _next(self, me: int) -> int:
        free = [one for one in self._playing if one == me or one not in self._held]
        if self._lot:
            return self._lot.choice(free)
        return free[(free.index(me) + 1) % len(free)]


def in_turns(*plays: Play, lot: Random | None = None, by_line: bool = False) -> list[Any]:
    """What each play answers when all are played at once, taking turns; an exception of one of them is raised here.

    ``by_line`` hands over after every line instead of every instruction: for long plays, such as a page.
    """
    turns = Turns(len(plays), lot)
    together = threading.Barrier(len(plays))
    answers: list[Any] = [None] * len(plays)
    failures: list[BaseException] = []

    def run(place: int, play: Play) -> None:
        try:
            connection.ensure_connection()
            together.wait(60)
            sys.settrace(_tracer(turns, place, by_line=by_line))
            try:
                answers[place] = play()
            finally:
                sys.settrace(None)
        except BaseException as failure:  # noqa: BLE001 - raised in the thread of the test
            failures.append(failure)
        finally:
            turns.leave(place)
            connection.close()

    threads = [threading.Thread(target=run, args=(place, play), daemon=True) for place, play in enumerate(plays)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONGEST_SECONDS)
    assert not any(thread.is_alive() for thread in threads), "a thread still waits for something"
    if failures:
        raise failures[0]
    assert turns.handed_over > len(plays), "the threads ran one after another"
    return answers


def _tracer(turns: Turns, place: int, *, by_line: bool) -> Callable[..., Any]:
    moment = "line" if by_line else "opcode"

    def within(frame: FrameType, event: str, argument: Any) -> Any:
        if event == moment:
            turns.hand_over(place)
        return within

    def entered(frame: FrameType, event: str, argument: Any) -> Any:
        if not frame.f_code.co_filename.startswith(OURS):
            return None
        frame.f_trace_opcodes = not by_line
        frame.f_trace_lines = by_line
        return within

    return entered
