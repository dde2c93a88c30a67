"""The app of billing."""

from pathlib import Path

from django.apps import AppConfig
from django.conf import settings


class BillingConfig(AppConfig):
    """Bills and payments."""

    name = "bihuan.kernel.affairs.billing"
    label = "billing"

    def ready(self) -> None:
        """Make its jobs known; let residents pay their own bills and auditors read."""
        from bihuan.kernel.affairs.billing import jobs as _jobs  # noqa: F401
        from bihuan.kernel.affairs.billing.types import MAY_PAY, MAY_READ
        from bihuan.kernel.ground.registry import api as registry
        from bihuan.kernel.ground.registry.types import AUDITOR, RESIDENT

        registry.grant(RESIDENT, frozenset({MAY_PAY}))
        if settings.BIHUAN_PAYMENTS:
            from bihuan.kernel.affairs.billing.channels import configured

            configured.load(Path(settings.BIHUAN_PAYMENTS))
        registry.grant(AUDITOR, frozenset({MAY_READ}))
