"""How it stood at the end of each day, from what was counted; and how it stands now, live."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Max, Min

from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import Area, AreaPath, Scope
from bihuan.kernel.sight.indices.models import DayMade, DayRow
from bihuan.kernel.sight.indices.queries import counting
from bihuan.kernel.sight.indices.queries.figures import paths_of, require_power
from bihuan.kernel.sight.indices.types import AreaDay, DayMatter, DayPart, DaySpan, Standing
from bihuan.platform import clock
from bihuan.platform.web.errors import NotFound

PLAYBACK = "indices.playback_days"
STEPS = "indices.overdue_steps"
CHINA_DAY = "({0} AT TIME ZONE 'Asia/Shanghai')::date"
ENDED = "('rejected', 'voided', 'withdrawn', 'closed', 'evaluated', 'merged')"
ROWS_SHOWN = 200
COLUMNS = ("open", "overdue", "raised", "closed", "back", "aside")

TOLD = """
    SELECT t.*, lead(t.at) OVER w AS until,
           (array_agg(t.state) FILTER (WHERE t.state IS NOT NULL) OVER w2) AS states
    FROM cases_told_v t
    WHERE t.at < %(end)s AND (t.closed_at IS NULL OR t.closed_at >= %(start)s) {narrow}
    WINDOW w AS (PARTITION BY t.case_id ORDER BY t.id),
           w2 AS (PARTITION BY t.case_id ORDER BY t.id ROWS UNBOUNDED PRECEDING)
"""
"""What was recorded of every matter that was open at any time since `start`."""

MOVED = f"""
    SELECT {CHINA_DAY.format("t.at")} AS day, t.area_path,
           count(*) FILTER (WHERE t.fact = 'cases.case_opened.v1') AS raised,
           count(*) FILTER (WHERE t.was NOT IN {ENDED} AND t.state = 'closed') AS closed,
           count(*) FILTER (WHERE t.was IN {ENDED} AND t.state NOT IN {ENDED}) AS back,
           count(*) FILTER (WHERE t.was NOT IN {ENDED} AND t.state IN {ENDED}
                              AND t.state <> 'closed') AS aside
    FROM cases_told_v t
    WHERE t.at >= %(start)s AND t.at < %(end)s
      AND t.fact IN ('cases.case_opened.v1', 'cases.case_moved.v1')
    GROUP BY 1, 2
"""
"""What came and went on each day."""

BY_DAY = f"""
    WITH told AS MATERIALIZED ({TOLD.format(narrow="")}),
    stood AS (
        SELECT d::date AS day, t.area_path, count(*) AS open,
               count(*) FILTER (
                   WHERE t.due_at < (d + interval '1 day') AT TIME ZONE 'Asia/Shanghai'
                     AND t.states[array_upper(t.states, 1)] <> 'suspended') AS overdue
        FROM told t CROSS JOIN LATERAL generate_series(
            greatest(%(first)s::date, {CHINA_DAY.format("t.at")})::timestamp,
            least(%(last)s::date, coalesce({CHINA_DAY.format("t.until")} - 1, %(last)s::date)
                 )::timestamp, interval '1 day') d
        WHERE t.states[array_upper(t.states, 1)] NOT IN {ENDED} GROUP BY 1, 2
    ),
    moved AS ({MOVED}),
    leaves AS (
        SELECT day, area_path, coalesce(s.open, 0) AS open, coalesce(s.overdue, 0) AS overdue,
               coalesce(m.raised, 0) AS raised, coalesce(m.closed, 0) AS closed,
               coalesce(m.back, 0) AS back, coalesce(m.aside, 0) AS aside
        FROM stood s FULL JOIN moved m USING (day, area_path)
    )
    SELECT l.day, array_to_string((string_to_array(rtrim(l.area_path, '/'), '/'))[1:n], '/') || '/'
               AS area_path,
           sum(open)::int AS open, sum(overdue)::int AS overdue, sum(raised)::int AS raised,
           sum(closed)::int AS closed, sum(back)::int AS back, sum(aside)::int AS aside
    FROM leaves l
    CROSS JOIN LATERAL generate_series(
        1, array_length(string_to_array(rtrim(l.area_path, '/'), '/'), 1)) n
    GROUP BY 1, 2
