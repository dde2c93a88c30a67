"""Background entry points of clocks."""

from __future__ import annotations

from bihuan.kernel.ground.clocks import api as clocks
from bihuan.platform import clock
from bihuan.platform.jobs import queue


@queue.periodic("clocks.rungs", cron="* * * * *")
def fire() -> None:
    """Fire the rungs that were reached."""
    clocks.fire_due_rungs(at=clock.now())


@queue.periodic("clocks.calendar", cron="7 * * * *")
def calendar() -> None:
    """Move what a notice makes certain; say so when a notice is missing that should be here.

    A clock that another process started by the old calendar, in the minute in which a notice came,
    is caught here.
    """
    clocks.recompute_due(at=clock.now())
    clocks.raise_missing(at=clock.now())
