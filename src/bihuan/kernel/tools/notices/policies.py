"""Whose inbox somebody reads, and what could not be sent in whose area."""

from __future__ import annotations

from django.db.models import Q

from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.types import (
    Power,
    Scope,
    organisation_ref,
    person_ref,
    unit_ref,
)
from bihuan.kernel.tools.notices.types import Side
from bihuan.platform.web.errors import NotAllowed


def require(scope: Scope, power: Power) -> None:
    """Refuse unless the scope holds `power`."""
    if not scope.has(power):
        raise NotAllowed("Your post does not include this.", code=f"needs:{power}")


def inboxes(scope: Scope, side: Side) -> tuple[Ref, ...]:
    """Return the recipients whose notices a desk shows to `scope`."""
    if side is Side.ENTERPRISE:
        return tuple(organisation_ref(firm) for firm in sorted(scope.organisation_ids))
    own = (person_ref(scope.person_id),) if scope.person_id else ()
    if side is Side.OFFICER and scope.unit_id is not None:
        return (unit_ref(scope.unit_id), *own)
    return own


def all_inboxes(scope: Scope) -> tuple[Ref, ...]:
    """Return every recipient for whom `scope` may read."""
    found = {ref for side in Side for ref in inboxes(scope, side)}
    return tuple(sorted(found, key=str))


def addressed(to: tuple[Ref, ...]) -> Q:
    """Return the condition of notices to these recipients; nothing when there are none."""
    condition = Q(pk__in=[])
    for ref in to:
        condition |= Q(to_kind=ref.kind, to_key=ref.key)
    return condition


def watched(scope: Scope) -> Q:
    """Return the condition of deliveries whose matter lies in the scope's areas."""
    condition = Q(pk__in=[])
    for path in scope.area_paths:
        condition |= Q(notice__area_path__startswith=path)
    return condition
