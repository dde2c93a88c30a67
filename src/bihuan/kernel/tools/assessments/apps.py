"""The app of questionnaires."""

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    """Questionnaires, checklists, scales."""

    name = "bihuan.kernel.tools.assessments"
    label = "assessments"

    def ready(self) -> None:
        """Give standing duties their powers."""
        from bihuan.kernel.ground.registry import api as registry
        from bihuan.kernel.ground.registry.types import DutyCode
        from bihuan.kernel.tools.assessments import types

        for duty, powers in types.POWERS_OF_DUTIES.items():
            registry.grant(DutyCode(duty), powers)
