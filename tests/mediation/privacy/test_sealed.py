"""What lies in the column of a sealed field, and when it opens."""

import copy
import datetime as dt
import pickle
import uuid
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.template import Context, Engine

from mediation.privacy import envelope
from mediation.privacy.sealed import SealBroken, Sealed
from tests.mediation.privacy.rows import held, make, raw, reread
from tests.sealed_app.models import Confidant


def test_every_kind_of_value_comes_back_as_it_went_in(table: None) -> None:
    facts = {"诊断": ["骨折", 2], "已故": False, "比例": 0.5, "空": None}

    person = reread(make(born_on=dt.date(1985, 2, 28), facts=facts))

    assert (person.name, person.phone) == ("张示例", "13800138000")
    assert (person.born_on, person.facts) == (dt.date(1985, 2, 28), facts)


def test_the_column_holds_no_plaintext(table: None) -> None:
    person = make(facts={"诊断": "骨折"})

    assert "张示例".encode() not in raw(person, "name")
    assert b"13800138000" not in raw(person, "phone")
    assert "骨折".encode() not in raw(person, "facts")


def test_equal_values_look_different_in_the_database(table: None) -> None:
    assert raw(make(), "name") != raw(make(), "name")


def test_none_stays_null_and_the_empty_text_is_sealed(table: None) -> None:
    person = make(name="", phone=None)

    assert Confidant.objects.filter(phone__isnull=True, name__isnull=False).exists()
    assert len(raw(person, "name")) > 28
    assert (reread(person).name, reread(person).phone) == ("", None)


def test_a_required_value_cannot_be_null(table: None) -> None:
    with pytest.raises(IntegrityError):
        make(name=None)


@pytest.mark.parametrize("text", ["道滘镇高埗", "𬱖龑", "a\x00b", "=cmd|' /C calc'!A0", "\u202e反", "字" * 20_000])
def test_awkward_text_survives(table: None, text: str) -> None:
    assert reread(make(phone=text)).phone == text


def test_a_lone_surrogate_is_a_validation_error(table: None) -> None:
    with pytest.raises(ValidationError, match="无效字符"):
        make(name="\ud800")


def test_a_text_for_a_date_is_understood_and_nonsense_is_refused(table: None) -> None:
    assert reread(make(born_on="2001-02-03")).born_on == dt.date(2001, 2, 3)
    with pytest.raises(ValidationError, match="有效的日期"):
        make(born_on="2001-02-30")
    with pytest.raises(ValidationError, match="有效的日期"):
        make(born_on=dt.datetime(2001, 2, 3, 12))


def test_validation_sees_the_plaintext(table: None) -> None:
    Confidant(name="张" * 50).full_clean()
    with pytest.raises(ValidationError) as refused:
        Confidant(name="张" * 51).full_clean()
    assert set(refused.value.message_dict) == {"name"}


def test_a_list_that_does_not_show_the_value_never_decrypts(table: None, monkeypatch: pytest.MonkeyPatch) -> None:
    make(facts={"a": 1})
    monkeypatch.setattr(envelope, "_cipher", lambda key: pytest.fail("something was decrypted"))

    people = list(Confidant.objects.all())

    assert [person.label for person in people] == [""]
    assert "已加密" in repr(people[0].__dict__)


def test_reading_twice_decrypts_once(table: None, monkeypatch: pytest.MonkeyPatch) -> None:
    person = reread(make())
    assert person.name == "张示例"
    monkeypatch.setattr(envelope, "_cipher", lambda key: pytest.fail("decrypted again"))
    assert person.name == "张示例"


def test_no_repr_and_no_text_of_the_holder_shows_the_plaintext(table: None) -> None:
    unsaved, saved = Confidant(name="张示例"), make()

    assert saved.name == "张示例"
    for person in (unsaved, saved, reread(saved)):
        sealed = held(person, "name")
        shown = f"{sealed!r}{sealed}{person.__dict__}" + Engine().from_string("{{ x }}").render(Context({"x": sealed}))
        assert isinstance(sealed, Sealed)
        assert "张示例" not in shown


def test_a_pickle_of_a_value_holds_no_plaintext(table: None) -> None:
    person = make()
    assert person.name == "张示例"

    pickled = pickle.dumps(held(person, "name"))

    assert "张示例".encode() not in pickled
    sealed = pickle.loads(pickled)
    assert Confidant._meta.get_field("name").open(sealed, person.uid) == "张示例"
    with pytest.raises(TypeError, match="尚未保存"):
        pickle.dumps(held(Confidant(name="张示例"), "name"))


def test_a_deep_copy_keeps_the_value(table: None) -> None:
    person = make(facts={"诊断": ["骨折"]})
    opened, closed = copy.deepcopy(held(person, "facts")), copy.deepcopy(held(reread(person), "facts"))
    person.facts["诊断"].append("感染")

    field = Confidant._meta.get_field("facts")
    assert field.open(opened, person.uid) == field.open(closed, person.uid) == {"诊断": ["骨折"]}


def test_values_come_sealed_and_open_with_the_uid_of_their_row(table: None) -> None:
    make()
    field = Confidant._meta.get_field("name")

    (row,) = Confidant.objects.values("uid", "name")

    assert isinstance(row["name"], Sealed)
    assert field.open(row["name"], row["uid"]) == "张示例"
    with pytest.raises(SealBroken):
        field.open(Confidant.objects.values_list("name", flat=True).get(), uuid.uuid4())


def test_a_deferred_value_is_fetched_with_one_query(table: None, django_assert_num_queries: Any) -> None:
    make()
    person = Confidant.objects.defer("name").get()

    assert "name" not in person.__dict__
    with django_assert_num_queries(1):
        assert person.name == "张示例"
    with django_assert_num_queries(0):
        assert person.name == "张示例"


def test_dumpdata_writes_no_plaintext(table: None) -> None:
    person = make()

    dumped = Confidant._meta.get_field("name").value_to_string(person)

    assert bytes.fromhex(dumped) == raw(person, "name")
