"""The copied moments of a matter follow its clock when the calendar moved it."""

from __future__ import annotations

from django.db import transaction

from bihuan.kernel.affairs.cases.models import Case, Part
from bihuan.kernel.affairs.cases.operations.clockwork import follow_parts, remember
from bihuan.kernel.ground.clocks import api as clocks
from bihuan.kernel.ground.clocks.types import TimerId

CACHED = ("timer_id", "due_at", "yellow_at", "orange_at", "paused")


@transaction.atomic
def follow_clock(timer_id: TimerId, case: Case, part: Part | None) -> bool:
    """Copy what the clock says now to the rows that show it; return whether any does."""
    locked = Case.objects.select_for_update(no_key=True).get(pk=case.pk)
    timer = clocks.get_timer(timer_id)
    if part is None:
        if locked.timer_id != timer_id or timer.stopped_at is not None:
            return False
        remember(locked, timer)
    else:
        parts = list(
            Part.objects.select_for_update(no_key=True)
            .filter(case=locked, round_id=part.round_id)
            .order_by("pk")
        )
        own = next(p for p in parts if p.pk == part.pk)
        if own.timer_id != timer_id or timer.stopped_at is not None:
            return False
        remember(own, timer)
        own.save(update_fields=CACHED)
        follow_parts(locked, parts)
    locked.save(update_fields=CACHED)
    return True
