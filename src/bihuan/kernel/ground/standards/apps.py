"""The app of rules with dates."""

from django.apps import AppConfig


class StandardsConfig(AppConfig):
    """Rules with dates and sources."""

    name = "bihuan.kernel.ground.standards"
    label = "standards"