"""
"""Every day from `first` to `last`, for every area and those above it."""

_NOW = f"""
    SELECT {{area}} AS area_path, sum(open), sum(overdue), sum(raised), sum(closed), sum(back),
           sum(aside)
    FROM (
        SELECT o.area_path, count(*) AS open,
               count(*) FILTER (WHERE o.due_at <= %(now)s AND NOT o.paused) AS overdue,
               0 AS raised, 0 AS closed, 0 AS back, 0 AS aside
        FROM cases_open_v o WHERE o.area_path LIKE %(path)s GROUP BY 1
        UNION ALL
        SELECT m.area_path, 0, 0, m.raised, m.closed, m.back, m.aside FROM ({MOVED}) m
        WHERE m.area_path LIKE %(path)s
    ) x GROUP BY 1
"""


def span_of_days(first: date, last: date) -> dict[str, Any]:
    """Return the parameters of a statement over whole days."""
    return {
        "first": first,
        "last": last,
        "start": clock.midnight(first),
        "end": clock.midnight(last + timedelta(days=1)),
    }


def days_kept(*, at: datetime) -> DaySpan:
    """Return which days can be looked at: those that were counted, of the last so many."""
    most = int(counting.standard_of(PLAYBACK, at, ()).value)
    earliest = clock.business_date(at) - timedelta(days=most)
    found = DayMade.objects.filter(day__gte=earliest).aggregate(
        first=Min("day"), last=Max("day"), made_at=Max("made_at")
    )
    return DaySpan(found["first"], found["last"], found["made_at"])


def get_standing(
    area: AreaPath, *, scope: Scope, at: datetime, day: date | None = None, depth: int = 1
) -> Standing:
    """Return how an area and those `depth` levels below it stand now, or stood on a day's evening.

    Raises:
        NotAllowed: the post reads no figures.
        NotFound: the area lies outside its care, or the day was not counted.
    """
    require_power(scope)
    (path,) = paths_of(scope, area)
    day = None if day == clock.business_date(at) else day
    span = days_kept(at=at) if day is not None else None
    if day is not None and span is not None and not span.has(day):
        raise NotFound("That day was not counted.")
    levels = [path.count("/") + n for n in range(depth + 1)]
    made = _kept(path, day, levels) if day else _now(path, levels, at)
    below = [a for a in registry.list_areas(below=path) if a.path.count("/") in levels]
    steps = counting.standard_of(STEPS, at, (path,))
    own = made.pop(path, (0,) * len(COLUMNS))
    return Standing(
        own=AreaDay(path, "", "", *own),
        below=tuple(_area_day(a, made) for a in below if a.path != path),
        day=day,
        as_of=at if day is None else clock.midnight(day + timedelta(days=1)),
        made_at=span.made_at if span else None,
        steps=tuple(float(step) for step in steps.value),
        version=steps.version,
    )


def _area_day(area: Area, made: dict[str, tuple[int, ...]]) -> AreaDay:
    counts = made.get(area.path, (0,) * len(COLUMNS))
    return AreaDay(area.path, area.code, area.name, *counts)


def _kept(path: str, day: date, levels: Sequence[int]) -> dict[str, tuple[int, ...]]:
    rows = DayRow.objects.filter(day=day, area_path__startswith=path)
    found = rows.values_list("area_path", *COLUMNS)
    return {where: counts for where, *counts in found if where.count("/") in levels}


def _now(path: str, levels: Sequence[int], at: datetime) -> dict[str, tuple[int, ...]]:
    start = clock.midnight(clock.business_date(at))
    params: dict[str, Any] = {
        "now": at,
        "path": f"{path}%",
        "start": start,
        "end": at,
        "depth": max(levels),
    }
    area = "(string_to_array(rtrim(x.area_path, '/'), '/'))[1:%(depth)s]"
    with connection.cursor() as cursor:
        cursor.execute(_NOW.format(area=area), params)
        found = cursor.fetchall()
    made: dict[str, tuple[int, ...]] = {}
    for codes, *counts in found:
        for level in levels:
            if level > len(codes) and level != min(levels):
                continue
            where = "".join(f"{code}/" for code in codes[:level])
            known = made.get(where, (0,) * len(COLUMNS))
            made[where] = tuple(int(a + b) for a, b in zip(known, counts, strict=True))
    return made


def list_days(area: AreaPath, *, scope: Scope, at: datetime) -> tuple[DayPart, ...]:
    """Return an area's days, the earliest first; a day without any matter counts nothing."""
    require_power(scope)
    (path,) = paths_of(scope, area)
    span = days_kept(at=at)
    if span.first is None or span.last is None:
        return ()
    rows = DayRow.objects.filter(area_path=path, day__gte=span.first)
    found = {day: counts for day, *counts in rows.values_list("day", *COLUMNS)}
    length = (span.last - span.first).days + 1
    days = (span.first + timedelta(days=n) for n in range(length))
    return tuple(DayPart(day, *found.get(day, (0,) * len(COLUMNS))) for day in days)


