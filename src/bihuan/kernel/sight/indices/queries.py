"""Reading figures, the rows behind them, the index of areas, the overdue ladder."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.ground.clocks import api as clocks
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import AreaLevel, AreaPath, Scope
from bihuan.kernel.ground.standards import api as standards
from bihuan.kernel.sight.indices import kinds, rules
from bihuan.kernel.sight.indices.types import (
    MAY_SEE_FIGURES,
    AreaIndex,
    Figure,
    FigureCode,
    Row,
    Rung,
    Since,
    Unit,
    Value,
)
from bihuan.platform import clock
from bihuan.platform.web.errors import NotAllowed, NotFound

ROWS_SHOWN = 200
VISIT_PERIOD_DAYS = 90


def _require(scope: Scope) -> None:
    if not scope.has(MAY_SEE_FIGURES):
        raise NotAllowed("Your post does not read the figures.")


# -- figures --------------------------------------------------------------------------------------


def get_value(
    code: FigureCode, *, scope: Scope, at: datetime, area: AreaPath | None = None
) -> Value:
    """Return one figure for the scope's areas, or for one area inside them."""
    _require(scope)
    figure = _figure(code)
    numerator, denominator = _count(figure, _paths(scope, area), at)
    value, missing = _told(figure, numerator, denominator)
    before = _before(figure, at)
    change = None
    if before is not None:
        earlier = _count(figure, _paths(scope, area), before)
        past, _ = _told(figure, *earlier)
        change = None if value is None or past is None else round(value - past, 1)
    return Value(figure, at, value, numerator, denominator, missing, change)


def list_wall_values(
    *, scope: Scope, at: datetime, area: AreaPath | None = None
) -> tuple[Value, ...]:
    """Return the five tiles."""
    return tuple(
        get_value(figure.code, scope=scope, at=at, area=area) for figure in kinds.wall_figures()
    )


def list_rows(
    code: FigureCode, *, scope: Scope, at: datetime, area: AreaPath | None = None
) -> tuple[Row, ...]:
    """Return the rows that made a figure, by the same conditions, worst deadline first."""
    _require(scope)
    figure = _figure(code)
    where, params = _where(figure, _paths(scope, area), at)
    counted = f"({figure.numerator})"
    whole = f"({figure.denominator})" if figure.denominator else counted
    sql = f"""
        SELECT id, number, title, area_name, holder_name, raised_at, due_at, state,
               {counted} AS counted
        FROM {figure.relation} WHERE {where} AND {whole}
        ORDER BY due_at NULLS LAST, id LIMIT {ROWS_SHOWN}
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found = cursor.fetchall()
    return tuple(
        Row(str(i), number, title, where, holder or "", raised, due, state, bool(is_counted))
        for i, number, title, where, holder, raised, due, state, is_counted in found
    )


def _figure(code: FigureCode) -> Figure:
    try:
        return kinds.get_figure(code)
    except KeyError as error:
        raise NotFound("There is no such figure.") from error


def _told(figure: Figure, numerator: int, denominator: int | None) -> tuple[Any, Any]:
    if figure.unit is not Unit.PERCENT or denominator is None:
        return float(numerator), None
    return rules.rate(figure, numerator, denominator)


def _count(figure: Figure, paths: Sequence[str], at: datetime) -> tuple[int, int | None]:
    where, params = _where(figure, paths, at)
    if not figure.denominator:
        sql = f"SELECT count(*) FILTER (WHERE {figure.numerator}), NULL "
    else:
        both = f"({figure.denominator}) AND ({figure.numerator})"
        sql = (
            f"SELECT count(*) FILTER (WHERE {both}), count(*) FILTER (WHERE {figure.denominator}) "
        )
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} FROM {figure.relation} WHERE {where}", params)
        row = cursor.fetchone()
    return int(row[0]), None if row[1] is None else int(row[1])


def _where(figure: Figure, paths: Sequence[str], at: datetime) -> tuple[str, dict[str, Any]]:
    params: dict[str, Any] = {"now": at, "paths": [f"{path}%" for path in paths]}
    where = "area_path LIKE ANY (%(paths)s)"
    if figure.since is not Since.NOW:
        params["from"], params["until"] = _span(figure.since, at)
        where += f" AND {figure.dated_by} >= %(from)s AND {figure.dated_by} < %(until)s"
    return where, params


def _span(since: Since, at: datetime) -> tuple[datetime, datetime]:
    day = clock.business_date(at)
    if since is Since.TODAY:
        return clock.midnight(day), clock.midnight(day + timedelta(days=1))
    first = day.replace(day=1)
    return clock.midnight(first), clock.midnight(_next_month(first))


def _next_month(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)


def _before(figure: Figure, at: datetime) -> datetime | None:
    """Return the moment with which a figure is compared; a figure of now keeps no past."""
    if figure.since is Since.TODAY:
        return at - timedelta(days=1)
    if figure.since is Since.THIS_MONTH:
        first = clock.business_date(at).replace(day=1)
        return clock.midnight(first) - timedelta(seconds=1)
    return None


def _paths(scope: Scope, area: AreaPath | None) -> tuple[str, ...]:
    if area is None:
        return scope.area_paths
    if not scope.covers(area):
        raise NotFound("There is no such area in your care.")
    return (area,)


# -- the regional index ---------------------------------------------------------------------------

_CODED = """
    SELECT substr(area_path, 1, 22), count(*),
           count(*) FILTER (WHERE colour = 'red'), count(*) FILTER (WHERE colour = 'yellow')
    FROM registry_organisation_v o
    LEFT JOIN codes_standing_v s
      ON s.subject_kind = 'registry.organisation' AND s.subject_key = o.id::text
    WHERE area_path LIKE ANY (%(paths)s) GROUP BY 1
