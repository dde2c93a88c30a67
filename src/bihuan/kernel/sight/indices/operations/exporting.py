"""Taking figures out of the house: read, and recorded in the same transaction."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.types import AreaPath, Scope
from bihuan.kernel.sight.indices.facts import FiguresExported
from bihuan.kernel.sight.indices.queries.figures import list_rows, list_values, month_of
from bihuan.kernel.sight.indices.types import FigureCode, Row, Value

MOST_ROWS = 100_000
"""More are no list that a person reads; a wider export is a job of analytics."""


def export_values(
    *, scope: Scope, at: datetime, area: AreaPath, month: date | None = None
) -> tuple[Value, ...]:
    """Return all figures of an area and month, and record that they were taken out.

    Raises:
        NotAllowed: the post does not read figures.
        NotFound: the area lies outside its care.
    """
    with transaction.atomic():
        values = list_values(scope=scope, at=at, area=area, month=month)
        _record(area, month, "", len(values), scope=scope, at=at)
    return values


def export_rows(
    code: FigureCode, *, scope: Scope, at: datetime, area: AreaPath, month: date | None = None
) -> tuple[Row, ...]:
    """Return the rows behind a figure, with what stays out, and record that they were taken out.

    Raises:
        NotAllowed, NotFound.
    """
    with transaction.atomic():
        rows = list_rows(code, scope=scope, at=at, area=area, month=month, limit=MOST_ROWS)
        _record(area, month, code, len(rows), scope=scope, at=at)
    return rows


def _record(
    area: AreaPath, month: date | None, code: str, rows: int, *, scope: Scope, at: datetime
) -> None:
    fact = FiguresExported(
        subject=Ref("registry.area", area),
        area_path=area,
        month=f"{month_of(at, month):%Y-%m}",
        figure=code,
        rows=rows,
    )
    events.record(fact, origin=scope.origin, at=at)
