"""The schematic map of open matters: a cell an area, as large as what is open, coloured by how
much of that is overdue."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from bihuan.desks.command.hexmap import (
    MOST_OUTLINED,
    RADIUS,
    Key,
    Point,
    borders_of,
    centre_of,
    corners_of,
    keys,
    step_of,
)
from bihuan.kernel.ground.registry.types import Area, AreaPath, Hexagon
from bihuan.kernel.sight.indices.types import AreaDay

SMALLEST = 9.0
WIDE, HIGH, LETTER = 1000.0, 520.0, 24.0
"""The ground that a map has on the wall, and how tall its letters stand there."""
NAMED_FROM = 96.0
"""A cell narrower than this on the wall has no name in it; the table beside has."""


@dataclass(frozen=True, slots=True)
class SizedHex:
    """One area as it is drawn: the whole cell, and what is filled of it."""

    slot: str
    points: str
    step: int
    worst: bool
    told: str
    href: str


@dataclass(frozen=True, slots=True)
class Name:
    """Words over a cell, or over a county."""

    x: str
    y: str
    words: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class SizedMap:
    """The map. `letter` is the height of its words in its own units."""

    view_box: str
    cells: tuple[SizedHex, ...]
    names: tuple[Name, ...]
    borders: str
    keys: tuple[Key, ...]
    letter: str
    worst: str = ""


Address = Callable[[str], str]


def lay_out(areas: Sequence[Area], county: str = "") -> tuple[Hexagon, ...]:
    """Return areas that no drawn map has, roughly as they lie: north above south, west before
    east."""
    columns = max(1, math.ceil(math.sqrt(len(areas) * 1.3)))
    by_north = sorted(areas, key=lambda a: (-(a.latitude or 0.0), a.code))
    made = []
    for row in range(math.ceil(len(areas) / columns)):
        found = by_north[row * columns : (row + 1) * columns]
        found.sort(key=lambda a: (a.longitude or 0.0, a.code))
        made += [
            Hexagon(a.code, a.name, county, AreaPath(a.path), column, row)
            for column, a in enumerate(found)
        ]
    return tuple(made)


def draw(
    hexes: Sequence[Hexagon],
    standing: Mapping[str, AreaDay],
    steps: Sequence[float],
    address: Address,
    *,
    counties: Mapping[str, str] | None = None,
) -> SizedMap:
    """Return the map of areas; `counties` names groups of cells instead of the cells."""
    centres = {h.code: centre_of(h) for h in hexes}
    left = min((x for x, _y in centres.values()), default=0.0) - RADIUS - 8
    top = min((y for _x, y in centres.values()), default=0.0) - RADIUS - 8
    width = max((x for x, _y in centres.values()), default=0.0) + RADIUS + 8 - left
    height = max((y for _x, y in centres.values()), default=0.0) + RADIUS + 8 - top
    scale = min(WIDE / width, HIGH / height)
    bound = _worst(standing.values())
    most = max((area.open for area in standing.values()), default=0) or 1
    drawn = [
        _cell(h, centres[h.code], standing.get(h.path), most, bound, tuple(steps), address)
        for h in hexes
    ]
    if counties is not None:
        names = tuple(
            _group(code, name, hexes, centres, address) for code, name in counties.items()
        )
    elif RADIUS * math.sqrt(3) * scale >= NAMED_FROM:
        names = tuple(_name(h, centres[h.code], LETTER / scale) for h in hexes)
    else:
        names = ()
    return SizedMap(
        view_box=f"{left:.0f} {top:.0f} {width:.0f} {height:.0f}",
        cells=tuple(sorted(drawn, key=lambda cell: cell.worst)),
        names=names,
        borders=borders_of(tuple(hexes), centres) if counties is not None else "",
        keys=tuple(Key(key.step, f"{key.words} %") for key in keys(tuple(steps))),
        letter=f"{LETTER / scale:.1f}",
        worst="" if math.isinf(bound) else f"{bound:.0f}%",
    )


def _worst(areas: Iterable[AreaDay]) -> float:
    """Return the highest share of overdue matters; infinite when many share it or there is none."""
    shares = [a.share for a in areas if a.share]
    bound = max(shares, default=math.inf)
    return math.inf if sum(share >= bound for share in shares) > MOST_OUTLINED else bound


def _cell(
    h: Hexagon,
    centre: Point,
    area: AreaDay | None,
    most: int,
    bound: float,
    steps: tuple[float, ...],
    address: Address,
) -> SizedHex:
    slot = _points(corners_of(centre))
    if area is None:
        return SizedHex(slot, "", 0, False, h.name, "")
    radius = max(SMALLEST, RADIUS * math.sqrt(area.open / most)) if area.open else 0.0
    return SizedHex(
        slot=slot,
        points=_points(corners_of(centre, radius)) if radius else "",
        step=step_of(area.share, steps),
        worst=area.share is not None and area.share >= bound,
        told=told(h.name, area),
        href=address(h.code),
    )


def told(name: str, area: AreaDay) -> str:
    """Return an area in words."""
    words = _("%(name)s: %(open)s open, %(overdue)s of them overdue")
    return words % {"name": name, "open": area.open, "overdue": area.overdue}


def _points(corners: Sequence[Point]) -> str:
    return " ".join(f"{x},{y}" for x, y in corners)


def _name(h: Hexagon, centre: Point, letter: float) -> Name:
    return Name(f"{centre[0]:.0f}", f"{centre[1] + letter / 3:.0f}", h.name[:5])


def _group(
    code: str,
    name: str,
    hexes: Sequence[Hexagon],
    centres: Mapping[str, Point],
    address: Address,
) -> Name:
    own = [centres[h.code] for h in hexes if h.county_code == code] or [(0.0, 0.0)]
    x, y = (sum(values) / len(own) for values in zip(*own, strict=True))
    return Name(f"{x:.0f}", f"{y + 8:.0f}", name, address(code))
