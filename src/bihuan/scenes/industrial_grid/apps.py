"""The app of the scene."""

from django.apps import AppConfig


class IndustrialGridConfig(AppConfig):
    """工业社区网格."""

    name = "bihuan.scenes.industrial_grid"
    label = "scene_industrial_grid"
