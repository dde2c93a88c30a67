"""The schematic map as shapes: one hexagon a town, one hue in four steps, the worst outlined."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from bihuan.kernel.ground.registry.types import AreaPath, Hexagon

RADIUS = 31.0
STEPS = (10.0, 20.0, 30.0)
"""Index values at which the hue gets a step lighter on the wall."""


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
class Map:
    """The map."""

    view_box: str
    hexes: tuple[Hex, ...]
    labels: tuple[Label, ...]


def step_of(value: float | None) -> int:
    """Return the hue's step for a value; 0 when there is none."""
    if value is None:
        return 0
    return 1 + sum(value >= bound for bound in STEPS)


def draw(
    hexes: tuple[Hexagon, ...],
    towns: Mapping[AreaPath, float | None],
    counties: Mapping[str, tuple[str, float | None]],
) -> Map:
    """Return the map for index values of towns and counties."""
    known = [value for value in towns.values() if value is not None]
    bound = max(known, default=math.inf)
    bound = bound if bound > 0 else math.inf
    centres = {h.code: _centre(h) for h in hexes}
    drawn = tuple(_hex(h, centres[h.code], towns.get(h.path), bound) for h in hexes)
    width = max(x for x, _y in centres.values()) + RADIUS + 8
    height = max(y for _x, y in centres.values()) + RADIUS + 8
    labels = tuple(_label(code, hexes, centres, *told) for code, told in counties.items())
    return Map(f"0 0 {width:.0f} {height:.0f}", drawn, labels)


def _centre(h: Hexagon) -> tuple[float, float]:
    wide = RADIUS * math.sqrt(3)
    shift = wide / 2 if h.row % 2 else 0.0
    return 8 + wide / 2 + h.column * wide + shift, 8 + RADIUS + h.row * RADIUS * 1.5


def _hex(h: Hexagon, centre: tuple[float, float], value: float | None, bound: float) -> Hex:
    x, y = centre
    angles = (math.pi / 6 + n * math.pi / 3 for n in range(6))
    points = " ".join(
        f"{x + RADIUS * math.cos(a):.1f},{y + RADIUS * math.sin(a):.1f}" for a in angles
    )
    told = "—" if value is None else f"{value:.1f}"
    worst = value is not None and value >= bound
    return Hex(points, step_of(value), worst, h.name, f"/wall/town/{h.code}/", told)


def _label(
    code: str,
    hexes: tuple[Hexagon, ...],
    centres: Mapping[str, tuple[float, float]],
    name: str,
    value: float | None,
) -> Label:
    own = [centres[h.code] for h in hexes if h.county_code == code]
    x = sum(x for x, _ in own) / len(own)
    y = sum(y for _, y in own) / len(own)
    told = "—" if value is None else f"{value:.1f}"
    return Label(f"{x:.0f}", f"{y:.0f}", f"{y + 28:.0f}", name, told)
