"""The app of the scene."""

from django.apps import AppConfig


class SafeEnterpriseConfig(AppConfig):
    """安企."""

    name = "bihuan.scenes.safe_enterprise"
    label = "scene_safe_enterprise"