_STOOD = f"""
    WITH told AS ({TOLD.format(narrow="AND t.area_path LIKE %(path)s")})
    SELECT case_id, number, CASE WHEN sensitive THEN '' ELSE title END, area_name,
           states[array_upper(states, 1)], due_at, sensitive
    FROM told WHERE (until IS NULL OR until >= %(end)s)
      AND states[array_upper(states, 1)] NOT IN {ENDED} AND {{only}}
    ORDER BY due_at NULLS LAST, case_id LIMIT {ROWS_SHOWN + 1:d}
"""
_MOVED_ROWS = f"""
    SELECT t.case_id, t.number, CASE WHEN t.sensitive THEN '' ELSE t.title END, t.area_name,
           t.state, t.at, t.sensitive
    FROM cases_told_v t
    WHERE t.at >= %(start)s AND t.at < %(end)s AND t.area_path LIKE %(path)s AND {{only}}
    ORDER BY t.at, t.id LIMIT {ROWS_SHOWN + 1:d}
"""
_OVERDUE_THEN = "due_at < %(end)s AND states[array_upper(states, 1)] <> 'suspended'"
_ROWS = {
    "open": _STOOD.format(only="TRUE"),
    "overdue": _STOOD.format(only=_OVERDUE_THEN),
    "raised": _MOVED_ROWS.format(only="t.fact = 'cases.case_opened.v1'"),
    "closed": _MOVED_ROWS.format(only=f"t.was NOT IN {ENDED} AND t.state = 'closed'"),
    "back": _MOVED_ROWS.format(only=f"t.was IN {ENDED} AND t.state NOT IN {ENDED}"),
    "aside": _MOVED_ROWS.format(
        only=f"t.was NOT IN {ENDED} AND t.state IN {ENDED} AND t.state <> 'closed'"
    ),
}


def list_day_rows(
    what: str, *, area: AreaPath, day: date, scope: Scope, at: datetime
) -> tuple[DayMatter, ...]:
    """Return the matters behind a number of a day, as they stood then; at most 201.

    Raises:
        NotAllowed, NotFound: as `get_standing`; or there is no such number.
    """
    require_power(scope)
    (path,) = paths_of(scope, area)
    today = clock.business_date(at)
    if what not in _ROWS or not (day == today or days_kept(at=at).has(day)):
        raise NotFound("There is no such number.")
    params = span_of_days(day, day) | {"path": f"{path}%"}
    if day == today:
        params["end"] = at
    with connection.cursor() as cursor:
        cursor.execute(_ROWS[what], params)
        return tuple(DayMatter(*row) for row in cursor.fetchall())
