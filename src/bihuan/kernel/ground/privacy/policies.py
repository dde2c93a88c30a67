"""Who may look, agree and audit, from a Scope."""

from __future__ import annotations

from django.db.models import Q

from bihuan.kernel.ground.privacy.types import (
    MAY_AUDIT,
    MAY_BREAK_GLASS,
    MAY_REVEAL,
    Basis,
    Purpose,
)
from bihuan.kernel.ground.registry.types import Power, Scope
from bihuan.platform.database.sight import EVERYWHERE
from bihuan.platform.web.errors import NotAllowed


def require(scope: Scope, power: Power) -> None:
    """Refuse unless the scope holds `power`."""
    if not scope.has(power):
        raise NotAllowed("Your post does not include this.", code=f"needs:{power}")


def may_use(scope: Scope, purpose: Purpose) -> bool:
    """Return whether the scope's duty is one for which the purpose is."""
    needed = MAY_BREAK_GLASS if purpose.basis is Basis.EMERGENCY else MAY_REVEAL
    return scope.has(needed) and bool(purpose.duties & scope.duties)


def looks_seen(scope: Scope) -> Q:
    """Return the condition of the lines that an auditor sees: the own county's, the city's all."""
    if not scope.has(MAY_AUDIT):
        return Q(pk__in=[])
    return Q() if _whole_city(scope) else Q(county=scope.county_id)


def county_seen(scope: Scope) -> str:
    """Return whose lines row security shows to an auditor; to everybody else none."""
    if not scope.has(MAY_AUDIT):
        return ""
    return EVERYWHERE if _whole_city(scope) else scope.county_id


def _whole_city(scope: Scope) -> bool:
    return any(path.count("/") <= 1 for path in scope.area_paths)
