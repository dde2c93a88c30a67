"""The app of the web's manners."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The web's manners."""

    name = "bihuan.platform.web"
    label = "web"
