"""The secrets of the privacy app: which key seals, which keys still open, and keys derived for one purpose.

``settings.PRIVACY_KEYS`` maps a key id to 32 bytes written as 64 hexadecimal digits; the first entry seals, all of
them open, so a key is changed by putting a new one in front and running ``manage.py rotate_keys``.
``settings.SEARCH_KEY`` (64 hexadecimal digits) never seals: search keys and event digests are derived from it.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_KEY_ID = re.compile(r"[A-Za-z0-9_.-]{1,32}")


class UnknownKey(Exception):
    """A sealed value names a key that is not configured any more."""


@dataclass(frozen=True)
class KeyRing:
    """The configured sealing keys; ``active`` is the id of the one that seals. The repr never shows a key."""

    active: str
    keys: Mapping[str, bytes] = field(repr=False)

    def key(self, key_id: str) -> bytes:
        """The 32 bytes of one key; raises :class:`UnknownKey` when it is not configured."""
        try:
            return self.keys[key_id]
        except KeyError:
            raise UnknownKey("加密密钥不在配置中，无法解密。") from None


def key_ring() -> KeyRing:
    """The sealing keys of ``settings.PRIVACY_KEYS``; raises ImproperlyConfigured when they are unusable."""
    return _ring(tuple(settings.PRIVACY_KEYS.items()))


def derived_key(purpose: str) -> bytes:
    """A key of 32 bytes for one purpose, derived from ``settings.SEARCH_KEY``; different purposes never collide."""
    return _derived(settings.SEARCH_KEY, purpose)


def keyed_digest(text: str | bytes) -> str:
    """HMAC-SHA256 of ``text`` as 64 hexadecimal digits: proves a fact in the record without telling it."""
    return _keyed_hex(derived_key("event-digest"), text)


def keyed_search_digest(kind: str, normalised: str) -> str:
    """HMAC-SHA256 of a normalised value under the search key of its kind."""
    return _keyed_hex(derived_key(f"search:{kind}"), normalised)


def _keyed_hex(key: bytes, text: str | bytes) -> str:
    data = text.encode("utf-8") if isinstance(text, str) else text
    return hmac.new(key, data, hashlib.sha256).hexdigest()


@lru_cache(maxsize=16)
def _ring(items: tuple[tuple[str, str | bytes], ...]) -> KeyRing:
    if not items:
        raise ImproperlyConfigured("PRIVACY_KEYS 为空：至少需要一把加密密钥。")
    keys: dict[str, bytes] = {}
    for key_id, secret in items:
        if not isinstance(key_id, str) or not _KEY_ID.fullmatch(key_id):
            raise ImproperlyConfigured("PRIVACY_KEYS 的密钥编号只能是 1 至 32 位字母、数字、点、下划线或连字符。")
        keys[key_id] = _secret(secret, f"PRIVACY_KEYS[{key_id}]")
    if len(set(keys.values())) != len(keys):
        raise ImproperlyConfigured("PRIVACY_KEYS 中有两个编号使用了同一把密钥。")
    return KeyRing(active=items[0][0], keys=MappingProxyType(keys))


@lru_cache(maxsize=64)
def _derived(secret: str | bytes, purpose: str) -> bytes:
    return hmac.new(_secret(secret, "SEARCH_KEY"), purpose.encode("utf-8"), hashlib.sha256).digest()


def _secret(value: str | bytes, name: str) -> bytes:
    try:
        secret = bytes.fromhex(value) if isinstance(value, str) else bytes(value)
    except ValueError:
        secret = b""
    if len(secret) != 32:
        raise ImproperlyConfigured(f"{name} 必须是 64 位十六进制数（32 字节）。")
    return secret
