"""The regional index of every area of a scope, and the firms of one by colour."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from bihuan.kernel.affairs.cases.types import MAY_SEE
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import Area, AreaLevel, AreaPath, Scope
from bihuan.kernel.sight.indices import rules
from bihuan.kernel.sight.indices.queries import counting
from bihuan.kernel.sight.indices.queries.figures import paths_of, require_power
from bihuan.kernel.sight.indices.types import AreaIndex, FirmLine, Region
from bihuan.platform import clock

WEIGHTS = "indices.region_risk.weights"
TREND = "indices.trend_days"
STEPS = "indices.map_steps"
FIRMS_SHOWN = 100

_CODED = """
    SELECT substr(o.area_path, 1, 22), count(*),
           count(*) FILTER (WHERE s.colour = 'red'), count(*) FILTER (WHERE s.colour = 'yellow'),
           count(*) FILTER (WHERE s.colour = 'green')
    FROM registry_organisation_v o
    LEFT JOIN codes_standing_v s
      ON s.subject_kind = 'registry.organisation' AND s.subject_key = o.id::text
    WHERE (o.closed_on IS NULL OR o.closed_on > %(today)s)
      AND o.area_path LIKE ANY (%(paths)s) GROUP BY 1
"""
_HAZARDS = """
    SELECT substr(area_path, 1, 22),
           count(*) FILTER (WHERE promised_at <= %(now)s),
           count(*) FILTER (WHERE due_at <= %(now)s AND closed_at IS NULL AND NOT paused),
           count(*) FILTER (WHERE raised_at > %(recent)s),
           count(*) FILTER (WHERE raised_at > %(earlier)s AND raised_at <= %(recent)s)
    FROM cases_case_v
    WHERE kind = 'hazard' AND state NOT IN ('merged', 'rejected', 'voided', 'withdrawn')
      AND raised_at <= %(now)s AND area_path LIKE ANY (%(paths)s) GROUP BY 1
"""
_VISITED = """
    SELECT substr(area_path, 1, 22), count(DISTINCT organisation_key)
    FROM fieldwork_visit_v
    WHERE received_at > %(visited)s AND received_at <= %(now)s AND organisation_key <> ''
      AND area_path LIKE ANY (%(paths)s) GROUP BY 1
"""
_FIRMS = """
    SELECT o.id, o.name, o.area_path, s.colour, s.score, s.reasons, s.since
    FROM registry_organisation_v o
    JOIN codes_standing_v s
      ON s.subject_kind = 'registry.organisation' AND s.subject_key = o.id::text
    WHERE (o.closed_on IS NULL OR o.closed_on > %(today)s)
      AND o.area_path LIKE ANY (%(paths)s) AND s.colour IN ('red', 'yellow')
    ORDER BY s.colour, s.score, o.id LIMIT %(limit)s
"""


def get_region(*, scope: Scope, at: datetime) -> Region:
    """Return the index of the scope's own area, of its counties and towns, in three statements."""
    require_power(scope)
    counted = _town_counts(scope.area_paths, at)
    areas = registry.list_areas(levels=(AreaLevel.CITY, AreaLevel.COUNTY, AreaLevel.TOWN))
    indices = {
        area.path: _index(area, _total(counted, area.path), at)
        for area in areas
        if scope.covers(area.path)
    }
    own = next((indices[p] for p in scope.area_paths if p in indices), None)
    steps = counting.standard_of(STEPS, at, scope.area_paths)
    return Region(
        own,
        {a.path: indices[a.path] for a in areas if a.path in indices},
        {a.code: a.name for a in areas if a.level is AreaLevel.COUNTY},
        tuple(float(step) for step in steps.value),
        steps.version,
    )


def get_index(area: AreaPath, *, scope: Scope, at: datetime) -> AreaIndex:
    """Return the index of one area: its towns' counts together, never a mean of indices."""
    counted = _town_counts_of(area, scope=scope, at=at)
    found = registry.get_area(area.strip("/").rsplit("/", 1)[-1])
    return _index(found, _total(counted, area), at)


def _town_counts_of(area: AreaPath, *, scope: Scope, at: datetime) -> dict[str, rules.Counts]:
    require_power(scope)
    return _town_counts(paths_of(scope, area), at)


def _total(counted: dict[str, rules.Counts], path: str) -> rules.Counts:
    total = rules.Counts()
    for town, counts in counted.items():
        if town.startswith(path[:22]):
            total = rules.add(total, counts)
    return total


def _index(area: Area, counts: rules.Counts, at: datetime) -> AreaIndex:
    found = [
        counting.standard_of(code, at, (area.path,))
        for code in (WEIGHTS, TREND, counting.VISIT_PERIOD)
    ]
    weights = {code: float(weight) for code, weight in found[0].value.items()}
    return AreaIndex(
        area_path=area.path,
        area_name=area.name,
        as_of=at,
        version=str(found[0].version),
        components=rules.components(counts, weights),
        firms=counts.firms,
        colours=(("green", counts.green), ("yellow", counts.yellow), ("red", counts.red)),
        versions=tuple((standard.code, standard.version) for standard in found),
    )


def _town_counts(paths: Sequence[str], at: datetime) -> dict[str, rules.Counts]:
    trend = timedelta(days=int(counting.standard_of(TREND, at, paths).value))
    period = timedelta(days=int(counting.standard_of(counting.VISIT_PERIOD, at, paths).value))
    params = {
        "paths": [f"{path}%" for path in paths],
        "now": at,
        "today": clock.business_date(at),
        "recent": at - trend,
        "earlier": at - 2 * trend,
        "visited": at - period,
    }
    coded, hazards, visited = (_grouped(sql, params) for sql in (_CODED, _HAZARDS, _VISITED))
    return {
        town: rules.Counts(
            *coded.get(town, (0, 0, 0, 0)),
            *hazards.get(town, (0, 0, 0, 0))[:2],
            *visited.get(town, (0,)),
            *hazards.get(town, (0, 0, 0, 0))[2:],
        )
        for town in {*coded, *hazards, *visited}
    }


def _grouped(sql: str, params: dict[str, Any]) -> dict[str, tuple[int, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return {row[0]: tuple(int(n) for n in row[1:]) for row in cursor.fetchall()}


def list_coloured_firms(
    *, scope: Scope, at: datetime, area: AreaPath, limit: int = FIRMS_SHOWN
) -> tuple[FirmLine, ...]:
    """Return the firms of an area with a red or yellow code, red first.

    Names only for who may see matters there; others learn how many and why many.
    """
    require_power(scope)
    params: dict[str, Any] = {
        "paths": [f"{path}%" for path in paths_of(scope, area)],
        "today": clock.business_date(at),
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(_FIRMS, params)
        found = cursor.fetchall()
    named = scope.has(MAY_SEE)
    return tuple(
        FirmLine(str(key), name if named and scope.covers(path) else "", colour, score, why, since)
        for key, name, path, colour, score, why, since in found
    )
