"""Every address of the site is known, and nobody who has not signed in gets past any of them."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.prove.addresses import FOR_EVERYBODY, INVENTORY, addresses, example, summary

pytestmark = pytest.mark.django_db


def test_the_inventory_lists_every_address_and_no_other():
    assert {summary(route) for route in addresses()} == INVENTORY


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("route", sorted(set(addresses()) - FOR_EVERYBODY))
def test_whoever_has_not_signed_in_is_sent_to_the_sign_in_page(client: Client, route: str, method: str):
    answer = getattr(client, method)(example(route))

    if route == "admin/login/":  # the administration's own sign-in page is not another way in
        assert answer.status_code in (200, 302)
        assert client.session.get("_auth_user_id") is None
        return
    assert answer.status_code == 302, route
    assert answer["Location"].startswith(("/login/", "/admin/login/")), answer["Location"]


@pytest.mark.parametrize("route", sorted(FOR_EVERYBODY))
def test_three_pages_answer_everybody(client: Client, route: str):
    assert client.get(example(route)).status_code in (200, 503)
