"""Who may do what in the registry, and whose firms one sees."""

from __future__ import annotations

from django.db.models import Q

from bihuan.kernel.ground.registry.types import AreaPath, OrganisationId, Power, Scope
from bihuan.platform.web.errors import NotAllowed


def require_power(scope: Scope, power: Power) -> None:
    """Refuse unless the scope holds `power`."""
    if not scope.has(power):
        raise NotAllowed("Your post does not include this.", code=f"needs:{power}")


def require_area(scope: Scope, area_path: str) -> None:
    """Refuse unless `area_path` lies in the scope's areas."""
    if not scope.covers(area_path):
        raise NotAllowed("This place lies outside the area of your post.", code="outside_area")


def may_see_organisation(
    scope: Scope, organisation_id: OrganisationId, area_path: AreaPath
) -> bool:
    """Return whether the scope covers the firm's place, or speaks for the firm."""
    return scope.covers(area_path) or organisation_id in scope.organisation_ids


def organisations_seen(scope: Scope) -> Q:
    """Return the filter of `may_see_organisation` for many rows."""
    seen = Q(pk__in=scope.organisation_ids)
    for path in scope.area_paths:
        seen |= Q(area__path__startswith=path)
    return seen
