"""The app of learning: it keeps versions."""

from django.apps import AppConfig


class LearningConfig(AppConfig):
    """Versions of classifiers."""

    name = "bihuan.platform.learning"
    label = "learning"
