"""Comparing a channel's day: what we took against what its bill says, to the fen.

One statement joins both sides and stores what differs; the same files again change nothing. A
difference that a later file explains (paid near midnight) ends by itself and says why. A closed day
is closed: what comes later is a difference of a later day, and a correction is a dated entry.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from bihuan.kernel.affairs.settlement import policies
from bihuan.kernel.affairs.settlement.facts import (
    DayClosed,
    DifferenceEnded,
    DifferenceFound,
)
from bihuan.kernel.affairs.settlement.models import DayRow, DifferenceRow
from bihuan.kernel.affairs.settlement.queries.days import get_day
from bihuan.kernel.affairs.settlement.types import (
    MAY_RECONCILE,
    Day,
    DayState,
    DifferenceKind,
    TheirLine,
)
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.types import Scope
from bihuan.platform.web.errors import Refused

LOAD = """
INSERT INTO settlement_their_line (channel, day, kind, reference, transaction_id, amount_fen, at)
SELECT %(channel)s, (at AT TIME ZONE 'Asia/Shanghai')::date, kind, reference, transaction_id,
       amount_fen, at
  FROM unnest(%(kinds)s::text[], %(references)s::text[], %(transactions)s::text[],
              %(amounts)s::bigint[], %(ats)s::timestamptz[])
    AS l(kind, reference, transaction_id, amount_fen, at)
    ON CONFLICT (channel, kind, transaction_id, reference) DO NOTHING
