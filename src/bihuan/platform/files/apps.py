"""The app of uploads."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Uploads."""

    name = "bihuan.platform.files"
    label = "files"

    def ready(self) -> None:
        """Make the background work known."""
        from bihuan.platform.files import jobs as _jobs  # noqa: F401
