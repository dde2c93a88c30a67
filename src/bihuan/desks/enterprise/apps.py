"""The app of the enterprise's desk."""

from django.apps import AppConfig


class EnterpriseConfig(AppConfig):
    """The enterprise's desk."""

    name = "bihuan.desks.enterprise"
    label = "desk_enterprise"
