"""Sessions end: after 30 idle minutes, after 12 hours in any case; a heartbeat is nobody at work."""

from datetime import datetime, timedelta

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from django.utils import timezone

from mediation import sessions


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(sessions.clock(request)["session_seconds_left"]))


def login(request: HttpRequest) -> HttpResponse:
    return HttpResponse("login")


urlpatterns = [
    path("page/", page),
    path("session/", sessions.session_clock, name="session"),
    path("accounts/login/", login, name="login"),
    path("", include([])),
]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch):
    """The time of day as the session code sees it; call with a timedelta to let time pass."""
    now = [timezone.now()]

    def passes(span: timedelta) -> datetime:
        now[0] += span
        return now[0]

    monkeypatch.setattr(sessions.timezone, "now", lambda: now[0])
    return passes


@pytest.fixture
def signed_in(clock, django_user_model) -> Client:
    client = Client()
    client.force_login(
        django_user_model.objects.create(username="clerk"), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


def test_thirty_idle_minutes_end_a_session(signed_in, clock) -> None:
    assert signed_in.get("/page/").status_code == 200
    clock(timedelta(minutes=30))
    assert signed_in.get("/page/").status_code == 302
    assert signed_in.get("/page/").status_code == 302


def test_work_pushes_the_idle_end_away(signed_in, clock) -> None:
    for _ in range(4):
        clock(timedelta(minutes=25))
        assert signed_in.get("/page/").status_code == 200


def test_twelve_hours_end_a_session_that_was_never_idle(signed_in, clock) -> None:
    for _ in range(28):
        clock(timedelta(minutes=25))
        assert signed_in.get("/page/").status_code == 200
    clock(timedelta(minutes=20))
    assert signed_in.get("/page/").status_code == 302


def test_a_heartbeat_is_not_counted_as_work(signed_in, clock) -> None:
    signed_in.get("/page/")
    for _ in range(5):
        clock(timedelta(minutes=5))
        assert signed_in.get("/session/").json()["seconds_left"] > 0
    clock(timedelta(minutes=5))
    assert signed_in.get("/session/").status_code == 302


def test_to_go_on_begins_the_idle_time_anew(signed_in, clock) -> None:
    signed_in.get("/page/")
    clock(timedelta(minutes=29))
    assert signed_in.get("/session/").json() == {"seconds_left": 60}
    assert signed_in.post("/session/").json() == {"seconds_left": 1800}
    clock(timedelta(minutes=29))
    assert signed_in.get("/page/").status_code == 200


def test_reading_pages_writes_the_session_at_most_once_a_minute(signed_in, clock, django_assert_num_queries) -> None:
    clock(timedelta(minutes=2))
    signed_in.get("/page/")
    clock(timedelta(seconds=30))
    with django_assert_num_queries(2):  # session and account
        signed_in.get("/page/")


def test_what_an_account_was_shown_is_not_kept_by_the_browser(signed_in) -> None:
    assert signed_in.get("/page/")["Cache-Control"] == "no-store"
