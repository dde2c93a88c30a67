"""The app of clocks."""

from django.apps import AppConfig


class ClocksConfig(AppConfig):
    """Deadlines."""

    name = "bihuan.kernel.ground.clocks"
    label = "clocks"

    def ready(self) -> None:
        """Make its jobs known."""
        from bihuan.kernel.ground.clocks import jobs as _jobs  # noqa: F401
