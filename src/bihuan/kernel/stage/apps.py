"""The app of the stage: it opens when the site starts."""

from django.apps import AppConfig, apps
from django.conf import settings
from django.db.models.signals import post_migrate


class StageConfig(AppConfig):
    """The stage."""

    name = "bihuan.kernel.stage"
    label = "stage"

    def ready(self) -> None:
        """Read and seal the manifests."""
        from bihuan.kernel.stage.opening import load_what_ships, open_stage

        open_stage(tuple(settings.SCENES))
        # Django tells only apps with tables that a migration has ended.
        standards = apps.get_app_config("standards")
        post_migrate.connect(load_what_ships, sender=standards, dispatch_uid="stage.what_ships")
