"""Background entry points of clocks."""

from __future__ import annotations

from bihuan.kernel.ground.clocks import api as clocks
from bihuan.platform import clock
from bihuan.platform.jobs import queue


@queue.periodic("clocks.rungs", cron="*/5 * * * *")
def fire() -> None:
    """Fire the rungs that were reached."""
    clocks.fire_due_rungs(at=clock.now())
