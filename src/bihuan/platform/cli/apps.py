"""The app of the command line."""

from django.apps import AppConfig


class CliConfig(AppConfig):
    """The command line."""

    name = "bihuan.platform.cli"
    label = "cli"
