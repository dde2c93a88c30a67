"""The app of the enterprise's desk."""

from django.apps import AppConfig


class EnterpriseConfig(AppConfig):
    """The enterprise's desk."""

    name = "bihuan.desks.enterprise"
    label = "desk_enterprise"

    def ready(self) -> None:
        """Bring the help of its pages, and the tours of those who work here."""
        from bihuan.desks.enterprise import help as own_help

        own_help.declare()
