"""A town of its own: a durable PostgreSQL, two roles, granian with production settings.

Only processes that a town started are ever killed, by their ids. Fault times come from a seed; the
interleaving does not (PostgreSQL is not deterministic): a failing seed is repeated, not replayed.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg

from bihuan.platform.cli.serve import web_command
from bihuan.platform.database.roles import OWNER, RUNTIME, grant_runtime, make_roles
from bihuan.platform.database.server import Server, free_port

ROOT = Path(__file__).resolve().parents[2]
DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
FORGETFUL = {**DURABLE, "synchronous_commit": "off", "wal_writer_delay": "10s"}
"""The control: commits are acknowledged from memory, and written when there is time."""
REAL = "bihuan.config.wsgi:application"
UNCHECKED = "tests.trust.unchecked:application"
"""The same house without the start-up check, which refuses such a database."""
SPLIT_KEY = "tests.trust.split_key:application"
"""The control: the command's id commits apart from its effect."""
AFTER_COMMIT = "tests.trust.after_commit:application"
"""The real house with one fail-point: between the commit and the answer."""


def children_of(pid: int) -> list[int]:
    """Return the ids of a process's children."""
    found: list[int] = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += [int(word) for word in path.read_text().split()]
    return found


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


class Town:
    """A database, a web server and the cast, in a folder that goes with them."""

    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="bihuan-trust-", dir="/var/tmp"))
        self.server = Server(self.home, settings=dict(DURABLE))
        self.fail_point = self.home / "between"
        self.port = free_port()
        self.web: subprocess.Popen[bytes] | None = None
        self.application = REAL
        self.kills = 0
        self.restarts = 0
        self.supervisors: set[int] = set()
        """Ids of all that granian had for its main process: how often a crash loop was seen."""
        self.workers = 2

    # -- life --------------------------------------------------------------------------------

    def build(self) -> dict[str, Any]:
        """Make cluster, roles, tables and cast; return sessions and units."""
        self.home.chmod(0o755)
        self.server.start()
        make_roles(self.server.url(), "bihuan")
        keys = [sys.executable, "-m", "bihuan.platform.crypto", str(self.home / "keys")]
        subprocess.run(keys, env=self.surroundings(), check=True, stdout=subprocess.DEVNULL)
        self._manage(OWNER, "migrate", "-v", "0")
        grant_runtime(self.server.url("bihuan", OWNER))
        made = self.run_world("build")
        with psycopg.connect(self.server.url("bihuan"), autocommit=True) as connection:
            connection.execute("CHECKPOINT")
        return dict(made)

    def surroundings(self, role: str = RUNTIME) -> dict[str, str]:
        """Return the environment of a real installation."""
        return os.environ | {
            "DATABASE_URL": self.server.url("bihuan", role),
            "DJANGO_SETTINGS_MODULE": "bihuan.config.settings.prod",
            "BIHUAN_SECRET_KEY": "only-for-this-town-" + "7" * 40,
            "BIHUAN_HOSTS": "127.0.0.1",
            "BIHUAN_FAIL_POINT": str(self.fail_point),
            "BIHUAN_MEDIA": str(self.home / "media"),
            "BIHUAN_KEYS": str(self.home / "keys"),
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        }

    def _manage(self, role: str, *arguments: str) -> None:
        command = [sys.executable, "-W", "ignore", str(ROOT / "manage.py"), *arguments]
        subprocess.run(command, cwd=ROOT, env=self.surroundings(role), check=True)

    def run_world(self, word: str, surroundings: dict[str, str] | None = None) -> Any:
        """Run one verb of `world.py` beside the town and return what it prints."""
        command = [sys.executable, "-W", "ignore", "-m", "tests.trust.world", word]
        env = surroundings or self.surroundings()
        done = subprocess.run(
            command, cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True
        )
        return json.loads(done.stdout.splitlines()[-1])

    def open(self, application: str = REAL, settings: dict[str, str] | None = None) -> None:
        """Serve `application` on a database with `settings`."""
        wanted = settings or DURABLE
        if self.server.settings != wanted or self.server.process is None:
            self.server.stop()
            self.server.settings = dict(wanted)
            self.server.start()
        self.application = application
        self._serve()

    def _serve(self) -> None:
        command = web_command(self.port, target=self.application, workers=self.workers)
        with (self.home / "web.log").open("ab") as log:
            self.web = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.surroundings(),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def close_web(self) -> None:
        """Stop the web server."""
        if self.web is None:
            return
        workers = self._workers()
        self.web.terminate()
        try:
            self.web.wait(10)
        except subprocess.TimeoutExpired:
            self.web.kill()
            self.web.wait()
        for pid in workers:
            _kill(pid)
        self.web = None

    def close(self) -> None:
        """Stop everything and remove the folder."""
        self.close_web()
        self.server.stop()
        if os.environ.get("BIHUAN_TRUST_KEEP"):
            return
        shutil.rmtree(self.home, ignore_errors=True)

    # -- faults ------------------------------------------------------------------------------

    def kill_database(self) -> None:
        """Kill the postmaster and all its children at once, and start the database again."""
        process = self.server.process
        assert process is not None
        self.kills += 1
        os.kill(process.pid, signal.SIGSTOP)
        for pid in children_of(process.pid):
            _kill(pid)
        self.server.kill()
        self.server.start()

    def kill_worker(self, dice: random.Random) -> None:
        """Kill one of the web workers; granian is to put another in its place."""
        self.kills += 1
        _kill(dice.choice(self._living_workers()))

    def kill_worker_at_fail_point(self) -> None:
        """Kill a worker while it stands at the fail-point of the build that is served."""
        pid = self._wait_at_fail_point()
        self.kills += 1
        _kill(pid)

    def kill_database_at_fail_point(self) -> None:
        """Kill the database while a worker stands at the fail-point."""
        self._wait_at_fail_point()
        self.kill_database()

    def _wait_at_fail_point(self) -> int:
        deadline = time.monotonic() + 300
        self.fail_point.unlink(missing_ok=True)
        while time.monotonic() < deadline:
            self.keep()
            said = self.fail_point.read_text() if self.fail_point.exists() else ""
            if said.isdigit() and int(said) in self._workers():
                return int(said)
            time.sleep(0.003)
        raise AssertionError("nobody came by the fail-point")

    def _living_workers(self) -> list[int]:
        """Wait for workers and return their ids: the keeper's supervisor's children.

        Workers that die twice within seconds look to granian like a crash loop, and it ends with
        all of them; the keeper has another supervisor then.
        """
        deadline = time.monotonic() + 300
        while time.monotonic() < deadline:
            self.keep()
            workers = self._workers()
            if workers:
                return workers
            time.sleep(0.02)
        raise AssertionError("the web server did not come back")

    def _workers(self) -> list[int]:
        assert self.web is not None
        supervisors = children_of(self.web.pid)
        self.supervisors.update(supervisors)
        return sorted(pid for parent in supervisors for pid in children_of(parent))

    def keep(self) -> None:
        """Start the web server again if it has ended, as `bihuan serve` does."""
        if self.web is not None and self.web.poll() is not None:
            self.restarts += 1
            self._serve()
