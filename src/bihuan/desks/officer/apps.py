"""The app of the officers' desk."""

from django.apps import AppConfig


class OfficerConfig(AppConfig):
    """The officers' desk."""

    name = "bihuan.desks.officer"
    label = "desk_officer"

    def ready(self) -> None:
        """Bring the help of its pages, and the tours of those who work here."""
        from bihuan.desks.officer import help as own_help

        own_help.declare()
