"""Where a reader stands in the tour: kept with the account, at hand in the session.

A page asks no table for it: signing in lays the account's tours into the session.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from bihuan.platform.ui import helping
from bihuan.platform.ui.models import TourRow

SESSION = "tours"
ENDED = -1


@dataclass(frozen=True, slots=True)
class Stop:
    """The step of a tour at which a reader stands."""

    tour: helping.Tour
    n: int
    step: helping.Step

    @property
    def count(self) -> int:
        """Return how many steps there are."""
        return len(self.tour.steps)

    @property
    def is_last(self) -> bool:
        """Return whether nothing comes after it."""
        return self.n == self.count


def remember(sender: Any, request: HttpRequest, user: Any, **_more: Any) -> None:
    """Lay what the account has seen into the session: called when somebody signs in."""
    rows = TourRow.objects.filter(account=user)
    request.session[SESSION] = {r.role: ENDED if r.ended_at else r.step for r in rows}


def stop_of(request: HttpRequest) -> Stop | None:
    """Return the step that a page shows above its content, or nothing."""
    session = getattr(request, "session", None)
    if session is None or SESSION not in session:
        return None
    tour = helping.tour_of(request)
    if tour is None:
        return None
    step = int(session[SESSION].get(tour.role, 0))
    if not 0 <= step < len(tour.steps):
        return None
    return Stop(tour, step + 1, tour.steps[step])


def go_to(request: HttpRequest, tour: helping.Tour, step: int, *, at: datetime) -> str:
    """Remember that the reader goes to a step, or ends the tour; return where it stands."""
    ended = not 0 <= step < len(tour.steps)
    TourRow.objects.update_or_create(
        account_id=request.user.pk,
        role=tour.role,
        defaults={"step": 0 if ended else step, "ended_at": at if ended else None},
    )
    seen = dict(request.session.get(SESSION, {}))
    seen[tour.role] = ENDED if ended else step
    request.session[SESSION] = seen
    return "" if ended else tour.steps[step].href
