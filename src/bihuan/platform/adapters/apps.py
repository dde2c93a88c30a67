"""The app of the edge."""

from django.apps import AppConfig


class AdaptersConfig(AppConfig):
    """The edge of the house."""

    name = "bihuan.platform.adapters"
    label = "adapters"

    def ready(self) -> None:
        """Make its jobs known."""
        from bihuan.platform.adapters import jobs as _jobs  # noqa: F401
