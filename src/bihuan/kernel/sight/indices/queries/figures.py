"""Figures of an area, the rows behind one, the areas below, the overdue ladder."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.ground.clocks import api as clocks
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import AreaPath, Scope
from bihuan.kernel.sight.indices import kinds, rules
from bihuan.kernel.sight.indices.queries import counting
from bihuan.kernel.sight.indices.queries.counting import Ask, Tally
from bihuan.kernel.sight.indices.sources import SOURCES
from bihuan.kernel.sight.indices.types import (
    MAY_SEE_FIGURES,
    AreaValues,
    Bounds,
    Figure,
    FigureCode,
    Left,
    Missing,
    Row,
    Rung,
    Since,
    Unit,
    Value,
)
from bihuan.platform import clock
from bihuan.platform.web.errors import NotAllowed, NotFound

ROWS_SHOWN = 200
SMALLEST = "indices.smallest_denominator"
FULL_MARKS = "indices.full_marks"


def require_power(scope: Scope) -> None:
    """Refuse who may not read figures."""
    if not scope.has(MAY_SEE_FIGURES):
        raise NotAllowed("Your post does not read the figures.")


def paths_of(scope: Scope, area: AreaPath | None) -> tuple[AreaPath, ...]:
    """Return the areas to count: the scope's, or one inside them."""
    if area is None:
        return scope.area_paths
    if not scope.covers(area):
        raise NotFound("There is no such area in your care.")
    return (area,)


def figure_of(code: FigureCode) -> Figure:
    """Return a figure.

    Raises:
        NotFound: nobody declared it.
    """
    try:
        return kinds.get_figure(code)
    except KeyError as error:
        raise NotFound("There is no such figure.") from error


def month_of(at: datetime, month: date | None) -> date:
    """Return the first day of a month, of the present one by default."""
    return (month or clock.business_date(at)).replace(day=1)


def get_value(
    code: FigureCode,
    *,
    scope: Scope,
    at: datetime,
    area: AreaPath | None = None,
    month: date | None = None,
) -> Value:
    """Return one figure for the scope's areas, or for one area inside them."""
    return list_values((figure_of(code),), scope=scope, at=at, area=area, month=month)[0]


def list_wall_values(
    *, scope: Scope, at: datetime, area: AreaPath | None = None
) -> tuple[Value, ...]:
    """Return the five tiles."""
    return list_values(kinds.wall_figures(), scope=scope, at=at, area=area)


def list_values(
    figures: Iterable[Figure] | None = None,
    *,
    scope: Scope,
    at: datetime,
    area: AreaPath | None = None,
    month: date | None = None,
) -> tuple[Value, ...]:
    """Return figures, by default all; one statement for each source."""
    require_power(scope)
    paths, first = paths_of(scope, area), month_of(at, month)
    wanted = tuple(kinds.all_figures() if figures is None else figures)
    asks = [Ask(figure.code, figure, at, first) for figure in wanted]
    asks += [ask for figure in wanted if (ask := _before(figure, at, first)) is not None]
    found = counting.tally(asks, paths)
    return tuple(
        told(figure, found.get(("", figure.code)), at, paths, found.get(("", f"{figure.code}<")))
        for figure in wanted
    )


def told(
    figure: Figure,
    tally: Tally | None,
    at: datetime,
    paths: Sequence[str],
    earlier: Tally | None = None,
) -> Value:
    """Return a tally as a value with its parts, its bounds and the standards it was made by."""
    tally = tally or Tally()
    smallest = counting.standard_of(SMALLEST, at, paths)
    least = 1 if figure.whole else int(smallest.value)
    value, missing = _value(figure, tally, least)
    past = None if figure.since is Since.NOW else _value(figure, earlier or Tally(), least)[0]
    bounds = _bounds(figure, at, paths)
    versions = [] if figure.is_count or figure.whole else [(SMALLEST, smallest.version)]
    versions += [(FULL_MARKS, bounds.version)] if bounds else []
    if figure.relation == "firms":
        period = counting.standard_of(counting.VISIT_PERIOD, at, paths)
        versions.append((counting.VISIT_PERIOD, period.version))
    return Value(
        figure=figure,
        as_of=at,
        value=value,
        numerator=tally.numerator,
        denominator=None if figure.is_count else tally.denominator,
        missing=missing,
        change=None if value is None or past is None else round(value - past, 1),
        left=tuple(
            Left(one.code, one.words, tally.fates.get(one.code, 0)) for one in figure.exclusions
        ),
        smallest=least,
        bounds=bounds,
        versions=tuple(versions),
    )


def _value(figure: Figure, tally: Tally, least: int) -> tuple[float | None, Missing | None]:
    if figure.lacks:
        return None, Missing.NO_SOURCE
    if figure.is_count:
        return float(tally.numerator), None
    missing = rules.missing(tally.denominator, least)
    if missing is not None:
        return None, missing
    if figure.unit is Unit.HOURS:
        return None if tally.median is None else round(tally.median, 1), None
    return rules.percent(tally.numerator, tally.denominator), None


