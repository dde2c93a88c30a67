"""Who keeps the duty log, and who reads it."""

from __future__ import annotations

from django.db.models import Q

from bihuan.kernel.affairs.fieldwork.types import MAY_KEEP_LOG, MAY_SEE_LOG
from bihuan.kernel.ground.registry.types import PersonId, Scope, UnitId
from bihuan.platform.web.errors import NotAllowed


def require_keeper(scope: Scope) -> tuple[UnitId, PersonId]:
    """Return the unit and the person of somebody who may be on duty.

    Raises:
        NotAllowed: the post does not keep duty, or belongs to no unit.
    """
    if not scope.has(MAY_KEEP_LOG) or scope.unit_id is None or scope.person_id is None:
        raise NotAllowed("Your post does not keep the duty of this hall.")
    return scope.unit_id, scope.person_id


def readable(scope: Scope, area_path: str = "area_path") -> Q:
    """Return the condition of shifts whose log `scope` may read.

    Raises:
        NotAllowed: the post does not read duty logs.
    """
    if not scope.has(MAY_SEE_LOG):
        raise NotAllowed("Your post does not read the duty log.")
    condition = Q(pk__in=[])
    for path in scope.area_paths:
        condition |= Q(**{f"{area_path}__startswith": path})
    return condition
