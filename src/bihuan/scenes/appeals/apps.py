"""The app of the scene."""

from django.apps import AppConfig


class AppealsConfig(AppConfig):
    """民生诉求."""

    name = "bihuan.scenes.appeals"
    label = "scene_appeals"

    def ready(self) -> None:
        """Make its jobs known."""
        from bihuan.scenes.appeals import jobs as _jobs  # noqa: F401
