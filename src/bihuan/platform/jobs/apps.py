"""The app of background work."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Background work."""

    name = "bihuan.platform.jobs"
    label = "jobs"
