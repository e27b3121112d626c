"""The site with threads that dwell where queries get their values, served in place of the real one.

Between two lines of ``workflow/statements.py`` a thread rests for half a millisecond, so that the others come by while it
stands there. Left alone, threads change places every five milliseconds, hardly ever inside those lines.
"""

import threading
import time
from types import FrameType
from typing import Any

from mediation.wsgi import application
from workflow import statements

__all__ = ["application"]

REST_SECONDS = 0.0005


def entered(frame: FrameType, event: str, argument: Any) -> Any:
    return within if frame.f_code.co_filename == statements.__file__ else None


def within(frame: FrameType, event: str, argument: Any) -> Any:
    if event == "line":
        time.sleep(REST_SECONDS)
    return within


threading.settrace(entered)
