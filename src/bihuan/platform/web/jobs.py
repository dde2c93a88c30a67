"""What is forgotten by the hour."""

from __future__ import annotations

from datetime import timedelta

from bihuan.platform import clock
from bihuan.platform.jobs import queue
from bihuan.platform.web.limits import forget_tries

KEPT = timedelta(days=1)


@queue.periodic("web.forget_tries", cron="17 * * * *")
def forget() -> None:
    """Remove counts of tries that are older than a day."""
    forget_tries(before=clock.now() - KEPT)
