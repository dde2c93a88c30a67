"""The app of the scene."""

from django.apps import AppConfig
from django.conf import settings


class SchoolFeesConfig(AppConfig):
    """银校通."""

    name = "bihuan.scenes.school_fees"
    label = "scene_school_fees"

    def ready(self) -> None:
        """Let the simulator stand for WeChat Pay, in the demo only."""
        if settings.BIHUAN_DEMO and not settings.BIHUAN_PAYMENTS:
            from bihuan.scenes.school_fees.demo import use_simulator

            use_simulator()
