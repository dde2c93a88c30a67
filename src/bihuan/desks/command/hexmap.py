"""The schematic map as shapes: one hexagon a town, one hue in four steps, the worst outlined."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bihuan.kernel.ground.registry.types import AreaPath, Hexagon

RADIUS = 31.0
MOST_OUTLINED = 4
Steps = tuple[float, ...]
"""Index values at which the hue gets a step lighter on the wall: a dated standard."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Hex:
    """One town as it is drawn."""

    points: str
    step: int
    worst: bool
    name: str
    href: str
    value: str


@dataclass(frozen=True, slots=True)
class Label:
    """A county's name and index, over its towns."""

    x: str
    y: str
    lower: str
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Key:
    """One step of the hue, and the values that have it."""

    step: int
    words: str


@dataclass(frozen=True, slots=True)
class Map:
    """The map. `borders` is one path along the edges between counties."""

    view_box: str
    hexes: tuple[Hex, ...]
    labels: tuple[Label, ...]
    borders: str
    keys: tuple[Key, ...]
    worst: str = ""
    """The highest value on the map, of the outlined towns; empty when there is none."""


def step_of(value: float | None, steps: Steps) -> int:
    """Return the hue's step for a value; 0 when there is none."""
    if value is None:
        return 0
    return 1 + sum(value >= bound for bound in steps)


def keys(steps: Steps) -> tuple[Key, ...]:
    """Return what the steps of the hue mean."""
    bounds = [f"{bound:.0f}" for bound in steps]
    between = (f"{low}–{high}" for low, high in itertools.pairwise(bounds))
    return tuple(
        Key(n, words) for n, words in enumerate((f"<{bounds[0]}", *between, f"≥{bounds[-1]}"), 1)
    )


def draw(
    hexes: tuple[Hexagon, ...],
    towns: Mapping[AreaPath, float | None],
    counties: Mapping[str, tuple[str, float | None]],
    steps: Steps,
) -> Map:
    """Return the map for index values of towns and counties."""
    known = [value for value in towns.values() if value is not None]
    bound = max(known, default=math.inf)
    alike = sum(value >= bound for value in known)
    if bound <= 0 or alike > MOST_OUTLINED:  # many equal ones are no worst ones
        bound = math.inf
    centres = {h.code: centre_of(h) for h in hexes}
    worst_last = sorted(hexes, key=lambda h: (towns.get(h.path) or 0.0) >= bound)
    drawn = tuple(_hex(h, centres[h.code], towns.get(h.path), bound, steps) for h in worst_last)
    width = max(x for x, _y in centres.values()) + RADIUS + 8
    height = max(y for _x, y in centres.values()) + RADIUS + 8
    return Map(
        view_box=f"0 0 {width:.0f} {height:.0f}",
        hexes=drawn,
        labels=tuple(_label(code, hexes, centres, *told) for code, told in counties.items()),
        borders=borders_of(hexes, centres),
        keys=keys(steps),
        worst="" if math.isinf(bound) else f"{bound:.1f}",
    )


def centre_of(h: Hexagon) -> Point:
    """Return where the middle of a hexagon is drawn."""
    wide = RADIUS * math.sqrt(3)
    shift = wide / 2 if h.row % 2 else 0.0
    return 8 + wide / 2 + h.column * wide + shift, 8 + RADIUS + h.row * RADIUS * 1.5


def corners_of(centre: Point, radius: float = RADIUS) -> list[Point]:
    """Return the six corners around a middle."""
    x, y = centre
    angles = (math.pi / 6 + n * math.pi / 3 for n in range(6))
    return [
        (round(x + radius * math.cos(a), 1), round(y + radius * math.sin(a), 1)) for a in angles
    ]


def borders_of(hexes: tuple[Hexagon, ...], centres: Mapping[str, Point]) -> str:
    """Return the edges that two towns of one county do not share, as one path."""
    sides: dict[tuple[int, int], list[tuple[str, Point, Point]]] = {}
    for h in hexes:
        for start, end in _edges(corners_of(centres[h.code])):
            middle = (round(start[0] + end[0]), round(start[1] + end[1]))
            sides.setdefault(middle, []).append((h.county_code, start, end))
    outer = (
        owners
        for owners in sides.values()
        if len({owner[0] for owner in owners}) != 1 or len(owners) == 1
    )
    return " ".join(f"M{a[0]} {a[1]}L{b[0]} {b[1]}" for ((_county, a, b), *_others) in outer)


def _edges(corners: list[Point]) -> Iterator[tuple[Point, Point]]:
    return zip(corners, [*corners[1:], corners[0]], strict=True)


def _hex(h: Hexagon, centre: Point, value: float | None, bound: float, steps: Steps) -> Hex:
    points = " ".join(f"{x},{y}" for x, y in corners_of(centre))
    told = "—" if value is None else f"{value:.1f}"
    worst = value is not None and value >= bound
    return Hex(points, step_of(value, steps), worst, h.name, f"/wall/town/{h.code}/", told)


def _label(
    code: str,
    hexes: tuple[Hexagon, ...],
    centres: Mapping[str, Point],
    name: str,
    value: float | None,
) -> Label:
    own = [centres[h.code] for h in hexes if h.county_code == code]
    x = sum(x for x, _ in own) / len(own)
    y = sum(y for _, y in own) / len(own)
    told = "—" if value is None else f"{value:.1f}"
    return Label(f"{x:.0f}", f"{y:.0f}", f"{y + 28:.0f}", name, told)
