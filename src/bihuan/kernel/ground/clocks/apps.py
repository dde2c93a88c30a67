"""The app of clocks."""

from django.apps import AppConfig


class ClocksConfig(AppConfig):
    """Deadlines."""

    name = "bihuan.kernel.ground.clocks"
    label = "clocks"

    def ready(self) -> None:
        """Make its jobs known; the system's administrator keeps the calendar."""
        from bihuan.kernel.ground.clocks import jobs as _jobs  # noqa: F401
        from bihuan.kernel.ground.clocks.types import MANAGE_CALENDAR
        from bihuan.kernel.ground.registry import api as registry
        from bihuan.kernel.ground.registry.types import SYSTEM_ADMIN

        registry.grant(SYSTEM_ADMIN, [MANAGE_CALENDAR])
