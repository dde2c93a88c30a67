"""Background entry points of matters."""

from __future__ import annotations

from bihuan.kernel.affairs.cases import api as cases
from bihuan.platform import clock
from bihuan.platform.jobs import queue


@queue.periodic("cases.reviews", cron="*/10 * * * *")
def review() -> None:
    """Bring back the matters whose review date has passed."""
    cases.bring_back(at=clock.now())
