"""Who may fill in, read and publish."""

from __future__ import annotations

from django.db.models import Q

from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.tools.assessments.types import (
    MAY_FILL,
    MAY_PUBLISH,
    MAY_SEE,
    MAY_SEE_SCORES,
    Instrument,
)
from bihuan.platform.web.errors import NotAllowed


def require_fill(scope: Scope, area_path: str) -> None:
    """Refuse unless the scope may fill in questionnaires there."""
    if not scope.has(MAY_FILL):
        raise NotAllowed("Your post does not fill in checklists.")
    if not scope.covers(area_path):
        raise NotAllowed("This place lies outside your grid.", code="other_grid")


def require_publish(scope: Scope) -> None:
    """Refuse unless the scope may publish versions."""
    if not scope.has(MAY_PUBLISH):
        raise NotAllowed("Your post does not publish checklists.")


def may_see(scope: Scope, area_path: str) -> bool:
    """Return whether the scope may know of an assessment made there."""
    return scope.has(MAY_SEE) and scope.covers(area_path)


def assessments_seen(scope: Scope) -> Q:
    """Return the filter of `may_see` for many rows."""
    if not scope.has(MAY_SEE) or not scope.area_paths:
        return Q(pk__in=())
    seen = Q()
    for path in scope.area_paths:
        seen |= Q(area_path__startswith=path)
    return seen


def may_see_scores(scope: Scope, instrument: Instrument) -> bool:
    """Return whether the scope may read answers and scores; of sensitive ones a named few."""
    return not instrument.sensitive or scope.has(MAY_SEE_SCORES)
