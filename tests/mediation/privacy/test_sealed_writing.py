"""Every way of writing a sealed field, and the ways that are refused."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.core.exceptions import FieldError
from django.db import models, transaction

from mediation.privacy.sealed import SealBroken
from tests.mediation.privacy.rows import make, raw, reread
from tests.sealed_app.models import Confidant


def test_saving_one_field_leaves_the_others_sealed_as_they_were(table: None) -> None:
    person = reread(make())
    before = raw(person, "phone")

    person.name = "李示例"
    person.save(update_fields=["name", "name_key"])

    assert reread(person).name == "李示例"
    assert raw(person, "phone") == before


def test_a_full_save_writes_unopened_and_unchanged_values_back_untouched(table: None) -> None:
    person = reread(make())
    before = raw(person, "name"), raw(person, "phone")
    assert person.phone == "13800138000"

    person.label = "新"
    person.save()

    assert (raw(person, "name"), raw(person, "phone")) == before


def test_a_changed_value_is_sealed_anew_each_time(table: None) -> None:
    person = make()
    person.name = "李示例"
    person.save()
    person.name = "王示例"
    person.save()
    assert reread(person).name == "王示例"


def test_a_change_inside_a_json_value_is_saved(table: None) -> None:
    person = reread(make(facts={"诊断": ["骨折"]}))
    person.facts["诊断"].append("感染")
    person.save()
    assert reread(person).facts == {"诊断": ["骨折", "感染"]}


@pytest.mark.parametrize("value", [float("nan"), {"日": dt.date(2025, 1, 1)}, {1, 2}])
def test_json_refuses_what_would_not_come_back(table: None, value: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        make(facts=value)


def test_bulk_create_seals_each_row_for_itself(table: None) -> None:
    Confidant.objects.bulk_create([Confidant(name=f"示例{number}") for number in range(3)])
    assert [person.name for person in Confidant.objects.order_by("pk")] == ["示例0", "示例1", "示例2"]


def test_refresh_from_db_brings_the_stored_value_back(table: None) -> None:
    person = make()
    stale = reread(person)
    person.name = "李示例"
    person.save()

    stale.refresh_from_db()

    assert stale.name == "李示例"
    stale.name = "王示例"
    stale.refresh_from_db(fields=["name"])
    assert stale.name == "李示例"


def test_a_copy_of_a_row_is_sealed_for_its_new_uid(table: None) -> None:
    original = make(facts={"a": 1})
    duplicate = reread(original)
    assert (duplicate.name, duplicate.phone, duplicate.facts) == ("张示例", "13800138000", {"a": 1})

    duplicate.pk, duplicate.uid = None, uuid.uuid4()
    duplicate.save()

    assert reread(duplicate).name == reread(original).name == "张示例"


def test_a_copy_with_a_value_never_opened_is_refused_instead_of_stored_broken(table: None) -> None:
    duplicate = reread(make())
    assert duplicate.name == "张示例"  # opened, so it could be sealed again; the phone was not
    duplicate.pk, duplicate.uid = None, uuid.uuid4()
    with pytest.raises(SealBroken):
        duplicate.save()


def test_the_uid_may_be_given_as_text(table: None) -> None:
    person = make(uid="0F0E0D0C0B0A09080706050403020100")
    assert reread(person).name == "张示例"


def test_what_has_no_row_to_be_bound_to_is_refused(table: None) -> None:
    person = make()
    reckless = make()
    reckless.name = models.F("label")
    people = Confidant.objects.all()

    for attempt in (
        lambda: people.update(name="李示例"),
        lambda: people.bulk_update([person], ["name"]),
        lambda: people.filter(name="张示例").exists(),
        lambda: people.filter(name__contains="张").exists(),
        reckless.save,
    ):
        with pytest.raises((TypeError, FieldError)), transaction.atomic():
            attempt()

    assert reread(person).name == "张示例"


def test_a_value_sealed_by_hand_can_be_written_with_update(table: None) -> None:
    person = make()
    sealed = Confidant._meta.get_field("name").seal("李示例", person.uid)

    Confidant.objects.filter(pk=person.pk).update(name=sealed)

    assert reread(person).name == "李示例"
