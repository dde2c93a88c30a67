"""Starting, suspending, extending, stopping clocks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from bihuan.kernel.ground.clocks import queries, rules
from bihuan.kernel.ground.clocks.models import TimerEvent, TimerRow
from bihuan.kernel.ground.clocks.types import Budget, Due, Start, Timer, TimerId
from bihuan.kernel.ground.events.types import Origin, Ref
from bihuan.platform.database import bulk, prepared
from bihuan.platform.database.together import Drawn, Writing, as_json


class UnableToTurnClock(RuntimeError):
    """The clock is not in the state that this needs: a program's fault, not a person's."""


_BEGIN = """
    INSERT INTO clocks_timer (subject_kind, subject_key, name, amount, unit, started_at,
                              due_at, yellow_at, orange_at, provisional, suspended)
    SELECT subject_kind, subject_key, name, amount, unit, started_at,
           due_at, yellow_at, orange_at, provisional, false
    FROM json_populate_record(NULL::clocks_timer, %s::json) RETURNING id, started_at
"""
_BEGUN = """
    INSERT INTO clocks_event (timer_id, what, at, reason, account_id)
    SELECT id, 'start', started_at, '', %s::bigint FROM {begun}
"""
_END = """
    UPDATE clocks_timer SET stopped_at = %s
    WHERE id = ANY (%s::bigint[]) AND stopped_at IS NULL RETURNING id, stopped_at
"""
_ENDED = """
    INSERT INTO clocks_event (timer_id, what, at, reason, account_id)
    SELECT id, 'stop', stopped_at, '', %s::bigint FROM {ended} ORDER BY id
"""
_TURN = """
    WITH ended AS (
        UPDATE clocks_timer SET stopped_at = %(at)s::timestamptz
        WHERE id = ANY(%(ends)s::bigint[]) AND stopped_at IS NULL RETURNING id
    ), begun AS (
        INSERT INTO clocks_timer (subject_kind, subject_key, name, amount, unit, started_at,
                                  due_at, yellow_at, orange_at, provisional, suspended)
        VALUES (%(kind)s, %(key)s, %(name)s, %(amount)s, %(unit)s, %(at)s::timestamptz,
                %(due)s, %(yellow)s, %(orange)s, %(provisional)s, false)
        ON CONFLICT (subject_kind, subject_key, name) DO NOTHING RETURNING id
    ), noted AS (
        INSERT INTO clocks_event (timer_id, what, at, reason, account_id)
        SELECT id, 'stop', %(at)s::timestamptz, '', %(account)s::bigint FROM ended
        UNION ALL SELECT id, 'start', %(at)s::timestamptz, '', %(account)s::bigint FROM begun
    )
    SELECT id FROM begun
