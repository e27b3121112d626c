"""Settings: everything that differs between places comes from the environment (see ``mediation.environment``).

Two things are left out on purpose. ``ATOMIC_REQUESTS``: on SQLite every atomic block takes the write lock, so a page
that only reads would wait for a writer. Celery and caches: the outbox table does the work of both.
"""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF
from django.contrib.messages import constants as message_levels

from mediation.environment import Environment
from mediation.logging import logging_settings

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("VAR_ROOT") or BASE_DIR / "var")
env = Environment(os.environ, VAR)
PRODUCTION = env.production

# --- keys -----------------------------------------------------------------------------------------------------------
SECRET_KEY = env.secret("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.listed("SECRET_KEY_FALLBACKS", "")
PRIVACY_KEYS: dict[str, bytes] = env.keyring("PRIVACY_KEYS")  # the first seals, all of them open
SEARCH_KEY: bytes = env.key("SEARCH_KEY")
AUDIT_KEYS: dict[str, bytes] = env.keyring("AUDIT_KEYS")  # the first signs anchors, all of them verify

# --- the place ------------------------------------------------------------------------------------------------------
DEBUG = env.flag("DEBUG", default=False)
ALLOWED_HOSTS = env.listed("ALLOWED_HOSTS", None if PRODUCTION else "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = env.listed("CSRF_TRUSTED_ORIGINS", "")
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", 0)  # how many proxies of ours add to X-Forwarded-For
ROOT_URLCONF = "mediation.urls"
WSGI_APPLICATION = "mediation.wsgi.application"
PAPER_ROOT = Path(env.text("PAPER_ROOT", str(VAR / "papers")))  # issued papers and uploads: 0700, never under STATIC
PUBLIC_ADDRESS = env.text("PUBLIC_ADDRESS", "http://127.0.0.1:8000")

INSTALLED_APPS = [
    "mediation",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "guardian",
    "axes",
    "csp",
    "django_htmx",
    "workflow",
    "mediation.privacy",
    "mediation.organisations",
    "mediation.cases",
    "mediation.hotline",
    "mediation.hearings",
    "mediation.expertise",
    "mediation.settlement",
    "mediation.documents",
    "mediation.oversight",
    "mediation.portal",
    # Last: viewflow ships error pages and a login page of its own, ours must be found first.
    "viewflow",
    "viewflow.workflow",
]
VIEWFLOW = {"AUTOREGISTER": False}

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "mediation.logging.RequestLogMiddleware",
    "mediation.headers.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "mediation.sessions.SessionLifetimeMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "mediation.sessions.clock",
                "mediation.cases.pages.shell.shell",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

# --- databases ------------------------------------------------------------------------------------------------------
DATABASES: dict[str, Any] = {
    "default": dj_database_url.parse(env.required("DATABASE_URL", f"sqlite:///{VAR / 'demo.sqlite3'}"))
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # IMMEDIATE: a transaction that reads and then writes waits its turn instead of failing half-way.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # FULL: what was acknowledged survives a power cut.
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.number("CONN_MAX_AGE", 60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    _limits = {
        "statement_timeout": env.number("STATEMENT_TIMEOUT_MS", 15_000),
        "lock_timeout": env.number("LOCK_TIMEOUT_MS", 3_000),
        "idle_in_transaction_session_timeout": env.number("IDLE_IN_TRANSACTION_TIMEOUT_MS", 30_000),
    }
    # Prepared: a statement asked for the third time on a connection is not parsed and planned again (docs/performance.md).
    DATABASES["default"].setdefault("OPTIONS", {}).update(server_side_binding=True, prepare_threshold=3)
    DATABASES["default"]["OPTIONS"]["options"] = " ".join(f"-c {k}={v}" for k, v in _limits.items())
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- people ---------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "organisations.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # first: a locked account is refused before a password is looked at
    "django.contrib.auth.backends.ModelBackend",
    "guardian.backends.ObjectPermissionBackend",
]
ANONYMOUS_USER_NAME = None  # guardian: nobody is nobody
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
CSRF_FAILURE_VIEW = "mediation.errors.csrf_failed"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "login"

# Five wrong passwords lock the account for this address for a quarter of an hour. Neither an address alone, behind which a
# whole town hall may work, nor an account alone, which any stranger could then lock.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "registration/locked.html"
AXES_HTTP_RESPONSE_CODE = 429
AXES_HANDLER = "axes.handlers.database.AxesDatabaseHandler"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # else a stranger could keep a colleague out for ever
AXES_USERNAME_CALLABLE = "mediation.organisations.signing_in.name_to_keep"
AXES_CLIENT_IP_CALLABLE = "mediation.headers.client_address"
AXES_VERBOSE = False

# --- sessions: end after 30 idle minutes and after 12 hours in any case (mediation.sessions) -------------------------
SESSION_COOKIE_AGE = 30 * 60
SESSION_ABSOLUTE_AGE = timedelta(hours=12)
SESSION_WARNING = timedelta(minutes=2)
SESSION_EXPIRE_AT_BROWSER_CLOSE = False
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
MESSAGE_TAGS = {message_levels.ERROR: "danger", message_levels.DEBUG: "secondary"}

# --- what a browser is told -----------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],  # data: for the arrows inside Bootstrap's own stylesheet
        "style-src": [SELF],
        "script-src": [SELF],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
    }
}
PERMISSIONS_POLICY = "camera=(self), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if PRODUCTION:
    SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked from inside, without TLS
    SECURE_HSTS_SECONDS = env.number("HSTS_SECONDS", 31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    if TRUSTED_PROXIES:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- input ----------------------------------------------------------------------------------------------------------
UPLOAD_MAX_BYTES = 200 * 1024 * 1024  # one file: a scanned dossier
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024  # a form without its files
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000  # the preview of an imported workbook is the largest form
DATA_UPLOAD_MAX_NUMBER_FILES = 50
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024  # larger ones go to disk at once
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

# --- static files ---------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "mediation.staticfiles.AppFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": PAPER_ROOT}},
    "staticfiles": {"BACKEND": "mediation.staticfiles.ManifestStorage"},
}
WHITENOISE_USE_FINDERS = not PRODUCTION  # a demonstration works before collectstatic was run

# --- language and time ----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文")]
FORMAT_MODULE_PATH = ["mediation.formats"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# --- papers and worker ----------------------------------------------------------------------------------------------
DOCUMENT_FONTS = ("Noto Serif CJK SC", "Noto Sans CJK SC")  # refused at start-up when missing
OUTBOX_MAX_ATTEMPTS = 8
OUTBOX_BACKOFF = timedelta(seconds=30)
OUTBOX_BACKOFF_FACTOR = 4
OUTBOX_BACKOFF_CAP = timedelta(hours=1)
OUTBOX_LEASE = timedelta(seconds=60)  # a paper takes less than a second, its process is ended after twenty
AUDIT_ANCHOR_HOURS = 24

LOGGING_CONFIG = "mediation.logging.configure"
LOGGING = logging_settings(level=env.text("LOG_LEVEL", "INFO"), readable=DEBUG)
