"""One statement for all figures of one source: each row falls to one fate in each figure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.ground.standards import api as standards
from bihuan.kernel.ground.standards.types import Standard
from bihuan.kernel.sight.indices.sources import SOURCES
from bihuan.kernel.sight.indices.types import Figure, Since
from bihuan.platform import clock

COUNTED, NOT_COUNTED = "+", "-"
"""Fates of the denominator; any other fate is the code of an exclusion."""
VISIT_PERIOD = "indices.visit_period_days"


@dataclass(frozen=True, slots=True)
class Ask:
    """One figure for one period, as of one moment; a key tells it from others of one statement."""

    key: str
    figure: Figure
    now: datetime
    month: date
    """The first day of the month of a monthly figure."""

    def span(self) -> tuple[datetime, datetime] | None:
        """Return the period by the business date; None for a figure of now."""
        if self.figure.since is Since.NOW:
            return None
        if self.figure.since is Since.TODAY:
            day = clock.business_date(self.now)
            return clock.midnight(day), clock.midnight(day + timedelta(days=1))
        return clock.midnight(self.month), clock.midnight(next_month(self.month))


@dataclass(slots=True)
class Tally:
    """How many rows have each fate, and the median of the measure over the denominator."""

    fates: dict[str, int] = field(default_factory=dict)
    median: float | None = None

    @property
    def numerator(self) -> int:
        """Return how many are counted."""
        return self.fates.get(COUNTED, 0)

    @property
    def denominator(self) -> int:
        """Return how many are neither outside nor excluded."""
        return self.numerator + self.fates.get(NOT_COUNTED, 0)


def next_month(first: date) -> date:
    """Return the first day of the month after."""
    return (first + timedelta(days=32)).replace(day=1)


def tally(
    asks: Sequence[Ask], paths: Sequence[str], *, depth: int = 0
) -> dict[tuple[str, str], Tally]:
    """Return the tallies by area and key; `depth` 0 puts all areas together under ``""``.

    One statement for each source, however many figures.
    """
    by_source: dict[str, list[Ask]] = defaultdict(list)
    for ask in asks:
        if not ask.figure.lacks:
            by_source[ask.figure.relation].append(ask)
    found: dict[tuple[str, str], Tally] = defaultdict(Tally)
    for code, ours in by_source.items():
        for area, key, fate, count, median in _rows_of(code, ours, paths, depth):
            one = found[area, key]
            one.fates[fate] = int(count)
            one.median = median if fate == COUNTED and median is not None else one.median
    return found


def _rows_of(
    code: str, asks: Sequence[Ask], paths: Sequence[str], depth: int
) -> list[tuple[str, str, str, int, float | None]]:
    params = params_of(asks, paths)
    area = "''"
    if depth:
        params["depth"] = depth
        area = (
            "array_to_string((string_to_array(rtrim(area_path, '/'), '/'))"
            "[1:%(depth)s], '/') || '/'"
        )
    values = ", ".join(
        f"('{ask.key}', {fate_of(ask, n)}, ({ask.figure.measure or 'NULL'})::double precision)"
        for n, ask in enumerate(asks)
    )
    sql = f"""
        SELECT {area}, f.key, f.fate, count(*),
               percentile_cont(0.5) WITHIN GROUP (ORDER BY f.measure)
        FROM {SOURCES[code].sql} CROSS JOIN LATERAL (VALUES {values}) f(key, fate, measure)
        WHERE area_path LIKE ANY (%(paths)s) AND {near(asks)} AND f.fate IS NOT NULL
        GROUP BY 1, 2, 3
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found: list[tuple[str, str, str, int, float | None]] = cursor.fetchall()
        return found


def fate_of(ask: Ask, n: int) -> str:
    """Return the expression that tells a row's fate in a figure; NULL: it is none of it."""
    figure = ask.figure
    inside = f"({figure.population})"
    if ask.span() is not None:
        inside += f" AND {figure.dated_by} >= %(from)s AND {figure.dated_by} < %(until)s"
    whens = [f"WHEN ({inside}) IS NOT TRUE THEN NULL"]
    whens += [f"WHEN {one.condition} THEN '{one.code}'" for one in figure.exclusions]
    whens.append(f"WHEN {figure.numerator} THEN '{COUNTED}'")
    last = "NULL" if figure.is_count else f"'{NOT_COUNTED}'"
    told = f"CASE {' '.join(whens)} ELSE {last} END"
    for name in ("now", "today", "from", "until"):
        told = told.replace(f"%({name})s", f"%({name}{n})s")
    return told


def near(asks: Sequence[Ask]) -> str:
    """Return a wider condition than that of any figure, which indexes answer.

    Whatever the history: a month's figures look at the matters of that month. All asks are of one
    source; where one has no period, every row is looked at.
    """
    source = SOURCES[asks[0].figure.relation]
    pieces = []
    for n, ask in enumerate(asks):
        spans = ask.span() is not None
        what = ask.figure.dated_by if spans else ask.figure.passed
        if not what or (source.dated and what not in source.moments):
            return "TRUE"
        at = "at" if source.dated else what
        piece = f"{at} >= %(from{n})s AND {at} < %(until{n})s" if spans else f"{at} <= %(now{n})s"
        pieces.append(f"(what = '{what}' AND {piece})" if source.dated else f"({piece})")
    either = " OR ".join(pieces)
    if source.dated:
        return f"{source.key} IN (SELECT case_id FROM {source.dated} WHERE {either})"
    return f"({either})"


def params_of(asks: Sequence[Ask], paths: Sequence[str]) -> dict[str, Any]:
    """Return the parameters of a statement over these figures."""
    now = max(ask.now for ask in asks)
    params: dict[str, Any] = {
        "now": now,
        "paths": [f"{path}%" for path in paths],
        "urgent": urgent_classes(),
        "visited_since": now - timedelta(days=int(standard_of(VISIT_PERIOD, now, paths).value)),
    }
    for n, ask in enumerate(asks):
        params[f"now{n}"], params[f"today{n}"] = ask.now, clock.business_date(ask.now)
        span = ask.span()
        if span is not None:
            params[f"from{n}"], params[f"until{n}"] = span
    return params


def urgent_classes() -> list[str]:
    """Return the classes that the scenes declared urgent, as kind/class."""
    return [f"{k.code}/{c.code}" for k in cases.all_kinds() for c in k.classes if c.urgent]


def standard_of(code: str, at: datetime, paths: Sequence[str]) -> Standard:
    """Return the dated standard in force; the county's own, when all paths are of one county."""
    counties = {path.split("/")[1] for path in paths if path.count("/") > 1}
    whole = any(path.count("/") <= 1 for path in paths)
    county = next(iter(counties)) if len(counties) == 1 and not whole else None
    return standards.get_standard(code, on=clock.business_date(at), county=county)