"""


def start_timer(
    *,
    subject: Ref,
    name: str,
    budget: Budget,
    at: datetime,
    origin: Origin,
    ends: Sequence[TimerId] = (),
) -> Timer:
    """Start a clock called `name` for a subject, or return the one that runs already.

    `ends` are clocks that stop at the same moment: one statement, with the events of both.
    """
    due = rules.due_for(budget, at, queries.get_calendar())
    given: dict[str, Any] = {
        "at": at,
        "ends": list(ends),
        "kind": subject.kind,
        "key": subject.key,
        "name": name,
        "amount": budget.amount,
        "unit": budget.unit.value,
        "due": due.at,
        "yellow": due.yellow_at,
        "orange": due.orange_at,
        "provisional": due.provisional,
        "account": origin.account_id,
    }
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        prepared.run(cursor, "clocks_turn", _TURN, given)
        made = cursor.fetchone()
        if made is None:
            return _standing(subject, name, at, origin)
    return Timer(id=TimerId(made[0]), subject=subject, name=name, due=due)


def begin_with(
    writing: Writing, *, subject: Ref, name: str, budget: Budget, at: datetime, origin: Origin
) -> tuple[Drawn, Due]:
    """Let a clock begin with the statement that writes its subject; none of that name may stand."""
    due = rules.due_for(budget, at, queries.get_calendar())
    row = {
        "subject_kind": subject.kind,
        "subject_key": subject.key,
        "name": name,
        "amount": budget.amount,
        "unit": budget.unit.value,
        "started_at": at,
        "due_at": due.at,
        "yellow_at": due.yellow_at,
        "orange_at": due.orange_at,
        "provisional": due.provisional,
    }
    begun = writing.add(_BEGIN, as_json(row))
    writing.add(_BEGUN.format(begun=begun), origin.account_id)
    return Drawn(begun), due


def end_with(
    writing: Writing, timer_ids: Sequence[TimerId], *, at: datetime, origin: Origin
) -> None:
    """Let clocks stop with the statement that writes why; what stands still stays."""
    if timer_ids:
        ended = writing.add(_END, at, list(timer_ids))
        writing.add(_ENDED.format(ended=ended), origin.account_id)


def _standing(subject: Ref, name: str, at: datetime, origin: Origin) -> Timer:
    """Return the clock that stands already; one that had stopped begins anew."""
    row = TimerRow.objects.get(subject_kind=subject.kind, subject_key=subject.key, name=name)
    if row.stopped_at is not None:
        return _restart(row, at, origin)
    return queries.to_timer(row, list(row.events.order_by("pk")))


def _restart(row: TimerRow, at: datetime, origin: Origin) -> Timer:
    """Give a fresh budget to a clock that had stopped: the same stage begins anew."""
    TimerEvent.objects.create(timer=row, what="restart", at=at, account_id=origin.account_id)
    row.started_at, row.stopped_at, row.suspended = at, None, False
    return _refresh(row)


@transaction.atomic
def start_timers(
    *, subjects: Sequence[Ref], name: str, budget: Budget, at: datetime, origin: Origin
) -> list[Timer]:
    """Start the same clock for many subjects at one moment, in two statements."""
    return start_each([Start(ref, budget, at) for ref in subjects], name=name, origin=origin)


@transaction.atomic
def start_each(starts: Sequence[Start], *, name: str, origin: Origin) -> list[Timer]:
    """Start a clock for many subjects, each with its own budget and moment, in two statements.

    None of the subjects may have a clock of that name. The due time of one budget and moment is
    counted once.
    """
    calendar = queries.get_calendar()
    counted: dict[tuple[Budget, datetime], Due] = {}
    rows = []
    for start in starts:
        key = (start.budget, start.at)
        if key not in counted:
            counted[key] = rules.due_for(start.budget, start.at, calendar)
        rows.append(_row(start.subject, name, start.budget, start.at, counted[key]))
    bulk.insert_rows(rows)
    bulk.insert_rows(
        [
            bulk.fresh(
                TimerEvent,
                timer_id=row.pk,
                what="start",
                at=row.started_at,
                account_id=origin.account_id,
            )
            for row in rows
        ]
    )
    return [
        Timer(
            id=TimerId(row.pk),
            subject=start.subject,
            name=name,
            due=counted[start.budget, start.at],
        )
        for start, row in zip(starts, rows, strict=True)
    ]


def _row(ref: Ref, name: str, budget: Budget, at: datetime, due: Due) -> TimerRow:
    return bulk.fresh(
        TimerRow,
        subject_kind=ref.kind,
        subject_key=ref.key,
        name=name,
        amount=budget.amount,
        unit=budget.unit.value,
        started_at=at,
        due_at=due.at,
        yellow_at=due.yellow_at,
        orange_at=due.orange_at,
        provisional=due.provisional,
    )


@transaction.atomic
def suspend_timer(
    timer_id: TimerId, *, reason: str, review_at: datetime | None, at: datetime, origin: Origin
) -> Timer:
    """Let a clock wait, with a reason and the moment at which somebody looks again."""
    row = _running(timer_id)
    if row.suspended:
        raise UnableToTurnClock(f"clock {timer_id} waits already")
    TimerEvent.objects.create(
        timer=row,
        what="suspend",
        at=at,
        reason=reason.strip()[:200],
        review_at=review_at,
        account_id=origin.account_id,
    )
    row.suspended = True
    return _refresh(row)


@transaction.atomic
def resume_timer(timer_id: TimerId, *, at: datetime, origin: Origin) -> Timer:
    """Let a waiting clock run on; the span does not count."""
    row = _running(timer_id)
    if not row.suspended:
        raise UnableToTurnClock(f"clock {timer_id} does not wait")
    TimerEvent.objects.create(timer=row, what="resume", at=at, account_id=origin.account_id)
    row.suspended = False
    return _refresh(row)


@transaction.atomic
def stop_timer(timer_id: TimerId, *, at: datetime, origin: Origin) -> Timer:
    """Stop a clock: what it was for is done."""
    row = _locked(timer_id)
    if row.stopped_at is None:
        TimerEvent.objects.create(timer=row, what="stop", at=at, account_id=origin.account_id)
        row.stopped_at = at
    return _refresh(row)


@transaction.atomic
def reopen_timer(timer_id: TimerId, *, at: datetime, origin: Origin) -> Timer:
    """Run a stopped clock again against its old due time: rework keeps the original one."""
    row = _locked(timer_id)
    if row.stopped_at is not None:
        TimerEvent.objects.create(timer=row, what="reopen", at=at, account_id=origin.account_id)
        row.stopped_at = None
    return _refresh(row)


@transaction.atomic
def extend_timer(
    timer_id: TimerId, *, amount: int, approved_by: str, at: datetime, origin: Origin
) -> Timer:
    """Add to the budget of a running clock, in its own unit, with who allowed it."""
    row = _running(timer_id)
    TimerEvent.objects.create(
        timer=row,
        what="extend",
        at=at,
        amount=amount,
        reason=approved_by[:200],
        account_id=origin.account_id,
    )
    row.amount += amount
    return _refresh(row)


def _locked(timer_id: TimerId) -> TimerRow:
    return TimerRow.objects.select_for_update().get(pk=timer_id)


def _running(timer_id: TimerId) -> TimerRow:
    row = _locked(timer_id)
    if row.stopped_at is not None:
        raise UnableToTurnClock(f"clock {timer_id} has stopped")
    return row


def _refresh(row: TimerRow) -> Timer:
    """Compute the cache again from the ledger and save it."""
    ledger = list(row.events.order_by("pk"))
    timer = queries.to_timer(row, ledger)
    row.due_at, row.provisional = timer.due.at, timer.due.provisional
    row.yellow_at, row.orange_at = timer.due.yellow_at, timer.due.orange_at
    row.save()
    return timer
