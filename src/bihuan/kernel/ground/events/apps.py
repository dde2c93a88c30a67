"""The app of the record."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """The record of facts."""

    name = "bihuan.kernel.ground.events"
    label = "events"

    def ready(self) -> None:
        """Make its jobs known."""
        from bihuan.kernel.ground.events import jobs as _jobs  # noqa: F401
