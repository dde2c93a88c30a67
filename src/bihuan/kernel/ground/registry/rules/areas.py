"""Paths and levels of areas, and days."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from bihuan.kernel.ground.registry.types import AreaLevel, AreaPath, GridKind

CHINA = ZoneInfo("Asia/Shanghai")
LENGTHS = {
    4: AreaLevel.CITY,
    6: AreaLevel.COUNTY,
    9: AreaLevel.TOWN,
    12: AreaLevel.VILLAGE,
}
PARENTS = {
    AreaLevel.COUNTY: {AreaLevel.CITY},
    AreaLevel.TOWN: {AreaLevel.COUNTY},
    AreaLevel.VILLAGE: {AreaLevel.TOWN},
    AreaLevel.INDUSTRIAL_COMMUNITY: {AreaLevel.TOWN},
    AreaLevel.GRID: {AreaLevel.VILLAGE, AreaLevel.INDUSTRIAL_COMMUNITY},
    AreaLevel.MICRO_GRID: {AreaLevel.GRID},
}


def day_of(at: datetime) -> date:
    """Return the calendar day of `at` in China."""
    return at.astimezone(CHINA).date()


def path_of(code: str) -> AreaPath:
    """Return the path of a city, county, town or village by its digits alone."""
    return AreaPath("".join(f"{code[:n]}/" for n in sorted(LENGTHS) if n <= len(code)))


def county_of(path: str) -> str:
    """Return the code of the county of `path`; the city's own where the path is the city."""
    codes = path.split("/")
    return codes[1] if len(codes) > 2 else codes[0]


def may_lie_in(level: AreaLevel, parent: AreaLevel, grid_kind: GridKind | None) -> bool:
    """Return whether an area of `level` may lie directly in one of `parent`.

    A grid belongs to a village or an industrial community, never directly to a town; a basic grid
    tiles its village, so that only an exclusive one may lie in an industrial community.
    """
    if (level is AreaLevel.GRID) is not (grid_kind is not None):
        return False
    if grid_kind is GridKind.BASIC and parent is not AreaLevel.VILLAGE:
        return False
    return parent in PARENTS.get(level, set())