"""
MATCH = """
WITH ours AS (
    SELECT reference, sum(amount_fen)::bigint AS fen, count(*) AS n FROM settlement_intake
     WHERE channel = %(channel)s AND day = %(day)s GROUP BY reference
), theirs AS (
    SELECT reference, sum(amount_fen)::bigint AS fen, count(*) AS n FROM settlement_their_line
     WHERE channel = %(channel)s AND day = %(day)s GROUP BY reference
), differs AS (
    SELECT coalesce(o.reference, t.reference) AS reference, o.fen AS ours_fen, t.fen AS theirs_fen
      FROM ours o FULL JOIN theirs t ON t.reference = o.reference
     WHERE o.fen IS DISTINCT FROM t.fen
), named AS (
    SELECT d.*, CASE
        WHEN ours_fen IS NOT NULL AND theirs_fen IS NOT NULL THEN 'amount'
        WHEN ours_fen IS NULL AND EXISTS (
            SELECT 1 FROM settlement_intake i WHERE i.channel = %(channel)s
               AND i.reference = d.reference AND i.day BETWEEN %(day)s - 1 AND %(day)s + 1
               AND i.amount_fen = d.theirs_fen) THEN 'day_cut'
        WHEN theirs_fen IS NULL AND EXISTS (
            SELECT 1 FROM settlement_their_line l WHERE l.channel = %(channel)s
               AND l.reference = d.reference AND l.day BETWEEN %(day)s - 1 AND %(day)s + 1
               AND l.amount_fen = d.ours_fen) THEN 'day_cut'
        WHEN ours_fen IS NULL THEN 'surplus'
        ELSE 'shortage' END AS kind
      FROM differs d
), kept AS (
    INSERT INTO settlement_difference AS old (day_id, kind, reference, ours_fen, theirs_fen,
        holder, found_at, ended_at, reason)
    SELECT %(row)s, kind, reference, ours_fen, theirs_fen,
           CASE kind WHEN 'day_cut' THEN 'system' ELSE %(holder)s END, %(at)s,
           CASE kind WHEN 'day_cut' THEN %(at)s END,
           CASE kind WHEN 'day_cut' THEN %(paired)s ELSE '' END
      FROM named
        ON CONFLICT (day_id, reference, kind) DO NOTHING
    RETURNING id, kind, reference, ours_fen, theirs_fen
), healed AS (
    UPDATE settlement_difference d SET ended_at = %(at)s, reason = %(explained)s
     WHERE d.day_id = %(row)s AND d.ended_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM named n WHERE (n.reference, n.kind) = (d.reference, d.kind))
), counted AS (
    UPDATE settlement_day SET matched_at = %(at)s,
        ours_fen = (SELECT coalesce(sum(fen), 0) FROM ours),
        theirs_fen = (SELECT coalesce(sum(fen), 0) FROM theirs),
        ours_count = (SELECT coalesce(sum(n), 0) FROM ours),
        theirs_count = (SELECT coalesce(sum(n), 0) FROM theirs)
     WHERE id = %(row)s
)
SELECT id, kind, reference, ours_fen, theirs_fen FROM kept
"""


class UnableToReconcile(Refused):
    """The day cannot be compared, ended or closed so; the words say why."""


def load_bill(
    channel: str, lines: Sequence[TheirLine], *, day: date, scope: Scope, at: datetime
) -> int:
    """Write down what a channel's bill of a day says; return how many lines are new.

    Raises:
        NotAllowed: the scope does not reconcile.
        UnableToReconcile: the day is closed.
    """
    policies.require(scope, MAY_RECONCILE)
    with transaction.atomic():
        row = _lock(channel, day)
        given: dict[str, Any] = {
            "channel": channel,
            "kinds": [line.kind for line in lines],
            "references": [line.reference for line in lines],
            "transactions": [line.transaction_id for line in lines],
            "amounts": [line.amount_fen for line in lines],
            "ats": [line.at for line in lines],
        }
        with connection.cursor() as cursor:
            cursor.execute(LOAD, given)
            made = int(cursor.rowcount)
        if row.state == DayState.OPEN.value:
            row.state = DayState.FILES_READY.value
            row.save(update_fields=["state"])
    return made


def match_day(channel: str, *, day: date, holder: str, scope: Scope, at: datetime) -> Day:
    """Compare a channel's day, to the fen; each new difference gets a holder and a fact.

    Raises:
        NotAllowed: the scope does not reconcile.
        UnableToReconcile: no bill was read for the day, or it is closed.
    """
    policies.require(scope, MAY_RECONCILE)
    with transaction.atomic():
        row = _lock(channel, day)
        if row.state == DayState.OPEN.value:
            raise UnableToReconcile("Read the channel's bill of this day first.")
        given: dict[str, Any] = {
            "channel": channel,
            "day": day,
            "row": row.pk,
            "holder": holder,
            "at": at,
            "paired": "与前后一天自动配对",
            "explained": "后来的文件已对上",
        }
        with connection.cursor() as cursor:
            cursor.execute(MATCH, given)
            found = cursor.fetchall()
        _record(row, found, scope=scope, at=at)
        _restate(row)
    return get_day(channel, day=day, scope=scope)


def _record(row: DayRow, found: list[tuple[Any, ...]], *, scope: Scope, at: datetime) -> None:
    facts = [
        (
            DifferenceFound(
                Ref("settlement.difference", str(pk)),
                channel=row.channel,
                day=row.day,
                kind=kind,
                reference=reference,
                ours_fen=ours,
                theirs_fen=theirs,
            ),
            scope.origin,
        )
        for pk, kind, reference, ours, theirs in found
        if kind != DifferenceKind.DAY_CUT.value
    ]
    if facts:
        events.record_many(facts, at=at)


def _restate(row: DayRow) -> None:
    waits = DifferenceRow.objects.filter(day=row, ended_at__isnull=True).exists()
    state = DayState.DIFF_PENDING if waits else DayState.BALANCED
    DayRow.objects.filter(pk=row.pk).update(state=state.value)


def end_difference(difference_id: int, *, reason: str, scope: Scope, at: datetime) -> Day:
    """End a difference with what it was; the last one makes the day balanced.

    Raises:
        NotAllowed: the scope does not reconcile.
        UnableToReconcile: no reason, no such difference, or its day is closed.
    """
    policies.require_person(scope, MAY_RECONCILE)
    if not reason.strip():
        raise UnableToReconcile("Say what the difference was.", field="reason")
    with transaction.atomic():
        row = DifferenceRow.objects.select_related("day").filter(pk=difference_id).first()
        if row is None:
            raise UnableToReconcile("There is no such difference.")
        day = _lock(row.day.channel, row.day.day)
        if row.ended_at is None:
            row.ended_at, row.reason = at, reason.strip()
            row.save(update_fields=["ended_at", "reason"])
            fact = DifferenceEnded(Ref("settlement.difference", str(row.pk)), kind=row.kind)
            events.record(fact, origin=scope.origin, at=at)
        _restate(day)
    return get_day(day.channel, day=day.day, scope=scope)


def close_day(channel: str, *, day: date, scope: Scope, at: datetime) -> Day:
    """Close a balanced day, for good.

    Raises:
        NotAllowed: the scope does not reconcile.
        UnableToReconcile: it is not balanced.
    """
    person = policies.require_person(scope, MAY_RECONCILE)
    with transaction.atomic():
        row = DayRow.objects.select_for_update().filter(channel=channel, day=day).first()
        if row is not None and row.state == DayState.CLOSED.value:
            return get_day(channel, day=day, scope=scope)
        if row is None or row.state != DayState.BALANCED.value:
            raise UnableToReconcile("This day is not balanced yet. End its differences first.")
        row.state, row.closed_at, row.closed_by = DayState.CLOSED.value, at, person
        row.save(update_fields=["state", "closed_at", "closed_by"])
        fact = DayClosed(Ref("settlement.day", str(row.pk)), channel=channel, day=day)
        events.record(fact, origin=scope.origin, at=at)
    return get_day(channel, day=day, scope=scope)


def _lock(channel: str, day: date) -> DayRow:
    """Lock a day that is not closed; make it the first time."""
    DayRow.objects.get_or_create(channel=channel, day=day, defaults={"state": DayState.OPEN.value})
    row = DayRow.objects.select_for_update().get(channel=channel, day=day)
    if row.state == DayState.CLOSED.value:
        raise UnableToReconcile("This day is closed. Nothing was changed.")
    return row
