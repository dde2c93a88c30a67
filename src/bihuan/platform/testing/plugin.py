"""A pytest plug-in that starts one embedded PostgreSQL for the whole run.

Set ``DATABASE_URL`` to run against another server (the portable subset on the oldest supported
release does so). Workers of xdist inherit the address and make databases of their own.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from bihuan.platform.database.server import Server, free_port

_OWN_SERVER = "DATABASE_URL" not in os.environ
if _OWN_SERVER:
    os.environ["DATABASE_URL"] = f"postgresql://postgres@127.0.0.1:{free_port()}/bihuan"
    os.environ["BIHUAN_TEST_SERVER_OWNER"] = str(os.getpid())

_server: Server | None = None
_home: Path | None = None


def pytest_configure(config: pytest.Config) -> None:
    """Start the server in the controlling process only."""
    global _server, _home  # noqa: PLW0603  pytest's hooks have no object of their own
    if not _OWN_SERVER or hasattr(config, "workerinput"):
        return
    base = Path("/dev/shm") if os.access("/dev/shm", os.W_OK) else Path(tempfile.gettempdir())
    _home = Path(tempfile.mkdtemp(prefix="bihuan-test-", dir=base))
    port = int(os.environ["DATABASE_URL"].rsplit(":", 1)[1].split("/")[0])
    _server = Server(_home, port=port, settings={"fsync": "off", "full_page_writes": "off"})
    _server.start()


def pytest_unconfigure() -> None:
    """Stop the server and remove its folder."""
    if _server is not None:
        _server.stop()
    if _home is not None:
        shutil.rmtree(_home, ignore_errors=True)
