"""The app of privacy."""

from pathlib import Path

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """Purposes, consent, masks, looks."""

    name = "bihuan.kernel.ground.privacy"
    label = "privacy"

    def ready(self) -> None:
        """Read purposes and masks, bring the registry its masks, give duties their powers."""
        from bihuan.kernel.ground.privacy import kinds, types
        from bihuan.kernel.ground.registry import api as registry
        from bihuan.kernel.ground.registry import types as words
        from bihuan.platform import clock

        kinds.declare_folder(Path(self.path) / "standards")
        today = clock.now  # a mask belongs to the moment at which somebody looks
        registry.use_masks(
            lambda field: kinds.keep_of_field(
                field, types.Audience.DISPLAY, on=clock.business_date(today())
            )
        )
        for duty in (
            words.ACCEPTOR,
            words.DISPATCHER,
            words.HANDLER,
            words.VERIFIER,
            words.DUTY_OFFICER,
            words.GRID_WORKER,
            words.GRID_LEADER,
            words.PROJECT_OFFICER,
        ):
            registry.grant(duty, [types.MAY_REVEAL])
        for duty in (words.DUTY_OFFICER, words.LEADER):
            registry.grant(duty, [types.MAY_BREAK_GLASS])
        for duty in (words.AUDITOR, words.AUDIT_ADMIN):
            registry.grant(duty, [types.MAY_AUDIT])