def _bounds(figure: Figure, at: datetime, paths: Sequence[str]) -> Bounds | None:
    standard = counting.standard_of(FULL_MARKS, at, paths)
    found = standard.value.get(figure.code)
    if found is None:
        return None
    return Bounds(
        float(found["full"]), float(found["per_point"]), standard.version, standard.source
    )


def _before(figure: Figure, at: datetime, month: date) -> Ask | None:
    """Return the period with which a figure is compared; a figure of now keeps no past."""
    key = f"{figure.code}<"
    if figure.since is Since.TODAY:
        return Ask(key, figure, at - timedelta(days=1), month)
    if figure.since is Since.THIS_MONTH:
        earlier = (month - timedelta(days=1)).replace(day=1)
        return Ask(key, figure, clock.midnight(month) - timedelta(seconds=1), earlier)
    return None


def list_area_values(
    figures: Iterable[Figure],
    *,
    scope: Scope,
    at: datetime,
    area: AreaPath,
    month: date | None = None,
) -> tuple[AreaValues, ...]:
    """Return figures of each area just below one, and of what lies in none of them."""
    require_power(scope)
    (path,) = paths_of(scope, area)
    return values_below(tuple(figures), path, at=at, month=month_of(at, month))


def values_below(
    figures: tuple[Figure, ...], path: AreaPath, *, at: datetime, month: date
) -> tuple[AreaValues, ...]:
    """Return figures of each area just below one; whoever asks has seen to the scope."""
    asks = [Ask(figure.code, figure, at, month) for figure in figures]
    depth = path.count("/") + 1
    found = counting.tally(asks, (path,), depth=depth)
    below = [a for a in registry.list_areas(below=path) if a.path.count("/") == depth]
    places = [(a.path, a.code, a.name) for a in below]
    if any(key[0] == path for key in found):
        places.append((path, "", ""))
    return tuple(
        AreaValues(
            where,
            code,
            name,
            tuple(told(f, found.get((where, f.code)), at, (path,)) for f in figures),
        )
        for where, code, name in places
    )


def list_rows(
    code: FigureCode,
    *,
    scope: Scope,
    at: datetime,
    area: AreaPath | None = None,
    month: date | None = None,
    limit: int = ROWS_SHOWN,
) -> tuple[Row, ...]:
    """Return the rows that made a figure, by the same conditions, worst deadline first.

    Rows that stay out come last, each with the exclusion that keeps it out.
    """
    require_power(scope)
    figure = figure_of(code)
    if figure.lacks:
        return ()
    ask = Ask(figure.code, figure, at, month_of(at, month))
    source = SOURCES[figure.relation]
    params = counting.params_of([ask], paths_of(scope, area))
    sql = f"""
        SELECT {source.columns}, f.fate
        FROM {source.sql} CROSS JOIN LATERAL (VALUES ({counting.fate_of(ask, 0)})) f(fate)
        WHERE area_path LIKE ANY (%(paths)s) AND {counting.near([ask])} AND f.fate IS NOT NULL
        ORDER BY f.fate NOT IN ('+', '-'), {source.due} NULLS LAST, {source.key} LIMIT {limit:d}
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return tuple(_row(source.kind, found) for found in cursor.fetchall())


def _row(kind: str, found: Sequence[Any]) -> Row:
    key, number, title, where, holder, at, due_at, state, sensitive, fate = found
    inside = fate in {counting.COUNTED, counting.NOT_COUNTED}
    return Row(
        key=key,
        number=number,
        title=title,
        where=where,
        holder=holder or "",
        at=at,
        due_at=due_at,
        state=state,
        counted=fate == counting.COUNTED,
        kind=kind,
        left="" if inside else fate,
        sensitive=sensitive,
    )


# -- the overdue ladder ---------------------------------------------------------------------------


def list_overdue_rungs(
    *, scope: Scope, at: datetime, area: AreaPath | None = None
) -> tuple[Rung, ...]:
    """Return how many open matters stand on each level of the ladder; the sum equals the tile.

    A level is that of the matter's own page: both count working days by the same rule.
    """
    require_power(scope)
    figure, paths = kinds.get_figure(FigureCode("overdue_open")), paths_of(scope, area)
    ask = Ask(figure.code, figure, at, month_of(at, None))
    sql = f"""
        SELECT max(due_at), count(*) FROM {SOURCES[figure.relation].sql}
        WHERE area_path LIKE ANY (%(paths)s) AND {counting.near([ask])}
        AND {counting.fate_of(ask, 0)} IS NOT NULL
        GROUP BY (due_at AT TIME ZONE 'Asia/Shanghai')::date
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, counting.params_of([ask], paths))
        found = cursor.fetchall()
    ladder = cases.get_ladder(at=at)
    counts = dict.fromkeys((level.code for level in ladder.levels), 0)
    for due_at, count in found:
        counts[ladder.level_at(clocks.count_overdue_days(due_at, at=at)).code] += count
    return tuple(Rung(code, count) for code, count in counts.items())
