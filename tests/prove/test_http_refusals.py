"""Over HTTP as by call: who may not gets 403, who must not know gets the 404 of nothing, an old page gets 409."""

from __future__ import annotations

import re

import pytest
from django.http import HttpResponse
from django.test import Client

from mediation.cases.case import DisputeCase
from mediation.cases.record import Contact
from tests import factories
from tests.journeys.test_refusals import KEPT_BY_LEVEL, LEVEL_OF, OWN, concerned, trace
from tests.workflow.test_lifecycle import BOOK, BY_KEEPER, EVERY
from workflow.records import Event
from workflow.vocabulary import Level

SAMPLE = ("town_pending", "under_review", "closing")
ABSENT = "2026-99999"


def expected(case: DisputeCase, name: str, role: str) -> int:
    """The answer to GET, from the book."""
    _, sources, target, roles = next(row for row in BOOK if row[0] == name)
    if role in ("auditor", "administrator") or not concerned(case, role) or "time" in roles:
        return 404
    if role not in roles:
        return 403
    keepers = (case.state in KEPT_BY_LEVEL and target) or (name in BY_KEEPER and case.level == Level.CITY)
    if keepers and LEVEL_OF.get(role) not in (None, case.level):
        return 403
    return 200 if case.state in sources else 409


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(factories.persona(username))
    return client


def body(answer: HttpResponse) -> str:
    """What a person could tell two answers apart by: without tokens, the request's own number and what was asked for."""
    text = b"".join(answer).decode() if answer.streaming else answer.content.decode()
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)
    text = re.sub(r"data-csrf=\"\w+\"", "", text)
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "", text)  # the watermark tells the minute
    text = re.sub(r"编号 <code>[\w-]+</code>", "", text)
    return re.sub(r'data-(left|warning|session)[\w-]*="\d+"', "", text)


def check_every_step(state: str) -> None:
    case = factories.case_at(state)
    wrong = []
    before = trace(case)
    for role, username in OWN.items():
        client = signed_in(username)
        nothing = body(client.get(f"/cases/{ABSENT}/log_contact/"))
        for name, *_ in BOOK:
            answer = client.get(f"/cases/{case.number}/{name}/")
            wanted = expected(case, name, role)
            if answer.status_code != wanted:
                wrong.append((role, name, answer.status_code, wanted))
            elif wanted == 404:
                assert body(answer) == nothing, f"{role} can tell {name} from a case that does not exist"
    assert wrong == []
    assert trace(case) == before


@pytest.mark.parametrize("state", SAMPLE)
def test_each_role_sees_the_form_or_the_refusal(db: None, state: str) -> None:
    check_every_step(state)


@pytest.mark.prove
@pytest.mark.parametrize("state", [state for state in EVERY if state not in SAMPLE])
def test_each_role_sees_the_form_or_the_refusal_in_every_state(db: None, state: str) -> None:
    check_every_step(state)


@pytest.mark.parametrize("state", SAMPLE)
def test_a_form_sent_without_the_right_changes_nothing(db: None, state: str) -> None:
    """POST to every step, by every role that may not: the same answers, and no trace."""
    case = factories.case_at(state)
    before, wrong = trace(case), []
    for role, username in OWN.items():
        client = signed_in(username)
        for name, *_ in BOOK:
            if (wanted := expected(case, name, role)) in (403, 404):
                answer = client.post(
                    f"/cases/{case.number}/{name}/", {"version": case.version, "happened_on": "2026-03-02"}
                )
                if answer.status_code != wanted:
                    wrong.append((role, name, answer.status_code, wanted))
    assert wrong == []
    assert trace(case) == before


def test_an_old_page_gets_409_even_when_what_it_offered_is_gone(db: None) -> None:
    """A double click on a payment: the second finds no open instalment, and that is not the person's mistake."""
    from django.utils import timezone

    case, client = factories.case_at("performing"), signed_in("mediator_sun")
    first = case.agreements.get().instalments.order_by("pk").first()
    typed = {
        "happened_on": timezone.localdate(),
        "version": case.version,
        "instalment": first.pk,
        "payment": "paid",
        "held": "转账凭证",
    }
    path = f"/cases/{case.number}/record_payment/"

    assert [client.post(path, typed).status_code for _ in range(2)] == [302, 409]
    assert Event.objects.filter(chain=case.chain, kind="record_payment").count() == 1


def contact(case: DisputeCase, version: int) -> dict[str, object]:
    from django.utils import timezone

    return {
        "happened_on": timezone.localdate(), "side": "patient", "purpose": "explain", "means": "phone", "at": "00:00",
        "reached": "yes", "content": "电话沟通。", "version": version,
        "task": case.tasks.get(finished__isnull=True).pk,
    }  # fmt: skip


def test_an_old_page_gets_409_and_nothing_happens_twice(db: None) -> None:
    case, client = factories.case_at("under_review"), signed_in("clerk_chen")
    path, typed = f"/cases/{case.number}/log_contact/", contact(case, case.version)

    first, second = client.post(path, typed), client.post(path, typed)

    assert (first.status_code, second.status_code) == (302, 409)
    assert Contact.objects.filter(case=case).count() == 1
    assert Event.objects.filter(chain=case.chain, kind="log_contact").count() == 1
    assert "电话沟通。" in second.content.decode()  # what was typed is not lost


def test_an_old_page_of_a_step_that_moves_gets_409(db: None) -> None:
    case, client = factories.case_at("town_pending"), signed_in("town_wang")
    path, typed = (
        f"/cases/{case.number}/sign_for/",
        {"happened_on": contact(case, 0)["happened_on"], "version": case.version},
    )

    answers = [client.post(path, typed).status_code for _ in range(3)]

    assert answers == [302, 409, 409]
    assert Event.objects.filter(chain=case.chain, kind="sign_for").count() == 1


@pytest.mark.parametrize("typed", ["", "-1", "999999", "abc", "٣", "²", "1e3", "9" * 40])
def test_a_version_that_makes_no_sense_is_no_way_past_the_check(db: None, typed: str) -> None:
    """A form always carries the version it was rendered for; one that cannot be read is an old page, not a free pass."""
    case, client = factories.case_at("under_review"), signed_in("clerk_chen")

    answer = client.post(f"/cases/{case.number}/log_contact/", contact(case, 0) | {"version": typed})

    assert answer.status_code == 409, answer.status_code
    assert not Contact.objects.filter(case=case).exists()
