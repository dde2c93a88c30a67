"""Channels' days and their differences."""

from __future__ import annotations

from datetime import date

from bihuan.kernel.affairs.settlement.models import DayRow, DifferenceRow
from bihuan.kernel.affairs.settlement.policies import require
from bihuan.kernel.affairs.settlement.types import (
    MAY_READ,
    Day,
    DayState,
    Difference,
    DifferenceKind,
)
from bihuan.kernel.ground.registry.types import Scope
from bihuan.platform.web.errors import NotFound


class UnableToFindDay(NotFound):
    """Nothing was compared on this day."""


def get_day(channel: str, *, day: date, scope: Scope) -> Day:
    """Return a channel's day with its differences, the open ones first.

    Raises:
        NotAllowed: the scope does not read settlement.
        UnableToFindDay: nothing was compared.
    """
    require(scope, MAY_READ)
    row = DayRow.objects.filter(channel=channel, day=day).first()
    if row is None:
        raise UnableToFindDay("Nothing was compared on this day yet.")
    found = DifferenceRow.objects.filter(day=row).order_by("ended_at", "pk")
    differences = sorted(found, key=lambda one: (one.ended_at is not None, one.pk))
    return Day(
        channel=row.channel,
        day=row.day,
        state=DayState(row.state),
        ours_fen=row.ours_fen,
        theirs_fen=row.theirs_fen,
        ours_count=row.ours_count,
        theirs_count=row.theirs_count,
        differences=tuple(_difference(one) for one in differences),
    )


def _difference(row: DifferenceRow) -> Difference:
    return Difference(
        id=row.pk,
        kind=DifferenceKind(row.kind),
        reference=row.reference,
        ours_fen=row.ours_fen,
        theirs_fen=row.theirs_fen,
        holder=row.holder,
        ended_at=row.ended_at,
        reason=row.reason,
    )
