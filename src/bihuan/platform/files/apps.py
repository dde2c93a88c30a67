"""The app of uploads."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Uploads."""

    name = "bihuan.platform.files"
    label = "files"
