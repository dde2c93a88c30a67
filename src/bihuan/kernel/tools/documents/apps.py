"""The app of evidence and papers."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Evidence and papers."""

    name = "bihuan.kernel.tools.documents"
    label = "documents"

    def ready(self) -> None:
        """Let the duty officer withdraw papers."""
        from bihuan.kernel.ground.registry import api as registry
        from bihuan.kernel.ground.registry.types import DUTY_OFFICER
        from bihuan.kernel.tools.documents.types import MAY_WITHDRAW

        registry.grant(DUTY_OFFICER, frozenset({MAY_WITHDRAW}))
