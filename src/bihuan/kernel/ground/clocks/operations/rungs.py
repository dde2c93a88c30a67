"""Firing rungs, set-wise: what has a rung to fire is found by a condition, never by position."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Min

from bihuan.kernel.ground.clocks import queries, rules
from bihuan.kernel.ground.clocks.facts import RungReached
from bihuan.kernel.ground.clocks.models import TimerRow
from bihuan.kernel.ground.clocks.types import RungFired, TimerId
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import SYSTEM, Ref
from bihuan.platform.jobs import failpoints

BATCH = 5000
"""Clocks in one transaction. Every transaction asks for whatever is still to be fired."""

_REACHED = """
    (VALUES ('half', t.yellow_at), ('fifth', t.orange_at), ('due', t.due_at),
            ('overdue_' || r.n, CASE WHEN r.n > 0 AND t.due_at <= %(at)s THEN %(opened)s END)
    ) AS g (rung, moment)
    WHERE g.moment <= %(at)s AND NOT EXISTS (
        SELECT FROM clocks_rung f
        WHERE f.timer_id = t.id AND f.rung = g.rung AND f.fired_at >= g.moment)
"""

_FIRE = f"""
    WITH ranks AS (
        SELECT * FROM unnest(%(days)s::date[], %(counts)s::int[]) AS d (day, n)
    ), picked AS MATERIALIZED (
        SELECT t.id, t.yellow_at, t.orange_at, t.due_at, r.n FROM clocks_timer t
        LEFT JOIN ranks r ON r.day = (t.due_at AT TIME ZONE 'Asia/Shanghai')::date
        WHERE t.stopped_at IS NULL AND NOT t.suspended AND t.yellow_at <= %(at)s
          AND EXISTS (SELECT FROM {_REACHED})
        ORDER BY t.due_at, t.id LIMIT %(limit)s FOR NO KEY UPDATE OF t SKIP LOCKED
    ), made AS (
        INSERT INTO clocks_rung (timer_id, rung, moment, due_at, fired_at)
        SELECT t.id, g.rung, g.moment, t.due_at, %(at)s
        FROM picked t CROSS JOIN LATERAL (SELECT t.n) AS r CROSS JOIN LATERAL
        {_REACHED}
        ON CONFLICT (timer_id, rung, moment) DO NOTHING
        RETURNING timer_id, rung, due_at
    )
    SELECT made.timer_id, t.subject_kind, t.subject_key, t.name, made.rung, made.due_at
    FROM made JOIN clocks_timer t ON t.id = made.timer_id
"""  # noqa: S608  our own words only


def fire_due_rungs(*, at: datetime, limit: int = BATCH) -> list[RungFired]:
    """Fire each rung that was reached, once: at 50 %, 80 %, 100 %, then each working day.

    Two statements for each `limit` clocks, however many run. The unique key of a rung is the claim
    to fire it: workers beside each other share the work, a killed one leaves no trace.
    """
    fired: list[RungFired] = []
    given = _given(at)
    while batch := _fire_batch(given | {"limit": limit}, at):
        fired += batch
    return fired


def _given(at: datetime) -> dict[str, Any]:
    """Return the working days after each day on which a running clock was due."""
    calendar = queries.get_calendar()
    opened = rules.last_opening(at, calendar)
    running = TimerRow.objects.filter(stopped_at__isnull=True, suspended=False, due_at__lte=at)
    first = running.aggregate(first=Min("due_at"))["first"] or at
    counts = rules.working_days_after(rules.local_day(first), rules.local_day(opened), calendar)
    return {"at": at, "opened": opened, "days": list(counts), "counts": list(counts.values())}


@transaction.atomic
def _fire_batch(given: dict[str, Any], at: datetime) -> list[RungFired]:
    with connection.cursor() as cursor:
        cursor.execute(_FIRE, given)
        rows = cursor.fetchall()
    highest: dict[int, int] = {}
    for timer_id, *_rest, rung, _due_at in rows:
        highest[timer_id] = max(highest.get(timer_id, 0), rules.rung_order(rung))
    rows.sort(key=lambda row: (row[5], row[0], rules.rung_order(row[4])))
    fired = [_to_fired(row, highest) for row in rows]
    if fired:
        events.record_many([(_fact(rung), SYSTEM) for rung in fired], at=at)
    failpoints.reach("clocks.rungs_fired")
    return fired


def _to_fired(row: tuple[Any, ...], highest: dict[int, int]) -> RungFired:
    timer_id, kind, key, name, rung, due_at = row
    order = rules.rung_order(rung)
    return RungFired(
        timer_id=TimerId(timer_id),
        subject=Ref(kind, key),
        timer=name,
        rung=rung,
        due_at=due_at,
        overdue_days=max(0, order - rules.rung_order("due")),
        latest=order == highest[timer_id],
    )


def _fact(rung: RungFired) -> RungReached:
    return RungReached(
        subject=rung.subject,
        timer_id=rung.timer_id,
        timer=rung.timer,
        rung=rung.rung,
        due_at=rung.due_at,
        overdue_days=rung.overdue_days,
        latest=rung.latest,
    )
