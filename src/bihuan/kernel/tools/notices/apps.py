"""The app of notices."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Notices."""

    name = "bihuan.kernel.tools.notices"
    label = "notices"

    def ready(self) -> None:
        """Let duty officers watch what cannot be sent, and make the sender known."""
        from bihuan.kernel.ground.registry import api as registry
        from bihuan.kernel.ground.registry.types import DUTY_OFFICER, SYSTEM_ADMIN
        from bihuan.kernel.tools.notices import jobs as _jobs  # noqa: F401
        from bihuan.kernel.tools.notices import subscribers
        from bihuan.kernel.tools.notices.types import MAY_WATCH

        for duty in (DUTY_OFFICER, SYSTEM_ADMIN):
            registry.grant(duty, [MAY_WATCH])
        subscribers.start()
