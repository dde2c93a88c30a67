"""Which duties may not meet in one hand."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from bihuan.kernel.ground.registry.types import (
    AUDIT_ADMIN,
    SECURITY_ADMIN,
    SYSTEM_ADMIN,
    DutyCode,
)

ADMINISTRATORS = frozenset({SYSTEM_ADMIN, SECURITY_ADMIN, AUDIT_ADMIN})


def clashing_duty(duty: DutyCode, held: AbstractSet[DutyCode]) -> DutyCode | None:
    """Return a duty held that may not stand beside `duty`: the three administrators are apart."""
    if duty not in ADMINISTRATORS:
        return None
    return next(iter(sorted((held & ADMINISTRATORS) - {duty})), None)
