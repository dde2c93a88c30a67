"""Background entry points of notices."""

from __future__ import annotations

from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import REACH_PEOPLE
from bihuan.kernel.tools.notices import api as notices
from bihuan.kernel.tools.notices.types import MAY_SEND
from bihuan.platform import clock
from bihuan.platform.jobs import queue


@queue.periodic("notices.send", cron="* * * * *")
def send() -> None:
    """Send what is due; woken by each commit that queues something, and each minute anyway."""
    scope = registry.system_scope("notices.send", (MAY_SEND, REACH_PEOPLE))
    notices.send_pending(scope=scope, at=clock.now())
