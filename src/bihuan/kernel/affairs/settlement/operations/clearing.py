"""Clearing batches: made by one person, checked by another, handed to the bank, followed home."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Sum

from bihuan.kernel.affairs.settlement import policies, queries, rules
from bihuan.kernel.affairs.settlement.facts import (
    BatchMoved,
    ClearingReleased,
    ClearingStopped,
)
from bihuan.kernel.affairs.settlement.models import BatchRow, LineRow, StopRow
from bihuan.kernel.affairs.settlement.types import (
    MAY_CHECK_BATCH,
    MAY_CLEAR,
    MAY_RELEASE,
    Batch,
    BatchId,
    BatchState,
    batch_ref,
)
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.tools.ledger import api as ledger
from bihuan.kernel.tools.ledger.types import AccountId, BookId, Leg, NewEntry, Posted
from bihuan.platform.database.locks import lock_words
from bihuan.platform.web.errors import NotAllowed, Refused

TAKEN = """
SELECT (SELECT coalesce(sum(amount_fen), 0) FROM settlement_intake
         WHERE channel = %(channel)s AND day = %(day)s),
       (SELECT coalesce(sum(line.amount_fen), 0)
          FROM settlement_line line JOIN settlement_intake taken ON taken.id = line.intake_id
         WHERE taken.channel = %(channel)s AND taken.day = %(day)s)
"""
GATHER = """
WITH waiting AS (
    SELECT line.id, line.payee_id, sum(line.amount_fen) OVER (PARTITION BY line.payee_id) AS net_fen
      FROM settlement_line line JOIN settlement_intake taken ON taken.id = line.intake_id
     WHERE line.batch_id IS NULL AND taken.channel = %(channel)s AND taken.day <= %(day)s
)
UPDATE settlement_line line SET batch_id = %(batch)s
  FROM waiting WHERE waiting.id = line.id AND waiting.net_fen > 0
