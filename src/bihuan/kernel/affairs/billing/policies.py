"""Who may bill, see and pay, from a Scope. Nobody, unless a duty says so."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from bihuan.kernel.affairs.billing.types import MAY_BILL, MAY_READ
from bihuan.kernel.ground.registry.types import Power, Scope
from bihuan.platform.web.errors import NotAllowed, NotFound


class UnableToFindBill(NotFound):
    """There is no such bill, or none that the asker may know of."""


def require(scope: Scope, power: Power) -> None:
    """Refuse unless `scope` holds `power`."""
    if not scope.has(power):
        raise NotAllowed("Your post does not include this step of billing.")


def require_person(scope: Scope, power: Power) -> UUID:
    """Return the person who acts.

    Raises:
        NotAllowed: the power lacks, or nobody stands behind the scope.
    """
    require(scope, power)
    if scope.person_id is None:
        raise NotAllowed("This step needs a person of its own.")
    return scope.person_id


def require_area(scope: Scope, area_path: str) -> None:
    """Refuse unless the provider's area lies in the scope's; it then sounds like nothing."""
    if not scope.covers(area_path):
        raise UnableToFindBill("There is no such bill, or it is not in your care.")


def readable(scope: Scope) -> Q:
    """Return the condition under which an officer's `scope` sees a bill."""
    condition = Q(pk__in=[])
    if scope.has(MAY_READ) or scope.has(MAY_BILL):
        for path in scope.area_paths:
            condition |= Q(area_path__startswith=path)
    return condition
