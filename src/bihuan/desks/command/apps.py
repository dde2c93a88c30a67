"""The app of the command desk."""

from django.apps import AppConfig


class CommandConfig(AppConfig):
    """The command desk."""

    name = "bihuan.desks.command"
    label = "desk_command"
