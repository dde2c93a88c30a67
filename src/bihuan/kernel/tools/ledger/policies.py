"""Who may read, post, keep and lock a book, from a Scope. Nobody, unless a duty says so."""

from __future__ import annotations

from django.db.models import Q

from bihuan.kernel.ground.registry.types import Power, Scope
from bihuan.kernel.tools.ledger.types import MAY_READ
from bihuan.platform.web.errors import NotAllowed, NotFound


class UnableToFindBook(NotFound):
    """There is no such book, or none that the asker may know of."""


def readable(scope: Scope) -> Q:
    """Return the condition under which `scope` sees a book."""
    condition = Q(pk__in=[])
    if scope.has(MAY_READ):
        for path in scope.area_paths:
            condition |= Q(area_path__startswith=path)
    return condition


def require_power(scope: Scope, power: Power) -> None:
    """Refuse unless `scope` holds `power`.

    Raises:
        NotAllowed: it does not.
    """
    if not scope.has(power):
        raise NotAllowed("Your post does not keep these books.")


def require(scope: Scope, power: Power, area_path: str) -> None:
    """Refuse unless `scope` holds `power` and covers the book's area.

    Raises:
        NotAllowed: the power lacks.
        UnableToFindBook: the book lies elsewhere; whether it exists is not said.
    """
    require_power(scope, power)
    if not scope.covers(area_path):
        raise UnableToFindBook("There is no such book, or it is not in your care.")
