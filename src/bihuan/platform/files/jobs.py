"""Background entry points of uploads."""

from __future__ import annotations

from bihuan.platform import clock
from bihuan.platform.files import store
from bihuan.platform.jobs import queue


@queue.periodic("files.forget_unfinished", cron="40 3 * * *")
def forget_unfinished() -> None:
    """Remove files that have not become whole within a week."""
    store.forget_unfinished(at=clock.now())
