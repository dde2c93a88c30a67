"""The keeper of the web server: a supervisor that ends is replaced, and nothing outlives it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

KEEPER = """
import os, sys, time
from bihuan.platform.cli.web import Keeper
def serve():
    with open(sys.argv[1], "a") as out:
        out.write(f"{os.getpid()}\\n")
    time.sleep(60)
sys.exit(Keeper(serve).run())
"""


def _keeper(path: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", KEEPER, str(path)], start_new_session=True)


def _until(path: Path, lines: int) -> list[int]:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        found = [int(line) for line in path.read_text().split()] if path.exists() else []
        if len(found) >= lines:
            return found
        time.sleep(0.01)
    raise AssertionError(f"{lines} supervisors were not seen")


def _alive(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").exists() and (
        Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    )


def _wait_until_gone(pid: int) -> None:
    deadline = time.monotonic() + 20
    while _alive(pid):
        assert time.monotonic() < deadline, "it outlived its parent"
        time.sleep(0.01)


def test_a_supervisor_that_ends_is_replaced_and_a_signal_ends_both(tmp_path: Path) -> None:
    keeper = _keeper(tmp_path / "seen")
    try:
        for round_no in (1, 2, 3):
            seen = _until(tmp_path / "seen", round_no)
            assert len(set(seen)) == round_no
            if round_no < 3:
                os.kill(seen[-1], signal.SIGKILL)
        keeper.terminate()
        assert keeper.wait(10) == 0
        assert not _alive(seen[-1])
    finally:
        keeper.kill()
        keeper.wait()


def test_a_supervisor_does_not_outlive_a_killed_keeper(tmp_path: Path) -> None:
    keeper = _keeper(tmp_path / "seen")
    (supervisor,) = _until(tmp_path / "seen", 1)
    keeper.kill()
    keeper.wait()
    _wait_until_gone(supervisor)
