"""The app of figures."""

from django.apps import AppConfig


class IndicesConfig(AppConfig):
    """Figures and indices."""

    name = "bihuan.kernel.sight.indices"
    label = "indices"

    def ready(self) -> None:
        """Give standing duties the power to read figures; make its jobs known."""
        from bihuan.kernel.ground.registry import api as registry
        from bihuan.kernel.ground.registry.types import DutyCode
        from bihuan.kernel.sight.indices import jobs as _jobs  # noqa: F401
        from bihuan.kernel.sight.indices.types import MAY_SEE_FIGURES

        for duty in ("leader", "main_leader", "duty_officer", "dispatcher", "auditor"):
            registry.grant(DutyCode(duty), frozenset({MAY_SEE_FIGURES}))
