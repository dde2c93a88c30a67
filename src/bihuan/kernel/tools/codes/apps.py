"""The app of codes."""

from django.apps import AppConfig


class CodesConfig(AppConfig):
    """Codes."""

    name = "bihuan.kernel.tools.codes"
    label = "codes"
