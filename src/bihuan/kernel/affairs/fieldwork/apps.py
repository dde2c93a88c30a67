"""The app of visits."""

from django.apps import AppConfig


class FieldworkConfig(AppConfig):
    """Visits and findings."""

    name = "bihuan.kernel.affairs.fieldwork"
    label = "fieldwork"

    def ready(self) -> None:
        """Give standing duties their powers."""
        from bihuan.kernel.affairs.fieldwork import types
        from bihuan.kernel.ground.registry import api as registry
        from bihuan.kernel.ground.registry.types import DutyCode

        for duty, powers in types.POWERS_OF_DUTIES.items():
            registry.grant(DutyCode(duty), powers)
