"""What the environment says: read once by the settings, refused in one sentence when it is not enough.

Two modes. ``demo`` (the default) invents random keys on first use and keeps them in ``var/demo-keys.json``.
``production`` invents nothing: every key must be given, and the process ends when one is missing.

``python -m mediation.environment`` prints a fresh set of keys in the form in which production wants them.
"""

import json
import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

DEMO, PRODUCTION = "demo", "production"
KEY_BYTES = 32
_KEY = re.compile(r"[0-9a-fA-F]{64}")
_KEY_ID = re.compile(r"[A-Za-z0-9_.-]{1,32}")
_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"", "0", "false", "no", "off"})


def fresh_keys() -> dict[str, str]:
    """New random values for every secret, as text for the environment."""
    return {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "PRIVACY_KEYS": f"k1:{secrets.token_hex(KEY_BYTES)}",
        "SEARCH_KEY": secrets.token_hex(KEY_BYTES),
        "AUDIT_KEYS": f"a1:{secrets.token_hex(KEY_BYTES)}",
    }


class Environment:
    """Typed access to the variables; in demonstration mode missing secrets come from a kept file."""

    def __init__(self, variables: Mapping[str, str], var: Path) -> None:
        self._variables = variables
        self._var = var
        self._demo_keys: dict[str, str] | None = None
        self.mode = variables.get("DJANGO_ENV", DEMO)
        if self.mode not in (DEMO, PRODUCTION):
            raise ImproperlyConfigured(f"环境变量 DJANGO_ENV 只能是 demo 或 production，现为“{self.mode}”。")

    @property
    def production(self) -> bool:
        return self.mode == PRODUCTION

    def text(self, name: str, default: str | None = None) -> str:
        """The variable, else the default; production refuses to go on without a variable that has none."""
        value = self._variables.get(name, "").strip()
        if value:
            return value
        if default is None:
            raise ImproperlyConfigured(f"生产模式（DJANGO_ENV=production）必须设置环境变量 {name}，未设置，拒绝启动。")
        return default

    def required(self, name: str, demo: str) -> str:
        """A variable that production must be given and that the demonstration has a value for."""
        return self.text(name, None if self.production else demo)

    def flag(self, name: str, *, default: bool) -> bool:
        value = self._variables.get(name)
        if value is None:
            return default
        if value.strip().lower() in _TRUE | _FALSE:
            return value.strip().lower() in _TRUE
        raise ImproperlyConfigured(f"环境变量 {name} 只能是 1 或 0，现为“{value}”。")

    def number(self, name: str, default: int) -> int:
        value = self.text(name, str(default))
        if not value.isdigit():
            raise ImproperlyConfigured(f"环境变量 {name} 应为非负整数，现为“{value}”。")
        return int(value)

    def listed(self, name: str, default: str | None = None) -> list[str]:
        return [part.strip() for part in self.text(name, default).split(",") if part.strip()]

    def secret(self, name: str) -> str:
        """SECRET_KEY and its like: given in production, invented once and kept in the demonstration."""
        if self.production or self._variables.get(name, "").strip():
            return self.text(name)
        return self._kept_demo_keys()[name]

    def key(self, name: str) -> bytes:
        return _decoded(name, self.secret(name))

    def keyring(self, name: str) -> dict[str, bytes]:
        """``id:hex,id:hex`` as a mapping; the first is the active one, the others only open what they sealed."""
        ring: dict[str, bytes] = {}
        for part in self.secret(name).split(","):
            key_id, separator, value = part.strip().partition(":")
            if not separator or not _KEY_ID.fullmatch(key_id) or key_id in ring:
                raise ImproperlyConfigured(f"环境变量 {name} 应写作“编号:密钥,编号:密钥”，编号不得重复。")
            ring[key_id] = _decoded(name, value)
        return ring

    def _kept_demo_keys(self) -> dict[str, str]:
        if self._demo_keys is None:
            self._demo_keys = _kept(self._var / "demo-keys.json")
        return self._demo_keys


def _decoded(name: str, value: str) -> bytes:
    if not _KEY.fullmatch(value):
        raise ImproperlyConfigured(f"环境变量 {name} 中的密钥应为 64 位十六进制数（{KEY_BYTES} 字节）。")
    return bytes.fromhex(value)


def _kept(path: Path) -> dict[str, str]:
    """The demonstration's keys. Linking a finished file lets exactly one of several first processes win."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(fresh_keys(), indent=1), encoding="utf-8")
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    kept: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return kept


if __name__ == "__main__":
    print("\n".join(f"{name}={value}" for name, value in fresh_keys().items()))
