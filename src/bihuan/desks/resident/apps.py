"""The app of the resident's desk."""

from django.apps import AppConfig


class ResidentConfig(AppConfig):
    """The resident's desk."""

    name = "bihuan.desks.resident"
    label = "desk_resident"

    def ready(self) -> None:
        """Bring the help of its pages, and the tours of those who work here."""
        from bihuan.desks.resident import help as own_help

        own_help.declare()
