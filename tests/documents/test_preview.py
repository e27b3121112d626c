"""The agreement can be looked at before it is put before the parties: a draft without number, and nothing has happened."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from mediation.documents.numbering import NumberSeries
from tests.documents.reading import pages_of
from tests.factories import case_at
from tests.prove.test_http_refusals import signed_in
from workflow.records import Event

pytestmark = pytest.mark.django_db


def test_a_previewed_agreement_is_marked_has_no_number_and_leaves_no_trace() -> None:
    case, client = case_at("in_mediation"), signed_in("mediator_sun")
    numbers = list(NumberSeries.objects.values_list("kind", "last"))
    today, last = timezone.localdate(), timezone.localdate() + timedelta(days=30)
    typed = {
        "happened_on": today, "version": case.version, "task": case.tasks.get(finished__isnull=True).pk, "facts": "事实。",
        "issues": "争议。", "responsibility": "责任。", "content": "一次了结。", "total_amount": "300.00",
        "hospital_amount": "300.00", "manner": "transfer", "place": "东莞市道滘镇", "perform_by": last,
    }  # fmt: skip
    path = f"/cases/{case.number}/draft_agreement/"

    answer = client.post(path, typed | {"preview": "1"})

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    pages = pages_of(answer.content)
    assert all("草稿（征求意见）" in page and "不生效" in page for page in pages)
    assert "（编号待签发）" in pages[0]
    assert "〔" not in "".join(pages).replace(case.title, "")
    assert not case.agreements.exists()
    assert not case.documents.filter(kind="mediation_agreement").exists()
    assert not Event.objects.filter(chain=case.chain, kind="draft_agreement").exists()
    assert list(NumberSeries.objects.values_list("kind", "last")) == numbers
    assert client.post(path, typed | {"preview": "1", "facts": ""}).status_code == 422
    assert client.post(path, typed).status_code == 302


def test_only_the_step_that_brings_an_agreement_offers_the_preview() -> None:
    case, client = case_at("in_mediation"), signed_in("mediator_sun")

    assert "预览征求意见稿" in client.get(f"/cases/{case.number}/draft_agreement/").content.decode()
    assert "预览征求意见稿" not in client.get(f"/cases/{case.number}/log_contact/").content.decode()
