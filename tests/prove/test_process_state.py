"""What lives as long as the process is never changed once it is in use, and stands in ADR 21."""

from __future__ import annotations

import functools
import io
import re
import warnings
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from django.db import connection, models
from django.test import Client
from django.utils import timezone

from mediation.cases.case import DisputeCase
from mediation.cases.registration import register
from mediation.cases.stepform import FORMS, StepForm
from mediation.documents.issuing import put_to_paper
from mediation.documents.models import IssuedDocument
from mediation.hotline import columns, importing, sample, turns
from mediation.organisations.models import User
from tests.factories import NOW, PERSONAS, organisation, persona
from tests.hotline.test_turns import FACTS as TURN_FACTS
from tests.hotline.test_turns import in_state
from tests.process_state import caches, changes, kept_by, mutable_parts, standing
from tests.prove.scenes import scene
from workflow import registry
from workflow.lifecycle import STEPS

pytestmark = [pytest.mark.django_db, pytest.mark.prove]

ADR = Path(__file__).resolve().parents[2] / "docs" / "adr" / "0021-what-lives-as-long-as-the-process.md"
FIXED_PAGES = (
    "/desk/", "/desk/sheet/", "/cases/", "/cases/?due=late", "/cases/new/", "/notices/", "/orders/", "/orders/import/",
    "/oversight/late/", "/oversight/calendar/", "/oversight/trail/", "/oversight/rules/", "/oversight/outbox/", "/help/",
    "/admin/organisations/organisation/", "/admin/organisations/user/add/",
)  # fmt: skip


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def use_everything(seed: int) -> None:
    """Every step with its form, filled and empty, its case before three others, every fixed page, a paper of each kind."""
    clients = {name: _signed_in(persona(name)) for name in PERSONAS}
    for client in clients.values():
        for page in FIXED_PAGES:
            client.get(page)
    for place, step in enumerate(STEPS):
        play = scene(step, seed)
        address = f"/cases/{play.case.number}/"
        for name in [*PERSONAS, *PERSONAS][place % len(PERSONAS) :][:3]:
            clients[name].get(address)
        if play.by:
            assert clients[play.by].get(f"{address}{step}/").status_code == 200, step
            clients[play.by].post(f"{address}{step}/", {"version": play.version})
            play.play()
        else:
            play.tick()
        clients["director_xu"].get(f"{address}print/")
    use_the_hotline(seed, clients["hotline_lin"])
    for document in {row.kind: row for row in IssuedDocument.objects.filter(stored="")}.values():
        put_to_paper(document, NOW)


def use_the_hotline(seed: int, client: Client) -> None:
    """A workbook is read, judged and taken in; every turn of an order is taken, on its page and through its rule."""
    operator = persona("hotline_lin")
    file = io.BytesIO(sample.workbook(NOW.date()))
    batch = importing.stage(file, "示例工单.xlsx", centre=organisation("hotline"), by=operator, now=NOW)
    importing.settle_columns(batch, columns.guess(batch.header), by=operator, now=NOW)
    importing.take_in(batch, by=operator, now=NOW)
    for place, (name, facts) in enumerate(TURN_FACTS.items()):
        held = in_state("replied" if name in ("redo", "finish") else "received", f"26030{seed}{place:04d}")
        client.get(f"/orders/{held.pk}/")
        client.get(f"/orders/{held.pk}/{name}/")
        turns.TURNS[name](held, by=operator, now=NOW, **facts)


def _signed_in(user: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


PLANTED = {
    "a fact kept for the next form": lambda patch: patch.setitem(FORMS["dispatch"].base_fields, "extra", object()),
    "choices of one case in everybody's form": lambda patch: patch.setattr(
        FORMS["dispatch"].base_fields["basis"].widget, "choices", [("a", "甲")]
    ),
    "a registry filled late": lambda patch: patch.setitem(registry.EFFECTS, "late", print),
    "a value on a class": lambda patch: patch.setattr(StepForm, "case", "2026-00001", raising=False),
    "a default that remembers": lambda patch: patch.setattr(register, "__kwdefaults__", {"by": "somebody"}),
    "a filter of warnings": lambda patch: patch.setattr(warnings, "filters", [*warnings.filters, warnings.filters[0]]),
    "a variable of the environment": lambda patch: patch.setenv("SOURCE_DATE_EPOCH", "1"),
    "something hung on the proxy of all connections": lambda patch: patch.setitem(connection.__dict__, "kept", [1]),
}


@pytest.mark.parametrize("fault", PLANTED)
def test_what_is_planted_is_found(monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    before = standing()
    assert changes(before, standing()) == []

    PLANTED[fault](monkeypatch)

    assert changes(before, standing()) != []


@pytest.mark.parametrize("keep", [functools.cache, functools.lru_cache(maxsize=2)])
@pytest.mark.parametrize("result", [{"a": 1}, [1], {1}, (1, [2]), MappingProxyType({"a": [1]}), bytearray(b"a")])
def test_a_cache_that_hands_out_what_can_be_changed_is_found(keep: Any, result: object) -> None:
    cache = keep(lambda key: result)
    cache(1)

    assert [kind for one in kept_by(cache) for kind in mutable_parts(one)] != []


def test_in_use_nothing_is_changed_that_lives_as_long_as_the_process(still: None) -> None:
    use_everything(1)
    used = standing()
    assert len(used) > 40_000, "the walk has lost its way"
    assert DisputeCase.objects.count() > len(STEPS) / 2

    use_everything(2)

    assert changes(used, standing()) == []
    assert [path for path, value in used.items() if isinstance(value, models.Model)] == []
    assert [path for path, value in used.items() if path.endswith(" rows read") and value] == []

    written = table()
    assert sorted(caches()) == sorted(written)
    held = {name: {kind for one in kept_by(cache) for kind in mutable_parts(one)} for name, cache in caches().items()}
    assert {name: kinds for name, kinds in held.items() if kinds - written[name]} == {}
    assert [name for name, cache in caches().items() if not cache.cache_info().currsize] == []


def table() -> dict[str, set[str]]:
    """The caches that ADR 21 names, each with the types that its row answers for."""
    rows = re.findall(r"^\| `((?:workflow|mediation)\.[\w.]+)` \|(.*)$", ADR.read_text(encoding="utf-8"), re.MULTILINE)
    return {name: set(re.findall(r"`([\w.]+)`", rest)) for name, rest in rows}
