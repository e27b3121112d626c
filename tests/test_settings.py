"""The settings as a process of their own sees them: demonstration and production."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mediation.environment import Environment, fresh_keys

ROOT = Path(__file__).resolve().parent.parent
SECRETS = ("SECRET_KEY", "PRIVACY_KEYS", "SEARCH_KEY", "AUDIT_KEYS")


def production(tmp_path: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "mediation.settings",
        "DJANGO_ENV": "production",
        "VAR_ROOT": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'production.sqlite3'}",
        "ALLOWED_HOSTS": "mediation.example",
        **fresh_keys(),
    }


def run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_deployment_check_is_clean_with_production_settings(tmp_path: Path) -> None:
    done = run(production(tmp_path), "manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr
    assert "(0 silenced)" in done.stdout + done.stderr


@pytest.mark.parametrize("name", [*SECRETS, "DATABASE_URL", "ALLOWED_HOSTS"])
def test_production_refuses_to_start_without_a_variable_and_names_it(tmp_path: Path, name: str) -> None:
    environment = production(tmp_path)
    del environment[name]
    done = run(environment, "-c", "import mediation.settings")
    assert done.returncode != 0
    last = done.stderr.strip().splitlines()[-1]
    assert name in last
    assert "拒绝启动" in last
    assert not (tmp_path / "demo-keys.json").exists()


def test_production_never_reads_the_demonstration_keys(tmp_path: Path) -> None:
    demo = {"PATH": os.environ["PATH"], "VAR_ROOT": str(tmp_path)}
    assert run(demo, "-c", "import mediation.settings").returncode == 0
    assert (tmp_path / "demo-keys.json").exists()
    environment = {name: value for name, value in production(tmp_path).items() if name != "SEARCH_KEY"}
    assert run(environment, "-c", "import mediation.settings").returncode != 0


def test_demonstration_keys_are_made_once_and_kept_for_the_owner_alone(tmp_path: Path) -> None:
    first, second = Environment({}, tmp_path), Environment({}, tmp_path)
    assert [first.secret(name) for name in SECRETS] == [second.secret(name) for name in SECRETS]
    assert (tmp_path / "demo-keys.json").stat().st_mode & 0o777 == 0o600
    assert Environment({}, tmp_path / "other").secret("SEARCH_KEY") != first.secret("SEARCH_KEY")


def test_two_first_processes_agree_on_the_demonstration_keys(tmp_path: Path) -> None:
    code = "import mediation.settings as s; print(s.SEARCH_KEY.hex())"
    environment = {"PATH": os.environ["PATH"], "VAR_ROOT": str(tmp_path)}
    started = [
        subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    assert len({process.communicate(timeout=60)[0] for process in started}) == 1


def test_the_first_privacy_key_is_the_active_one() -> None:
    one, two = (fresh_keys()["PRIVACY_KEYS"].partition(":")[2] for _ in range(2))
    ring = Environment({"PRIVACY_KEYS": f"new:{one}, old:{two}"}, Path()).keyring("PRIVACY_KEYS")
    assert list(ring) == ["new", "old"]
    assert all(len(key) == 32 for key in ring.values())


@pytest.mark.parametrize("value", ["no separator", "k1:abcd", "k1:" + "zz" * 32, ":" + "ab" * 32])
def test_a_malformed_keyring_is_refused_by_name(value: str) -> None:
    with pytest.raises(Exception, match="PRIVACY_KEYS"):
        Environment({"PRIVACY_KEYS": value}, Path()).keyring("PRIVACY_KEYS")


def test_a_key_id_given_twice_is_refused() -> None:
    ring = fresh_keys()["PRIVACY_KEYS"]
    with pytest.raises(Exception, match="不得重复"):
        Environment({"PRIVACY_KEYS": f"{ring},{ring}"}, Path()).keyring("PRIVACY_KEYS")


def test_an_unknown_mode_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="DJANGO_ENV"):
        Environment({"DJANGO_ENV": "prod"}, tmp_path)


def test_the_locks_hold_versions_and_hashes_and_no_address() -> None:
    for name in ("requirements.lock", "requirements-dev.lock", "package-lock.json", "package.json", "pyproject.toml"):
        assert "://" not in (ROOT / name).read_text(encoding="utf-8"), name
    for name in ("requirements.lock", "requirements-dev.lock"):
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        assert all("==" in line for line in lines if line and not line.startswith((" ", "#"))), name


@pytest.mark.django_db
@pytest.mark.both
def test_the_database_has_the_limits_that_the_promises_rest_on() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
            for name, value in wanted.items():
                assert cursor.execute(f"PRAGMA {name}").fetchone()[0] == value, name
            assert connection.transaction_mode == "IMMEDIATE"
        else:
            wanted = {"statement_timeout": "15s", "lock_timeout": "3s", "idle_in_transaction_session_timeout": "30s"}
            for name, value in wanted.items():
                cursor.execute(f"SHOW {name}")
                assert cursor.fetchone()[0] == value, name
    assert connection.settings_dict["ATOMIC_REQUESTS"] is False
