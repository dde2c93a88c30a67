"""The app of the resident's desk."""

from django.apps import AppConfig


class ResidentConfig(AppConfig):
    """The resident's desk."""

    name = "bihuan.desks.resident"
    label = "desk_resident"
