"""Background entry points of the edge."""

from __future__ import annotations

from bihuan.platform import clock
from bihuan.platform.adapters import calling, keys
from bihuan.platform.jobs import queue


@queue.periodic("adapters.carry", cron="* * * * *")
def carry() -> None:
    """Bring what is due to systems and hooks; woken by each commit, and each minute anyway."""
    at = clock.now()
    calling.carry_pending(at=at)
    keys.forget_visits(at=at)
