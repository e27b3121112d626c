"""Five wrong passwords lock for a quarter of an hour, and the right one does not help."""

from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.views import LoginView
from django.db.models import F
from django.test import Client
from django.urls import path

urlpatterns = [path("login/", LoginView.as_view(next_page="/login/"), name="login")]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]

RIGHT, WRONG = "correct-horse-42", "wrong"


@pytest.fixture(autouse=True)
def clerks(settings: Any, django_user_model: Any) -> None:
    pages = {"registration/login.html": "sign in", "registration/locked.html": "locked"}
    settings.TEMPLATES = [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {"loaders": [("django.template.loaders.locmem.Loader", pages)]},
        }
    ]
    for name in ("clerk", "colleague"):
        django_user_model.objects.create_user(username=name, password=RIGHT)


def sign_in(name: str, password: str, address: str = "10.0.0.1") -> Any:
    return Client(REMOTE_ADDR=address).post("/login/", {"username": name, "password": password})


def fail(times: int, name: str = "clerk") -> None:
    for _ in range(times):
        sign_in(name, WRONG)


def test_four_wrong_passwords_are_forgiven() -> None:
    fail(4)
    assert sign_in("clerk", RIGHT).status_code == 302


def test_after_five_the_right_password_is_refused_and_the_page_says_locked() -> None:
    fail(5)
    answer = sign_in("clerk", RIGHT)
    assert answer.status_code == 429
    assert answer.content == b"locked"


def test_a_colleague_behind_the_same_address_is_not_locked_out() -> None:
    fail(5)
    assert sign_in("colleague", RIGHT).status_code == 302


def test_another_address_is_not_locked_out_by_a_stranger() -> None:
    fail(5)
    assert sign_in("clerk", RIGHT, address="10.0.0.2").status_code == 302


def test_an_unknown_account_is_answered_like_a_known_one() -> None:
    known, unknown = sign_in("clerk", WRONG), sign_in("nobody", WRONG, address="10.0.0.2")
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)


def test_what_is_typed_in_place_of_an_account_is_not_kept() -> None:
    fail(5, "欧阳示例")
    assert sign_in("欧阳示例", WRONG).status_code == 429
    kept = AccessAttempt.objects.get()
    assert "欧阳" not in f"{kept.username}{kept.post_data}{kept.get_data}"

    sign_in("clerk", WRONG, address="10.0.0.2")
    assert AccessAttempt.objects.filter(username="clerk").exists()


def minutes_pass(minutes: int) -> None:
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(minutes=minutes))


def test_a_quarter_of_an_hour_later_the_lock_is_gone() -> None:
    fail(5)
    minutes_pass(14)
    assert sign_in("clerk", RIGHT).status_code == 429
    minutes_pass(2)
    assert sign_in("clerk", RIGHT).status_code == 302


def test_knocking_at_a_locked_door_does_not_lengthen_the_lock() -> None:
    fail(5)
    minutes_pass(10)
    assert sign_in("clerk", WRONG).status_code == 429
    minutes_pass(6)
    assert sign_in("clerk", RIGHT).status_code == 302
