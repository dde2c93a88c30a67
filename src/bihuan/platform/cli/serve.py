"""The demo: one process that keeps the database, the web server and the worker."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import BinaryIO
from urllib.parse import urlsplit

from bihuan.platform.database.roles import OWNER, RUNTIME, grant_runtime, make_roles
from bihuan.platform.database.server import Server, home_for

FIRST_PORT = 8000
ADDRESSES = "addresses.json"


def addresses(home: Path) -> dict[str, str]:
    """Return the environment of the running demo, or nothing when none runs."""
    path = home / ADDRESSES
    if not path.exists():
        return {}
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return found


def serve(root: Path, *, fresh: bool = False) -> int:
    """Serve until a signal comes; every child ends with this process."""
    home = home_for(root)
    _end_orphans(home)
    if fresh:
        shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True, exist_ok=True)
    server = Server(home)
    began = time.monotonic()
    with server.running():
        surroundings = _surroundings(root, home, server)
        _prepare(root, server, surroundings)
        try:
            return _run(root, home, surroundings, began)
        finally:
            (home / ADDRESSES).unlink(missing_ok=True)


def _surroundings(root: Path, home: Path, server: Server) -> dict[str, str]:
    secret = home / "secret"
    if not secret.exists():
        secret.write_text(secrets.token_urlsafe(48))
        secret.chmod(0o600)
    own = {
        "DATABASE_URL": server.url("bihuan", RUNTIME),
        "DATABASE_OWNER_URL": server.url("bihuan", OWNER),
        "DJANGO_SETTINGS_MODULE": "bihuan.config.settings.demo",
        "BIHUAN_SECRET_KEY": secret.read_text(),
        "BIHUAN_MEDIA": str(home / "media"),
        "BIHUAN_KEYS": str(home / "keys"),
    }
    (home / ADDRESSES).write_text(json.dumps(own))
    (home / ADDRESSES).chmod(0o600)
    return os.environ | own | {"PYTHONPATH": f"{root / 'src'}{os.pathsep}{root}"}


def _prepare(root: Path, server: Server, surroundings: dict[str, str]) -> None:
    make_roles(server.url(), "bihuan")
    _say("migrating")
    migrate(root, surroundings)
    _say("demo world")
    _manage(root, surroundings, "demo_world")


def migrate(root: Path, surroundings: dict[str, str]) -> None:
    """Bring the tables up to date as their owner, then let the run-time role use them.

    A real installation does the same by ``bihuan migrate``, with both addresses in its environment.
    """
    owner_url = surroundings["DATABASE_OWNER_URL"]
    _manage(root, surroundings | {"DATABASE_URL": owner_url}, "migrate", "-v", "0")
    grant_runtime(owner_url, role=urlsplit(surroundings["DATABASE_URL"]).username or RUNTIME)


def _manage(root: Path, surroundings: dict[str, str], *arguments: str) -> None:
    command = [sys.executable, str(root / "manage.py"), *arguments]
    subprocess.run(command, cwd=root, env=surroundings, check=True)


def _say(words: str) -> None:
    print(f"  {words} …", flush=True)


def _free_port() -> int:
    for port in range(FIRST_PORT, FIRST_PORT + 50):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return port
    raise OSError("no free port from 8000 to 8049")


def web_command(
    port: int, *, target: str = "bihuan.config.wsgi:application", workers: int = 2
) -> list[str]:
    """Return the command of the web server; a worker that dies is replaced at once."""
    where = ["--port", str(port), "--workers", str(workers)]
    return [sys.executable, "-m", "bihuan.platform.cli.web", *where, target]


def _run(root: Path, home: Path, surroundings: dict[str, str], began: float) -> int:
    port = _free_port()
    commands = {
        "web": web_command(port),
        "worker": [sys.executable, str(root / "manage.py"), "procrastinate", "worker"],
    }
    stopping: list[int] = []

    def ask_to_stop(number: int, _frame: FrameType | None) -> None:
        stopping.append(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask_to_stop)
    log = (home / "serve.log").open("ab")
    children = {name: _start(root, c, surroundings, log) for name, c in commands.items()}
    _remember(home, children)
    _wait_for(port, stopping)
    print(
        f"\n  闭环 Bihuan: http://127.0.0.1:{port}/   ({time.monotonic() - began:.1f} s)\n"
        f"  accounts: http://127.0.0.1:{port}/demo/   Ctrl-C ends it\n",
        flush=True,
    )
    while not stopping:
        time.sleep(0.3)
        for name, child in list(children.items()):
            if child.poll() is not None and not stopping:
                time.sleep(1)
                children[name] = _start(root, commands[name], surroundings, log)
                _remember(home, children)
    _end(children)
    return 0


def _start(
    root: Path, command: list[str], surroundings: dict[str, str], log: BinaryIO
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        cwd=root,
        env=surroundings,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )


def _wait_for(port: int, stopping: list[int]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not stopping:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)


def _remember(home: Path, children: dict[str, subprocess.Popen[bytes]]) -> None:
    (home / "children").write_text(" ".join(str(child.pid) for child in children.values()))


def _end(children: dict[str, subprocess.Popen[bytes]]) -> None:
    for child in children.values():
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGTERM)
    deadline = time.monotonic() + 10
    for child in children.values():
        while child.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        if child.poll() is None:
            child.kill()
            child.wait()


def _end_orphans(home: Path) -> None:
    """End what an earlier demo of this checkout left behind, known by our own notes of it."""
    marks = {"children": "bihuan", "pgdata/postmaster.pid": "postgres"}
    for name, mark in marks.items():
        path = home / name
        if not path.exists():
            continue
        first = path.read_text().split("\n", 1)[0]
        for word in first.split():
            _end_one(int(word), mark, str(home))
        path.unlink(missing_ok=True)


def _end_one(pid: int, mark: str, home: str) -> None:
    """End one process if it is really ours: its command line says so."""
    try:
        line = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return
    if mark not in line or (mark == "postgres" and home not in line):
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM if mark == "bihuan" else signal.SIGINT)
    deadline = time.monotonic() + 10
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
