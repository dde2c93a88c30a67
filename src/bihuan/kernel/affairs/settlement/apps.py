"""The app of settlement."""

from django.apps import AppConfig


class SettlementConfig(AppConfig):
    """Routes and clearing."""

    name = "bihuan.kernel.affairs.settlement"
    label = "settlement"

    def ready(self) -> None:
        """Let the auditor read; every other power is a scene's to give."""
        from bihuan.kernel.affairs.settlement.types import MAY_READ
        from bihuan.kernel.ground.registry import api as registry
        from bihuan.kernel.ground.registry.types import AUDITOR

        registry.grant(AUDITOR, frozenset({MAY_READ}))
