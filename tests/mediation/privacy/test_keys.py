"""Which key seals, which still open, and keys that cannot be used."""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from mediation.privacy.keys import key_ring
from mediation.privacy.sealed import SealBroken, open_bytes, seal_bytes
from tests.mediation.privacy.rows import NEW, OLD, held, make, reread


def test_the_first_key_seals_and_the_old_one_still_opens(table: None, settings: Any) -> None:
    old = make()
    settings.PRIVACY_KEYS = {"k2": NEW, "k1": OLD}
    new = make(name="李示例")

    assert (held(reread(old), "name").key_id, held(reread(new), "name").key_id) == ("k1", "k2")
    assert (reread(old).name, reread(new).name) == ("张示例", "李示例")


def test_a_removed_key_breaks_the_seal(table: None, settings: Any) -> None:
    person = make()
    settings.PRIVACY_KEYS = {"k2": NEW}
    with pytest.raises(SealBroken):
        _ = reread(person).name


@pytest.mark.parametrize(
    "keys", [{}, {"k1": "11"}, {"k1": "zz" * 32}, {"k 1": OLD}, {"k1": OLD, "k2": OLD}, {"": OLD}, {"k" * 33: OLD}]
)
def test_unusable_keys_fail_loudly(settings: Any, keys: dict[str, str]) -> None:
    settings.PRIVACY_KEYS = keys
    with pytest.raises(ImproperlyConfigured) as refused:
        key_ring()
    assert OLD not in str(refused.value)


def test_the_ring_never_shows_a_key() -> None:
    assert "1111" not in repr(key_ring())
    assert "\\x11" not in repr(key_ring())


def test_bytes_and_hexadecimal_are_the_same_key(settings: Any) -> None:
    sealed = seal_bytes(b"x", "a")
    settings.PRIVACY_KEYS = {"k1": bytes.fromhex(OLD)}
    assert open_bytes(sealed, "a") == b"x"
