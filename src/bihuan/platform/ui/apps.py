"""The app of the design system."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """The design system."""

    name = "bihuan.platform.ui"
    label = "ui"
