"""The app of evidence."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Evidence."""

    name = "bihuan.kernel.tools.documents"
    label = "documents"
