"""A real installation refuses a database that forgets, and a role that owns tables."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from bihuan.platform.database import roles, safety

ROOT = Path(__file__).resolve().parents[5]
CODE = "import bihuan.config.wsgi"


def _start(tmp_path: Path, role: str) -> subprocess.CompletedProcess[str]:
    described = settings.DATABASES["default"]
    keys = [sys.executable, "-m", "bihuan.platform.crypto", str(tmp_path / "keys")]
    surroundings = os.environ | {
        "DATABASE_URL": f"postgresql://{role}@{described['HOST']}:{described['PORT']}/"
        f"{connection.settings_dict['NAME']}",
        "DJANGO_SETTINGS_MODULE": "bihuan.config.settings.prod",
        "BIHUAN_SECRET_KEY": "s" * 60,
        "BIHUAN_HOSTS": "127.0.0.1",
        "BIHUAN_KEYS": str(tmp_path / "keys"),
        "PYTHONPATH": str(ROOT / "src"),
    }
    subprocess.run(keys, check=True, env=surroundings, stdout=subprocess.DEVNULL)
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", CODE],
        env=surroundings,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.django_db
def test_names_every_fault_of_the_tests_own_database() -> None:
    # the tests' server runs without fsync, as a superuser that owns all tables
    found = " ".join(safety.faults())
    for word in ("fsync is off", "full_page_writes is off", "is a superuser", "tables"):
        assert word in found
    assert "synchronous_commit" not in found


@pytest.mark.django_db
def test_notices_commits_from_memory() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
        assert any("synchronous_commit is off" in fault for fault in safety.faults())


@pytest.mark.django_db
def test_finds_nothing_against_a_role_that_owns_nothing() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"DO $$ BEGIN CREATE ROLE {roles.RUNTIME}; EXCEPTION WHEN duplicate_object THEN END $$"
        )
        cursor.execute(f"SET LOCAL ROLE {roles.RUNTIME}")
        assert not any("role" in fault for fault in safety.faults())


@pytest.mark.django_db(transaction=True)
def test_the_start_is_refused_with_every_reason(tmp_path: Path) -> None:
    done = _start(tmp_path, "postgres")
    assert done.returncode != 0
    said = done.stderr.splitlines()[-1]
    assert "Bihuan does not start" in said
    assert "fsync is off" in said
    assert "superuser" in said