"""
_HAZARDS = """
    SELECT substr(area_path, 1, 22),
           count(*) FILTER (WHERE promised_at <= %(now)s),
           count(*) FILTER (WHERE due_at <= %(now)s AND closed_at IS NULL AND NOT paused),
           count(*) FILTER (WHERE raised_at > %(recent)s),
           count(*) FILTER (WHERE raised_at > %(earlier)s AND raised_at <= %(recent)s)
    FROM cases_case_v
    WHERE kind = 'hazard' AND state NOT IN ('merged', 'rejected', 'voided')
      AND raised_at <= %(now)s AND area_path LIKE ANY (%(paths)s) GROUP BY 1
"""
_VISITED = """
    SELECT substr(area_path, 1, 22), count(DISTINCT organisation_key)
    FROM fieldwork_visit_v
    WHERE received_at > %(visited)s AND received_at <= %(now)s AND organisation_key <> ''
      AND area_path LIKE ANY (%(paths)s) GROUP BY 1
"""


def list_town_indices(*, scope: Scope, at: datetime) -> tuple[AreaIndex, ...]:
    """Return the index of every town of the scope, with components."""
    _require(scope)
    counted = _town_counts(scope.area_paths, at)
    weights, version = _weights(at)
    towns = registry.list_areas(levels=(AreaLevel.TOWN,))
    return tuple(
        _index(town.path, town.name, counted.get(town.path, rules.Counts()), weights, version, at)
        for town in towns
        if scope.covers(town.path)
    )


def get_index(area: AreaPath, *, scope: Scope, at: datetime) -> AreaIndex:
    """Return the index of one area: its towns' counts together, never a mean of indices."""
    _require(scope)
    counted = _town_counts(_paths(scope, area), at)
    total = rules.Counts()
    for counts in counted.values():
        total = rules.add(total, counts)
    weights, version = _weights(at)
    found = registry.get_area(area.strip("/").rsplit("/", 1)[-1])
    return _index(area, found.name, total, weights, version, at)


def _weights(at: datetime) -> tuple[dict[str, float], str]:
    standard = standards.get_standard("indices.region_risk.weights", on=clock.business_date(at))
    return {code: float(weight) for code, weight in standard.value.items()}, str(standard.version)


def _index(
    path: AreaPath,
    name: str,
    counts: rules.Counts,
    weights: dict[str, float],
    version: str,
    at: datetime,
) -> AreaIndex:
    parts = rules.components(counts, weights)
    return AreaIndex(path, name, at, version, parts, firms=counts.firms)


def _town_counts(paths: Sequence[str], at: datetime) -> dict[str, rules.Counts]:
    params = {
        "paths": [f"{path}%" for path in paths],
        "now": at,
        "recent": at - timedelta(days=30),
        "earlier": at - timedelta(days=60),
        "visited": at - timedelta(days=VISIT_PERIOD_DAYS),
    }
    coded, hazards, visited = (_grouped(sql, params) for sql in (_CODED, _HAZARDS, _VISITED))
    towns = {*coded, *hazards, *visited}
    return {
        town: rules.Counts(
            *coded.get(town, (0, 0, 0)),
            *hazards.get(town, (0, 0, 0, 0))[:2],
            *visited.get(town, (0,)),
            *hazards.get(town, (0, 0, 0, 0))[2:],
        )
        for town in towns
    }


def _grouped(sql: str, params: dict[str, Any]) -> dict[str, tuple[int, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return {row[0]: tuple(int(n) for n in row[1:]) for row in cursor.fetchall()}


def count_colours(*, scope: Scope, area: AreaPath | None = None) -> dict[str, int]:
    """Return how many firms of an area have each colour now."""
    _require(scope)
    sql = """
        SELECT s.colour, count(*) FROM registry_organisation_v o
        JOIN codes_standing_v s
          ON s.subject_kind = 'registry.organisation' AND s.subject_key = o.id::text
        WHERE o.closed_on IS NULL AND o.area_path LIKE ANY (%(paths)s) GROUP BY 1
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, {"paths": [f"{path}%" for path in _paths(scope, area)]})
        return {colour: int(count) for colour, count in cursor.fetchall()}


# -- the overdue ladder ---------------------------------------------------------------------------


def list_overdue_rungs(
    *, scope: Scope, at: datetime, area: AreaPath | None = None
) -> tuple[Rung, ...]:
    """Return how many open matters stand on each level of the ladder; the sum equals the tile.

    A level is that of the matter's own page: both count working days by the same rule.
    """
    _require(scope)
    figure = kinds.get_figure(FigureCode("overdue_open"))
    where, params = _where(figure, _paths(scope, area), at)
    sql = f"""
        SELECT max(due_at), count(*) FROM {figure.relation}
        WHERE {where} AND {figure.numerator} GROUP BY (due_at AT TIME ZONE 'Asia/Shanghai')::date
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found = cursor.fetchall()
    ladder = cases.get_ladder(at=at)
    counts = dict.fromkeys((level.code for level in ladder.levels), 0)
    for due_at, count in found:
        counts[ladder.level_at(clocks.count_overdue_days(due_at, at=at)).code] += count
    return tuple(Rung(code, count) for code, count in counts.items())
