"""The web server: the product is loaded once and forked, so that a dead worker is back at once.

Three generations. The keeper (this process) loads the application and serves nothing. It forks
granian's supervisor, and that forks the workers, all with the application already in memory. A
worker that dies is replaced in a tenth of a second instead of after a start of the whole product;
when workers die so fast that the supervisor takes it for a crash loop and ends, the keeper forks
another one.

``python -m bihuan.platform.cli.web --port 8000 bihuan.config.wsgi:application``
"""

from __future__ import annotations

import argparse
import ctypes
import gc
import importlib
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

PAUSES = (0.1, 0.2, 0.4, 1.0)
"""Seconds before a supervisor that ended is replaced; the last for all further ones in a row."""
SETTLED = 10.0
"""Seconds after which a supervisor counts as settled: the pauses begin anew."""
DIE_WITH_PARENT = 1
"""Linux's PR_SET_PDEATHSIG."""

Application = Callable[..., Any]


def load(target: str) -> Application:
    """Import the application and all that its first request would import."""
    module, _, name = target.partition(":")
    application: Application = getattr(importlib.import_module(module), name)
    from django.urls import get_resolver  # noqa: PLC0415  settings must be known first

    _ = get_resolver().url_patterns
    gc.collect()
    gc.freeze()  # what is loaded by now is shared by all workers; nobody need look through it
    return application


class Keeper:
    """It keeps one supervisor running until a signal comes."""

    def __init__(self, serve: Callable[[], None]) -> None:
        self.serve = serve
        self.supervisor = 0
        self.stopping = False

    def stop(self, _number: int, _frame: FrameType | None) -> None:
        """End the supervisor, and after it this process."""
        self.stopping = True
        if self.supervisor:
            _signal(self.supervisor, signal.SIGTERM)

    def run(self) -> int:
        """Return the code to exit with."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        failures = 0
        while not self.stopping:
            began = time.monotonic()
            self._serve_once()
            failures = 0 if time.monotonic() - began > SETTLED else failures + 1
            if not self.stopping and failures:
                time.sleep(PAUSES[min(failures, len(PAUSES)) - 1])
        return 0

    def _serve_once(self) -> None:
        self.supervisor = os.fork()
        if self.supervisor == 0:
            _be_child(self.serve)
        if self.stopping:  # the signal came before the id was known
            _signal(self.supervisor, signal.SIGTERM)
        os.waitpid(self.supervisor, 0)
        self.supervisor = 0


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _be_child(serve: Callable[[], None]) -> None:
    """Serve as the child of a fork, and never return to what the parent was doing."""
    code = 1
    try:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        _end_with_parent(signal.SIGTERM)
        serve()
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    finally:
        sys.stderr.flush()
        os._exit(code)


def _end_with_parent(number: signal.Signals) -> None:
    """Ask for a signal when the parent dies: no orphan goes on serving beside its successor."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, number)


def supervise(application: Application, options: argparse.Namespace) -> None:
    """Serve by granian's workers, forked from here."""
    from granian import Granian  # noqa: PLC0415  only the supervisor needs it
    from granian.constants import Interfaces  # noqa: PLC0415
    from granian.log import LogLevels  # noqa: PLC0415

    multiprocessing.set_start_method("fork", force=True)

    def worker() -> Application:
        _end_with_parent(signal.SIGTERM)
        return application

    server = Granian(
        options.target,
        address=options.host,
        port=options.port,
        interface=Interfaces.WSGI,
        workers=options.workers,
        blocking_threads=options.threads,
        respawn_failed_workers=True,
        respawn_interval=0.2,
        workers_kill_timeout=options.patience,
        log_level=LogLevels.warning,
    )
    server.serve(target_loader=worker, wrap_loader=False)


def main(arguments: list[str] | None = None) -> int:
    """Load, then keep serving."""
    parser = argparse.ArgumentParser(prog="python -m bihuan.platform.cli.web")
    parser.add_argument("target", nargs="?", default="bihuan.config.wsgi:application")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--patience", type=int, default=30, help="seconds a worker has to finish")
    options = parser.parse_args(arguments)
    application = load(options.target)
    return Keeper(lambda: supervise(application, options)).run()


if __name__ == "__main__":
    sys.exit(main())
