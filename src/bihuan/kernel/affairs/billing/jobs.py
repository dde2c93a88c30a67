"""Background entry points of billing."""

from __future__ import annotations

from bihuan.kernel.affairs.billing import api as billing
from bihuan.kernel.affairs.billing.types import taking_powers
from bihuan.kernel.ground.registry import api as registry
from bihuan.platform import clock
from bihuan.platform.jobs import queue


@queue.periodic("billing.look", cron="* * * * *")
def look() -> None:
    """Ask channels about open payments, close what is over."""
    scope = registry.system_scope("billing.look", taking_powers())
    billing.look_after_payments(scope=scope, at=clock.now())