"""
"""Refunds net only within their payee; one that would end below zero waits for more to come."""
SUMS = """
SELECT coalesce(sum(amount_fen), 0), count(*) FROM settlement_line WHERE batch_id = %s
"""


class UnableToClear(Refused):
    """The batch cannot be made or moved; the words say why."""


def generate_batch(
    channel: str, *, day: date, scope: Scope, at: datetime, settled_fen: int | None = None
) -> Batch | None:
    """Gather what waits of a channel up to a day into a batch; None when nothing waits.

    `settled_fen` is what the channel says it settled for the day, fees added back. When that, the
    lines and what was taken are not the same sum, no batch is made: the channel stops, and a fact
    says so. Called again, it takes only what has come since.

    Raises:
        NotAllowed: the scope does not clear.
        UnableToClear: clearing of this channel is stopped.
    """
    person = policies.require_person(scope, MAY_CLEAR)
    with transaction.atomic():
        lock_words(f"settlement.{channel}")
        if queries.find_stop(channel) is None:
            stopped = _stop_unless_equal(channel, day, settled_fen, scope=scope, at=at)
        else:
            stopped = True
        batch = None if stopped else _gather(channel, day, person, at)
        if batch is not None:
            _record(batch, "generate", scope=scope, at=at)
    if stopped:
        raise UnableToClear("Clearing of this channel is stopped. Find the difference first.")
    return queries.to_batch(batch) if batch is not None else None


def _stop_unless_equal(
    channel: str, day: date, settled: int | None, *, scope: Scope, at: datetime
) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(TAKEN, {"channel": channel, "day": day})
        taken, lines = (int(value) for value in cursor.fetchone())
    expected = taken if settled is None else settled
    if taken == lines == expected:
        return False
    stop = StopRow.objects.create(channel=channel, since=at, lines_fen=lines, expected_fen=expected)
    fact = ClearingStopped(
        Ref("settlement.stop", str(stop.pk)),
        channel=channel,
        day=day,
        lines_fen=lines,
        expected_fen=expected,
    )
    events.record(fact, origin=scope.origin, at=at)
    return True


def _gather(channel: str, day: date, person: UUID, at: datetime) -> BatchRow | None:
    known = BatchRow.objects.filter(channel=channel, day=day).count()
    batch = BatchRow(
        channel=channel,
        day=day,
        no=known + 1,
        state=BatchState.GENERATED.value,
        amount_fen=0,
        count=0,
        generated_by=person,
        generated_at=at,
        moved_at=at,
    )
    point = transaction.savepoint()
    batch.save(force_insert=True)
    with connection.cursor() as cursor:
        cursor.execute(GATHER, {"batch": batch.pk, "channel": channel, "day": day})
        gathered = cursor.rowcount
    if not gathered:
        transaction.savepoint_rollback(point)
        return None
    batch.amount_fen, batch.count = _sums(batch.pk)
    batch.save(update_fields=["amount_fen", "count"])
    return batch


def _sums(batch_id: int) -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(SUMS, [batch_id])
        lines, count = cursor.fetchone()
    return int(lines), int(count)


def check_batch(batch_id: BatchId, *, scope: Scope, at: datetime) -> Batch:
    """Check a batch that somebody else made, against its lines and what was taken.

    Raises:
        NotAllowed: the scope does not check, or made this batch.
        UnableToClear: it is past checking, or its sums differ.
    """
    person = policies.require_person(scope, MAY_CHECK_BATCH)
    with transaction.atomic():
        row = _lock(batch_id)
        if row.generated_by == person:
            raise NotAllowed("Who made a batch cannot check it.")
        if (row.amount_fen, row.count) != _sums(row.pk):
            raise UnableToClear("The lines of this batch do not add up. It does not go out.")
        row.checked_by = person
        return _move(row, "check", scope=scope, at=at)


def move_batch(
    batch_id: BatchId, move: str, *, scope: Scope, at: datetime, reason: str = ""
) -> Batch:
    """Send a checked batch, or note what the bank said: accepted, or returned with a reason.

    Lines of a returned batch wait again, for the next one.

    Raises:
        NotAllowed: the scope does not clear.
        UnableToClear: this move does not follow, or a return lacks its reason.
    """
    policies.require(scope, MAY_CLEAR)
    if move not in {"send", "accept", "return"}:
        raise UnableToClear("A batch knows no such step.")
    if move == "return" and not reason.strip():
        raise UnableToClear("Say why the bank returned it.", field="reason")
    with transaction.atomic():
        row = _lock(batch_id)
        row.reason = reason.strip() or row.reason
        moved = _move(row, move, scope=scope, at=at)
        if move == "return":
            LineRow.objects.filter(batch_id=batch_id).update(batch=None)
        return moved


def pay_batch(
    batch_id: BatchId,
    *,
    book_id: BookId,
    channel_account: AccountId,
    day: date,
    scope: Scope,
    at: datetime,
) -> tuple[Batch, Posted]:
    """Note that the bank paid a batch out, and post it: what was due to payees is not any more.

    Raises:
        NotAllowed, UnableToClear: as `move_batch`.
        UnableToPost: the book does not take it.
    """
    policies.require(scope, MAY_CLEAR)
    with transaction.atomic():
        row = _lock(batch_id)
        batch = _move(row, "pay", scope=scope, at=at)
        sums = (
            LineRow.objects.filter(batch_id=batch_id)
            .values("payee__due_account_id")
            .annotate(total=Sum("amount_fen"))
            .order_by("payee__due_account_id")
        )
        legs = [Leg(AccountId(s["payee__due_account_id"]), s["total"]) for s in sums if s["total"]]
        entry = NewEntry(
            key=f"batch:{row.pk}:paid",
            day=day,
            words=f"清分 {row.channel} {row.day} 第{row.no}批",
            legs=(*legs, Leg(channel_account, -row.amount_fen)),
            cause=batch_ref(batch_id),
        )
        posted = ledger.post_entry(book_id, entry, scope=scope, at=at)
    return batch, posted


def release_channel(channel: str, *, reason: str, scope: Scope, at: datetime) -> None:
    """Let clearing of a channel go on, with a name and a reason; without a stop, nothing changes.

    Raises:
        NotAllowed: the scope does not release.
        UnableToClear: the reason lacks.
    """
    person = policies.require_person(scope, MAY_RELEASE)
    if not reason.strip():
        raise UnableToClear("Say what the difference was.", field="reason")
    with transaction.atomic():
        stops = StopRow.objects.select_for_update().filter(
            channel=channel, released_at__isnull=True
        )
        for stop in stops:
            stop.released_at, stop.released_by, stop.reason = at, person, reason.strip()
            stop.save(update_fields=["released_at", "released_by", "reason"])
            fact = ClearingReleased(Ref("settlement.stop", str(stop.pk)), channel=channel)
            events.record(fact, origin=scope.origin, at=at)


def _lock(batch_id: BatchId) -> BatchRow:
    row = BatchRow.objects.select_for_update().filter(pk=batch_id).first()
    if row is None:
        raise UnableToClear("There is no such batch.")
    return row


def _move(row: BatchRow, move: str, *, scope: Scope, at: datetime) -> Batch:
    target = rules.target_of(BatchState(row.state), move)
    if target is None:
        raise UnableToClear("This step does not follow. Look at the batch again.")
    row.state, row.moved_at = target.value, at
    row.save(update_fields=["state", "moved_at", "checked_by", "reason"])
    _record(row, move, scope=scope, at=at)
    return queries.to_batch(row)


def _record(row: BatchRow, move: str, *, scope: Scope, at: datetime) -> None:
    fact = BatchMoved(
        batch_ref(BatchId(row.pk)),
        channel=row.channel,
        day=row.day,
        no=row.no,
        move=move,
        target=row.state,
        amount_fen=row.amount_fen,
    )
    events.record(fact, origin=scope.origin, at=at)
