"""The app of the officers' desk."""

from django.apps import AppConfig


class OfficerConfig(AppConfig):
    """The officers' desk."""

    name = "bihuan.desks.officer"
    label = "desk_officer"
