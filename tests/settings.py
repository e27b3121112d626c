"""The project's settings with what a test run needs: its own keys, quick passwords, databases and papers of its own.

A process that a test starts gets this module too (fixture ``child_environment``), and so the same keys.
"""

import hashlib
import os
import sys
from pathlib import Path


def _key(purpose: str) -> str:
    return hashlib.sha256(f"test {purpose}".encode()).hexdigest()


os.environ.setdefault("SECRET_KEY", _key("secret"))
os.environ.setdefault("PRIVACY_KEYS", f"t2:{_key('second')},t1:{_key('first')}")
os.environ.setdefault("SEARCH_KEY", _key("search"))
os.environ.setdefault("AUDIT_KEYS", f"t1:{_key('audit')}")
os.environ.setdefault("LOG_LEVEL", "ERROR")

from mediation.settings import *  # noqa: E402, F403
from mediation.settings import DATABASES, LOGGING, STORAGES, VAR  # noqa: E402

RUN = VAR / "test"
PAPER_ROOT = Path(os.environ.get("PAPER_ROOT") or RUN / f"papers-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}")
STORAGES["default"]["OPTIONS"]["location"] = PAPER_ROOT
RUN.mkdir(parents=True, exist_ok=True)

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, not memory: threads and child processes must see the same database as in real life.
    _path = Path(DATABASES["default"]["NAME"])
    _path.parent.mkdir(parents=True, exist_ok=True)
    DATABASES["default"]["TEST"] = {"NAME": str(_path.with_name(f"test_{_path.name}"))}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 0  # a thread that ended must not keep the database from being copied over

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # argon2 is slow on purpose
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
if "pytest" in sys.modules:
    # pytest keeps what is logged; the stream that it captures at this moment is closed when the first test runs.
    LOGGING["handlers"]["line"] = {"class": "logging.NullHandler"}
WHITENOISE_AUTOREFRESH = True  # no scan of every static file at the start of each test
