"""Background entry points of figures."""

from __future__ import annotations

from bihuan.kernel.sight.indices import api as indices
from bihuan.platform import clock
from bihuan.platform.jobs import queue


@queue.periodic("indices.days", cron="*/10 * * * *")
def days() -> None:
    """Count the days that lack; nothing is done when none does."""
    indices.keep_days(at=clock.now())
