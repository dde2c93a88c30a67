"""Clearing batches and standing stops."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Sum

from bihuan.kernel.affairs.settlement.models import BatchRow, LineRow, StopRow
from bihuan.kernel.affairs.settlement.policies import require
from bihuan.kernel.affairs.settlement.queries.routes import payees_by_id
from bihuan.kernel.affairs.settlement.types import (
    MAY_READ,
    Batch,
    BatchId,
    BatchLine,
    BatchState,
    PayeeId,
)
from bihuan.kernel.ground.registry.types import Scope
from bihuan.platform.web.errors import NotFound


class UnableToFindBatch(NotFound):
    """There is no such batch."""


def to_batch(row: BatchRow, lines: tuple[BatchLine, ...] = ()) -> Batch:
    """Return the row as a value."""
    return Batch(
        id=BatchId(row.pk),
        channel=row.channel,
        day=row.day,
        no=row.no,
        state=BatchState(row.state),
        amount_fen=row.amount_fen,
        count=row.count,
        generated_by=row.generated_by,
        checked_by=row.checked_by,
        reason=row.reason,
        lines=lines,
    )


def get_batch(batch_id: BatchId, *, scope: Scope) -> Batch:
    """Return a batch with what each payee gets by it.

    Raises:
        NotAllowed: the scope does not read settlement.
        UnableToFindBatch: there is none.
    """
    require(scope, MAY_READ)
    row = BatchRow.objects.filter(pk=batch_id).first()
    if row is None:
        raise UnableToFindBatch("There is no such batch.")
    sums = (
        LineRow.objects.filter(batch_id=batch_id)
        .values("payee_id")
        .annotate(amount=Sum("amount_fen"), count=Count("pk"))
    )
    found = {PayeeId(item["payee_id"]): item for item in sums}
    payees = sorted(payees_by_id(found).values(), key=lambda payee: payee.code)
    lines = tuple(BatchLine(p, found[p.id]["amount"], found[p.id]["count"]) for p in payees)
    return to_batch(row, lines)


def list_batches(*, day: date, scope: Scope) -> tuple[Batch, ...]:
    """Return the batches of a day, by channel and number."""
    require(scope, MAY_READ)
    rows = BatchRow.objects.filter(day=day).order_by("channel", "no")
    return tuple(to_batch(row) for row in rows)


def find_stop(channel: str) -> tuple[int, int] | None:
    """Return lines and expected sums of a standing stop of a channel, or None."""
    return (
        StopRow.objects.filter(channel=channel, released_at__isnull=True)
        .values_list("lines_fen", "expected_fen")
        .first()
    )
