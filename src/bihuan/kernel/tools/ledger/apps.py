"""The app of the ledger."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Books of accounts."""

    name = "bihuan.kernel.tools.ledger"
    label = "ledger"

    def ready(self) -> None:
        """Let the auditor read every book of his area; nobody else reads one by default."""
        from bihuan.kernel.ground.registry import api as registry
        from bihuan.kernel.ground.registry.types import AUDITOR
        from bihuan.kernel.tools.ledger.types import MAY_READ

        registry.grant(AUDITOR, frozenset({MAY_READ}))
