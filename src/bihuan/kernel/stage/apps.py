"""The app of the stage: it opens when the site starts."""

from django.apps import AppConfig
from django.conf import settings


class StageConfig(AppConfig):
    """The stage."""

    name = "bihuan.kernel.stage"
    label = "stage"

    def ready(self) -> None:
        """Read and seal the manifests."""
        from bihuan.kernel.stage.opening import open_stage

        open_stage(tuple(settings.SCENES))
