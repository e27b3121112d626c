"""Finding a row by a sealed value, and digests for the record."""

from typing import Any

import pytest
from django.db.models import Q

from mediation.privacy import envelope
from mediation.privacy.keys import keyed_digest
from mediation.privacy.searchkeys import SearchKeyField, search_key
from tests.mediation.privacy.rows import make, reread
from tests.sealed_app.models import Confidant


def test_a_row_is_found_by_the_name_it_was_sealed_with(table: None) -> None:
    person = make(name="欧阳 示例")

    assert Confidant.objects.get(name_key=search_key("name", "欧阳示例")) == person
    person.name = "李示例"
    person.save()
    assert not Confidant.objects.filter(name_key=search_key("name", "欧阳示例")).exists()
    assert Confidant.objects.filter(name_key=search_key("name", "李示例")).exists()


def test_the_key_survives_a_save_that_does_not_open_the_value(table: None, monkeypatch: pytest.MonkeyPatch) -> None:
    person = reread(make())
    key = person.name_key
    monkeypatch.setattr(envelope, "_cipher", lambda key: pytest.fail("something was decrypted"))
    person.save()
    assert reread(person).name_key == key


def test_searching_for_nothing_finds_nobody_not_those_without_a_name(table: None) -> None:
    nameless, named = make(name=""), make(name="张示例")
    blank, key = search_key("name", " · "), search_key("name", "张示例")

    assert not Confidant.objects.filter(name_key=blank).exists()
    assert list(Confidant.objects.filter(Q(name_key=blank) | Q(name_key=key))) == [named]
    assert list(Confidant.objects.filter(name_key__isnull=True)) == [nameless]
    assert Confidant.objects.exclude(name_key=blank).count() == 2


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("phone", "+86 138-0013-8000", "13800138000"),
        ("phone", "２２８６３４５６", "0769-22863456"),
        ("id_no", "11010519491231002x", "110105 19491231 002Ｘ"),
        ("name", "阿迪力·吐尔逊", "阿迪力吐尔逊"),
        ("name", "John SMITH", "john smith"),
    ],
)
def test_spellings_of_one_value_share_a_key(kind: str, one: str, other: str) -> None:
    assert search_key(kind, one) == search_key(kind, other)


def test_keys_depend_on_value_kind_and_secret(settings: Any) -> None:
    key = search_key("phone", "13800138000")
    assert len(key or "") == 64
    assert key != search_key("phone", "13800138001")
    assert key != search_key("id_no", "13800138000")
    settings.SEARCH_KEY = "44" * 32
    assert key != search_key("phone", "13800138000")


def test_nothing_has_no_key_and_an_unknown_kind_is_refused() -> None:
    assert [search_key("name", value) for value in (None, "", "  ")] == [None, None, None]
    with pytest.raises(ValueError, match="检索键"):
        search_key("diagnosis", "x")
    with pytest.raises(ValueError):
        SearchKeyField(source="name")


def test_the_event_digest_is_keyed_and_no_search_key(settings: Any) -> None:
    digest = keyed_digest("张示例")
    assert len(digest) == 64
    assert digest == keyed_digest("张示例".encode())
    assert digest != search_key("name", "张示例")
    settings.SEARCH_KEY = "44" * 32
    assert digest != keyed_digest("张示例")
