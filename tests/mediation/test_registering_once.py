"""A registration form makes one case, however often it is sent; whoever comes second is shown the case and what was typed."""

import re
from uuid import uuid4

import pytest
from django.utils import timezone

from mediation.cases.case import DisputeCase
from mediation.cases.pages import register as pages
from mediation.cases.record import Draft
from mediation.cases.registration import AlreadyRegistered, register
from mediation.hotline.belonging import join
from tests.factories import NOW, case_at, organisation, persona, registration
from tests.hotline.files import operator, order

pytestmark = pytest.mark.django_db
TOKEN = re.compile(r'name="token" value="([0-9a-f-]{36})"')


@pytest.fixture
def desk(client):
    client.force_login(operator())
    return client


def typed(**changes):
    return {
        "desk": organisation("hotline").pk, "source": "hotline", "received_on": f"{timezone.localdate():%Y-%m-%d}",
        "patient_name": "甄示例", "id_kind": "none", "sex": "unknown", "relation": "self", "hospital": organisation("X001").pk,
        "category": "medical_dispute", "summary": "术后感染，家属要求解释。", "demands": ["compensation"], **changes,
    }  # fmt: skip


def token_of(response):
    return TOKEN.search(response.content.decode())[1]


def test_the_same_form_sent_twice_makes_one_case_and_names_it(desk):
    sent = typed(token=token_of(desk.get("/cases/new/")))
    assert desk.post("/cases/new/", sent).status_code == 302

    again = desk.post("/cases/new/", sent)

    case, page = DisputeCase.objects.get(), again.content.decode()
    assert again.status_code == 409
    assert case.title in page
    assert f'href="{case.get_absolute_url()}"' in page
    assert "事由简述：术后感染，家属要求解释。" in page
    assert "医疗机构：示例人民医院" in page
    assert str(sent["token"]) not in page.split("<textarea")[1]


def test_the_way_back_leads_to_an_empty_form(desk):
    """A browser would put what was typed into the next form, which has a token of its own."""
    assert 'novalidate autocomplete="off"' in desk.get("/cases/new/").content.decode()


def test_a_second_click_is_answered_before_its_mistakes(desk):
    sent = typed(token=token_of(desk.get("/cases/new/")))
    desk.post("/cases/new/", sent)
    assert desk.post("/cases/new/", sent | {"summary": ""}).status_code == 409


def test_where_both_clicks_look_before_either_writes_the_database_decides(desk, monkeypatch):
    sent = typed(token=token_of(desk.get("/cases/new/")))
    monkeypatch.setattr(pages, "registered_with", lambda token: None)
    assert desk.post("/cases/new/", sent).status_code == 302
    assert desk.post("/cases/new/", sent).status_code == 409
    assert DisputeCase.objects.count() == 1


def test_the_error_page_shows_the_token_of_the_form_again(desk):
    sent = typed(token=token_of(desk.get("/cases/new/")))
    refused = desk.post("/cases/new/", sent | {"summary": ""})
    assert refused.status_code == 422
    assert token_of(refused) == sent["token"]


def test_the_draft_keeps_the_token_until_it_has_made_its_case(desk):
    sent = typed(token=token_of(desk.get("/cases/new/")))
    desk.post("/cases/new/draft/", sent)
    assert token_of(desk.get("/cases/new/")) == sent["token"]
    desk.post("/cases/new/", sent)
    assert not Draft.objects.exists()
    desk.post("/cases/new/draft/", sent)  # by a tab that was still open
    assert token_of(desk.get("/cases/new/")) != sent["token"]


@pytest.mark.parametrize("token", [None, "", "nonsense", "\x00"])
def test_a_form_older_than_tokens_comes_back_with_one_and_then_registers(desk, token):
    sent = typed() if token is None else typed(token=token)
    answer = desk.post("/cases/new/", sent)
    assert answer.status_code == 422
    assert "页面已经过时" in answer.content.decode()
    assert "术后感染" in answer.content.decode()
    assert not DisputeCase.objects.exists()
    assert desk.post("/cases/new/", sent | {"token": token_of(answer)}).status_code == 302


def test_the_case_of_somebody_else_is_not_named(client):
    token = uuid4()
    case = register(registration(token=token), by=persona("hotline_lin"), now=NOW)
    client.force_login(persona("town_wang"))

    answer = client.post("/cases/new/", typed(token=token))

    assert answer.status_code == 409
    assert case.title not in answer.content.decode()
    assert case.number not in answer.content.decode()
    assert "术后感染" in answer.content.decode()


def test_without_a_token_cases_are_registered_as_before():
    """The demonstration, and cases that grow out of others, come without a form."""
    for _ in range(2):
        register(registration(), by=persona("hotline_lin"), now=NOW)
    assert DisputeCase.objects.count() == 2


def test_the_second_tab_of_an_order_is_shown_its_case_and_what_was_typed(desk):
    address = f"/cases/new/?order={order(now=timezone.now()).pk}"
    first, second = (typed(token=token_of(desk.get(address))) for _ in range(2))
    assert desk.post(address, first).status_code == 302

    answer = desk.post(address, second | {"summary": "第二个页面写的事由。"})

    case, page = DisputeCase.objects.get(), answer.content.decode()
    assert answer.status_code == 409
    assert f'href="{case.get_absolute_url()}"' in page
    assert case.title in page
    assert "第二个页面写的事由。" in page
    assert desk.get(address).status_code == 409
    assert desk.post(f"/cases/new/draft/?order={case.orders.get().pk}", second).status_code == 409


def test_an_order_that_gets_its_case_between_look_and_lock_is_the_same_conflict(desk, monkeypatch):
    held = order(now=timezone.now())
    address = f"/cases/new/?order={held.pk}"
    sent = typed(token=token_of(desk.get(address)))
    real = pages.register

    def sooner(entry, **how):
        join(order_of(held), case_at("registered", now=timezone.now()), by=operator(), now=timezone.now())
        return real(entry, **how)

    monkeypatch.setattr(pages, "register", sooner)
    answer = desk.post(address, sent)
    assert answer.status_code == 409
    assert DisputeCase.objects.get().title in answer.content.decode()


def order_of(held):
    return type(held).objects.get(pk=held.pk)


def test_a_draft_of_an_order_saved_without_a_script_leads_back_to_its_form(desk):
    held = order(now=timezone.now())
    assert desk.post(f"/cases/new/draft/?order={held.pk}", typed())["Location"] == f"/cases/new/?order={held.pk}"


def test_the_door_says_which_case_the_form_has_made():
    token, clerk = uuid4(), persona("hotline_lin")
    case = register(registration(token=token), by=clerk, now=NOW)
    with pytest.raises(AlreadyRegistered) as again:
        register(registration(token=token), by=clerk, now=NOW)
    assert again.value.case == case
