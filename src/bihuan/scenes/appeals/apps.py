"""The app of the scene."""

from django.apps import AppConfig


class AppealsConfig(AppConfig):
    """民生诉求."""

    name = "bihuan.scenes.appeals"
    label = "scene_appeals"

    def ready(self) -> None:
        """Make its jobs known, and the help of its pages."""
        from bihuan.scenes.appeals import help as own_help
        from bihuan.scenes.appeals import jobs as _jobs  # noqa: F401

        own_help.declare()
