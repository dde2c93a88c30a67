"""Who may do what in settlement, from a Scope. Nobody, unless a duty says so."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from bihuan.kernel.affairs.settlement.types import MAY_READ
from bihuan.kernel.ground.registry.types import Power, Scope
from bihuan.platform.web.errors import NotAllowed


def require(scope: Scope, power: Power) -> None:
    """Refuse unless `scope` holds `power`."""
    if not scope.has(power):
        raise NotAllowed("Your post does not include this step of settlement.")


def require_area(scope: Scope, area_path: str) -> None:
    """Refuse unless the payee's area lies in the scope's."""
    if not scope.covers(area_path):
        raise NotAllowed("This account lies outside the area of your post.")


def require_person(scope: Scope, power: Power) -> UUID:
    """Return the person who acts; two-person acts need people, not jobs.

    Raises:
        NotAllowed: the power lacks, or nobody stands behind the scope.
    """
    require(scope, power)
    if scope.person_id is None:
        raise NotAllowed("This step needs a person of its own.")
    return scope.person_id


def readable(scope: Scope) -> Q:
    """Return the condition under which `scope` sees payee accounts."""
    condition = Q(pk__in=[])
    if scope.has(MAY_READ):
        for path in scope.area_paths:
            condition |= Q(area_path__startswith=path)
    return condition
