"""Counting days: what a day's evening looked like, made of what was recorded."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Max, Min

from bihuan.kernel.sight.indices.models import DayMade
from bihuan.kernel.sight.indices.queries.counting import standard_of
from bihuan.kernel.sight.indices.queries.days import BY_DAY, COLUMNS, PLAYBACK, span_of_days
from bihuan.platform import clock
from bihuan.platform.database.locks import lock_words

SETTLING = timedelta(minutes=10)
"""A fact with a lower id may commit after one with a higher; after so long none does."""
_NAMES = ", ".join(COLUMNS)
_INSERT = f"INSERT INTO indices_day (day, area_path, {_NAMES}) {BY_DAY}"
_KEPT = f"""
    SELECT day, area_path::text, {_NAMES} FROM indices_day WHERE day BETWEEN %(first)s AND %(last)s
"""
_DIFFERENT = f"""
    WITH made AS ({BY_DAY}), kept AS ({_KEPT})
    SELECT coalesce(m.day, k.day), coalesce(m.area_path, k.area_path),
           to_jsonb(k) - 'day' - 'area_path', to_jsonb(m) - 'day' - 'area_path'
    FROM made m FULL JOIN kept k ON k.day = m.day AND k.area_path = m.area_path
    WHERE m IS DISTINCT FROM k ORDER BY 1, 2
"""
_SETTLED = """
    SELECT id FROM events_fact WHERE recorded_at <= %s ORDER BY id DESC LIMIT 1
"""
_LATE = """
    SELECT min(at) FROM cases_told_v WHERE id > %s AND at < %s
"""


def build_days(first: date, last: date, *, at: datetime) -> int:
    """Count the days from `first` to `last` afresh; return how many rows that made.

    What stood for them before is replaced in the same transaction.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        lock_words("indices.days")
        settled = _last_settled(at)
        cursor.execute("DELETE FROM indices_day WHERE day BETWEEN %s AND %s", [first, last])
        cursor.execute(_INSERT, span_of_days(first, last))
        made: int = cursor.rowcount
        length = (last - first).days + 1
        DayMade.objects.bulk_create(
            (
                DayMade(day=first + timedelta(days=n), made_at=at, last_fact=settled)
                for n in range(length)
            ),
            update_conflicts=True,
            unique_fields=["day"],
            update_fields=["made_at", "last_fact"],
        )
    return made


def keep_days(*, at: datetime) -> tuple[date, date] | None:
    """Count what lacks up to yesterday, and what a late fact has changed; return which days.

    A fact is late when it tells of a day that was counted already, as an import does.
    """
    yesterday = clock.business_date(at) - timedelta(days=1)
    most = int(standard_of(PLAYBACK, at, ()).value)
    earliest = yesterday - timedelta(days=most - 1)
    known = DayMade.objects.aggregate(last=Max("day"), first=Min("day"), fact=Max("last_fact"))
    begin = earliest if known["last"] is None else known["last"] + timedelta(days=1)
    if known["last"] is not None:
        with connection.cursor() as cursor:
            cursor.execute(_LATE, [known["fact"], clock.midnight(begin)])
            late = cursor.fetchone()[0]
        if late is not None:
            begin = max(clock.business_date(late), known["first"])
    if begin > yesterday:
        return None
    build_days(begin, yesterday, at=at)
    return begin, yesterday


def check_days(first: date, last: date) -> tuple[tuple[date, str, object, object], ...]:
    """Return where the kept counts differ from what the records say: day, area, kept, made."""
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERENT, span_of_days(first, last))
        return tuple(cursor.fetchall())


def _last_settled(at: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_SETTLED, [at - SETTLING])
        found = cursor.fetchone()
    return int(found[0]) if found else 0
