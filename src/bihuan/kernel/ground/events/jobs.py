"""Background entry points of the record."""

from __future__ import annotations

from bihuan.kernel.ground.events import api as events
from bihuan.platform import clock
from bihuan.platform.jobs import queue


@queue.periodic("events.deliver", cron="* * * * *")
def deliver() -> None:
    """Bring waiting facts to their subscribers; woken by each commit, and each minute anyway."""
    events.deliver_pending(at=clock.now())
