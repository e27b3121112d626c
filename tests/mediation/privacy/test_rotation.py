"""Changing keys: everything is sealed again, whatever happens on the way."""

import io
import uuid
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from mediation.privacy import rotation
from mediation.privacy.sealed import Sealed
from tests.mediation.privacy.rows import NEW, OLD, held, make, raw, reread, write_raw
from tests.sealed_app.models import Confidant


def test_rotation_reseals_everything_under_the_active_key(table: None, settings: Any) -> None:
    people = [make(name=f"示例{number}", facts={"n": number}) for number in range(5)]
    settings.PRIVACY_KEYS = {"k2": NEW, "k1": OLD}

    first = rotation.rotate_rows([Confidant], batch=2)
    second = rotation.rotate_rows([Confidant], batch=2)
    settings.PRIVACY_KEYS = {"k2": NEW}

    assert (first.resealed, first.broken) == (15, [])  # name, phone and facts of five rows
    assert second.resealed == 0
    assert [reread(person).name for person in people] == [f"示例{number}" for number in range(5)]


def test_rotation_goes_on_where_it_was_stopped(table: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(4):
        make()
    settings.PRIVACY_KEYS = {"k2": NEW, "k1": OLD}
    done = 0

    def stop_after_one(count: int) -> None:
        nonlocal done
        done += 1
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotation.rotate_rows([Confidant], batch=2, on_batch=stop_after_one)
    rest = rotation.rotate_rows([Confidant], batch=2)

    assert rest.resealed == 4
    assert {held(person, "name").key_id for person in Confidant.objects.all()} == {"k2"}


def test_rotation_does_not_overwrite_a_value_changed_meanwhile(
    table: None, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = make()
    settings.PRIVACY_KEYS = {"k2": NEW, "k1": OLD}
    reseal = rotation.reseal

    def somebody_saves_first(field: Any, sealed: Sealed, uid: uuid.UUID) -> Sealed:
        if field.name == "name":
            write_raw(person, "name", Confidant._meta.get_field("name").seal("李示例", person.uid).envelope)
        return reseal(field, sealed, uid)

    monkeypatch.setattr(rotation, "reseal", somebody_saves_first)
    rotation.rotate_rows([Confidant])

    assert reread(person).name == "李示例"


def test_rotation_reports_a_broken_value_and_does_the_rest(table: None, settings: Any) -> None:
    broken, good = make(), make()
    write_raw(broken, "name", raw(good, "name"))
    settings.PRIVACY_KEYS = {"k2": NEW, "k1": OLD}

    report = rotation.rotate_rows([Confidant])

    assert report.broken == [f"sealed_app.Confidant.name pk={broken.pk}"]
    assert report.resealed == 3


def test_the_command_rotates_rows_and_papers_and_fails_on_broken_ones(
    table: None, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    settings.PAPER_ROOT = tmp_path
    person = make(phone=None)
    monkeypatch.setattr(rotation, "sealed_models", lambda: [Confidant])
    settings.PRIVACY_KEYS = {"k2": NEW, "k1": OLD}
    out = io.StringIO()

    call_command("rotate_keys", stdout=out)
    assert "1 个值" in out.getvalue()

    write_raw(person, "name", b"broken")
    with pytest.raises(CommandError, match="无法解开"):
        call_command("rotate_keys", stdout=out, stderr=io.StringIO())
