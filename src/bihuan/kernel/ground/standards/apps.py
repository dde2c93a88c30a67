"""The app of rules with dates."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created


class StandardsConfig(AppConfig):
    """Rules with dates and sources."""

    name = "bihuan.kernel.ground.standards"
    label = "standards"

    def ready(self) -> None:
        """Let every connection hear of a changed rule."""
        from bihuan.kernel.ground.standards import freshness

        connection_created.connect(freshness.listen, dispatch_uid="standards.freshness")
