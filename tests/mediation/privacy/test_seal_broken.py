"""What is damaged, foreign or plaintext is never returned."""

import uuid

import pytest
from django.db import connection, models

from mediation.privacy.sealed import SealBroken, SealedDateField, SealedTextField, sealed_fields
from tests.mediation.privacy.rows import make, raw, reread, write_raw
from tests.sealed_app.models import Confidant


def test_every_flipped_bit_is_refused(table: None) -> None:
    person = make(name="张")
    good = raw(person, "name")

    for place in range(len(good)):
        write_raw(person, "name", good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :])
        with pytest.raises(SealBroken):
            _ = reread(person).name


@pytest.mark.parametrize("plaintext", [b"", b"\x01", "张示例".encode(), b"\x01\x02k1", b"\x01\x02k1" + b"x" * 27])
def test_plaintext_and_scraps_in_the_column_are_refused(table: None, plaintext: bytes) -> None:
    person = make()
    write_raw(person, "name", plaintext)
    with pytest.raises(SealBroken):
        _ = reread(person).name


def test_text_in_the_column_is_refused_too() -> None:
    field = Confidant._meta.get_field("name")
    with pytest.raises(SealBroken):
        field.open(field.from_db_value("张示例", None, connection), uuid.uuid4())


def test_a_value_of_another_row_is_refused(table: None) -> None:
    mine, other = make(), make(name="李示例")
    write_raw(mine, "name", raw(other, "name"))
    with pytest.raises(SealBroken, match="sealed_app_confidant.name"):
        _ = reread(mine).name


def test_a_value_of_another_column_is_refused(table: None) -> None:
    person = make()
    write_raw(person, "name", raw(person, "phone"))
    with pytest.raises(SealBroken):
        _ = reread(person).name


def test_a_broken_seal_does_not_name_the_row_or_show_bytes(table: None) -> None:
    person = make()
    write_raw(person, "name", "张示例".encode() * 20)
    with pytest.raises(SealBroken) as refused:
        _ = reread(person).name
    assert "张示例" not in str(refused.value)
    assert str(person.uid) not in str(refused.value)


def test_a_broken_value_does_not_stop_other_fields_from_being_saved(table: None) -> None:
    person = make()
    write_raw(person, "name", b"broken")
    damaged = reread(person)
    damaged.label = "照常"
    damaged.save()
    assert reread(person).label == "照常"
    with pytest.raises(SealBroken):
        _ = reread(person).name


def test_a_model_without_a_unique_uid_or_with_an_index_fails_the_checks() -> None:
    class Careless(models.Model):
        note = SealedTextField("备注")
        day = SealedDateField("日期", db_index=True, null=True)

        class Meta:
            app_label = "sealed_app_careless"

    problems = [error.id for field in sealed_fields(Careless) for error in field.check()]

    assert problems == ["privacy.E001", "privacy.E001", "privacy.E002"]
    assert [error for field in sealed_fields(Confidant) for error in field.check()] == []


def test_a_migration_can_rebuild_the_fields() -> None:
    for field in Confidant._meta.local_fields:
        _, path, args, kwargs = field.deconstruct()
        clone = field.__class__(*args, **kwargs)
        assert clone.deconstruct()[1:] == (path, args, kwargs)
