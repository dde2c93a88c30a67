"""What everybody may read: a few figures of counties and towns; small areas are kept back."""

from __future__ import annotations

from datetime import date, datetime

from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import AreaLevel
from bihuan.kernel.sight.indices import kinds, rules
from bihuan.kernel.sight.indices.library import FILED
from bihuan.kernel.sight.indices.queries import counting
from bihuan.kernel.sight.indices.queries.counting import Ask
from bihuan.kernel.sight.indices.queries.figures import month_of, told, values_below
from bihuan.kernel.sight.indices.types import OpenArea, OpenFigures
from bihuan.platform.web.errors import NotFound

SMALLEST_SHOWN = "indices.smallest_shown"


def get_open_figures(area_code: str, *, at: datetime, month: date | None = None) -> OpenFigures:
    """Return the open figures of a city, county or town and of the areas below it.

    No scope: these are for everybody. Nothing is told of a single matter, and nothing of an area
    with fewer matters than a dated standard says.

    Raises:
        NotFound: no such city, county or town.
    """
    area = registry.find_area(area_code)
    levels = (AreaLevel.CITY, AreaLevel.COUNTY)
    if area is None or area.level not in levels:
        raise NotFound("There is no such city or county here.")
    first = month_of(at, month)
    figures = (FILED, *(f for f in kinds.all_figures() if f.open_to_all))
    found = counting.tally([Ask(f.code, f, at, first) for f in figures], (area.path,))
    whole = tuple(told(f, found.get(("", f.code)), at, (area.path,)) for f in figures)
    least = counting.standard_of(SMALLEST_SHOWN, at, (area.path,))
    lines = values_below(figures, area.path, at=at, month=first)
    hidden = rules.suppressed({line.path: line.values[0].numerator for line in lines}, least.value)
    few = whole[0].numerator < least.value
    return OpenFigures(
        code=area.code,
        name=area.name,
        month=first,
        as_of=at,
        whole=() if few else whole,
        areas=tuple(
            OpenArea(a.code, a.name, () if few or a.path in hidden else a.values) for a in lines
        ),
        least=int(least.value),
        version=least.version,
        figures=figures,
    )
