"""Who may change the calendar."""

from __future__ import annotations

from bihuan.kernel.ground.clocks.types import MANAGE_CALENDAR
from bihuan.kernel.ground.registry.types import Scope
from bihuan.platform.web.errors import NotAllowed


def require_calendar(scope: Scope) -> None:
    """Refuse unless the scope may change the calendar."""
    if not scope.has(MANAGE_CALENDAR):
        raise NotAllowed("Your post does not include this.", code=f"needs:{MANAGE_CALENDAR}")
