"""The app of the open face."""

from django.apps import AppConfig


class PublicConfig(AppConfig):
    """The open face."""

    name = "bihuan.desks.public"
    label = "desk_public"
