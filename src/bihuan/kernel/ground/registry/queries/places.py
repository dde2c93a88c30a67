"""From a point or from words to an area; the schematic map of the city."""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Max, Q
from shapely import STRtree, voronoi_polygons
from shapely.geometry import MultiPoint, Point, Polygon, mapping, shape
from shapely.geometry.base import BaseGeometry

from bihuan.kernel.ground.registry import gazetteer
from bihuan.kernel.ground.registry.models import Area as AreaRow
from bihuan.kernel.ground.registry.queries.areas import get_area
from bihuan.kernel.ground.registry.rules import geo, names
from bihuan.kernel.ground.registry.rules.areas import county_of
from bihuan.kernel.ground.registry.types import (
    Area,
    AreaLevel,
    AreaPath,
    Cell,
    Hexagon,
    PlaceMatch,
)
from bihuan.platform.web.errors import Refused

Centre = tuple[str, float, float]
NARROW = 0.859
"""A degree of longitude against one of latitude at Jiaxing."""


class UnableToPlace(Refused):
    """The point lies outside the city, or is none."""


WORDS = {
    "nowhere": "This is no point on the map. Choose the place again, or from the list.",
    "swapped": "Longitude and latitude are swapped. Write the longitude, some 120, first.",
    "outside": "This point lies outside the city. Choose the place again, or from the list.",
}


def area_of_point(longitude: float, latitude: float, *, is_gcj02: bool = False) -> Area:
    """Return the town in which a point lies (WGS-84, or GCJ-02 as Chinese map services give it).

    A town with a shape of its own is taken by that; the others by the cell around their centre.

    Raises:
        UnableToPlace: the point lies outside the city, or cannot be one.
    """
    fault = geo.point_fault(longitude, latitude)
    if fault:
        raise UnableToPlace(WORDS[fault], code=fault, field="place")
    x, y = geo.from_gcj02(longitude, latitude) if is_gcj02 else (longitude, latitude)
    codes, tree = _tree(*_grounds())
    found = sorted(codes[int(place)] for place in tree.query(Point(x, y), predicate="intersects"))
    if not found:
        words = WORDS["outside"]
        raise UnableToPlace(words, code="outside", field="place")
    return get_area(found[0])


def list_cells(*, below: str = "") -> tuple[Cell, ...]:
    """Return the ground of each town for a map, schematic where the county gave no shape."""
    towns = AreaRow.objects.filter(
        level=AreaLevel.TOWN, valid_to__isnull=True, path__startswith=below
    ).order_by("code")
    centres, shapes = _grounds()
    cells = _cells(centres)
    own = dict(shapes)
    made = []
    for town in towns:
        ground = _shape(own[town.code]) if town.code in own else cells.get(town.code)
        if ground is not None:
            is_schematic = town.code not in own
            made.append(
                Cell(town.code, town.name, AreaPath(town.path), _rings(ground), is_schematic)
            )
    return tuple(made)


def list_hexes() -> tuple[Hexagon, ...]:
    """Return the 72 hexagons of the wall's map, one a town, from the top row to the bottom."""
    places = {code: (column, row) for code, column, row in gazetteer.hexes()}
    towns = AreaRow.objects.filter(code__in=places, valid_to__isnull=True)
    made = (
        Hexagon(town.code, town.name, county_of(town.path), AreaPath(town.path), *places[town.code])
        for town in towns
    )
    return tuple(sorted(made, key=lambda hexagon: (hexagon.row, hexagon.column)))


def find_places(text: str, *, below: str = "") -> tuple[PlaceMatch, ...]:
    """Return the counties, towns, villages and communities that a text names, surest first.

    Unconfirmed matches are suggestions; ask before using one. `below` is the path of an area in
    which the writer is known to be.
    """
    return find_places_in([text], below=below)[0]


def find_places_in(texts: Sequence[str], *, below: str = "") -> list[tuple[PlaceMatch, ...]]:
    """Return for each of many texts what `find_places` says of it, in one statement for all."""
    in_force = Count("pk", filter=Q(valid_to__isnull=True))
    state = AreaRow.objects.aggregate(in_force=in_force, last=Max("pk"))
    index = _index(tuple(state.values()))
    return [names.find_in(text, index, below=below) for text in texts]


@functools.lru_cache(maxsize=2)
def _index(state: tuple[Any, ...]) -> names.Index:
    """Return the index of all areas in force; `state` changes with every change to them."""
    levels = (
        AreaLevel.COUNTY,
        AreaLevel.TOWN,
        AreaLevel.VILLAGE,
        AreaLevel.INDUSTRIAL_COMMUNITY,
    )
    rows = AreaRow.objects.filter(valid_to__isnull=True, level__in=levels).order_by("code")
    return names.build_index(
        names.Named(
            code=row.code,
            name=row.name,
            level=AreaLevel(row.level),
            path=row.path,
            aliases=tuple(row.aliases),
            suspects=gazetteer.SUSPECTS.get(row.code, ()),
        )
        for row in rows
    )


def _grounds() -> tuple[tuple[Centre, ...], tuple[tuple[str, str], ...]]:
    """Return the centres of all towns, and the shapes that counties gave, as JSON by code."""
    towns = AreaRow.objects.filter(level=AreaLevel.TOWN, valid_to__isnull=True).order_by("code")
    rows = towns.values_list("code", "longitude", "latitude", "shape")
    centres = tuple((code, x, y) for code, x, y, _ in rows if x is not None and y is not None)
    shapes = tuple((code, json.dumps(own)) for code, _, _, own in rows if own is not None)
    return centres, shapes


@functools.lru_cache(maxsize=4)
def _tree(
    centres: tuple[Centre, ...], shapes: tuple[tuple[str, str], ...]
) -> tuple[tuple[str, ...], STRtree]:
    own = {code: _shape(text) for code, text in shapes}
    taken = list(own.values())
    grounds = dict(own)
    for code, cell in _cells(centres).items():
        if code not in own:
            rest = functools.reduce(lambda ground, other: ground.difference(other), taken, cell)
            grounds[code] = rest
    return tuple(grounds), STRtree(list(grounds.values()))


@functools.lru_cache(maxsize=4)
def _cells(centres: tuple[Centre, ...]) -> dict[str, BaseGeometry]:
    """Return the cell around each centre, cut to the outline of the city."""
    city = Polygon((x * NARROW, y) for x, y in gazetteer.outline())
    points = MultiPoint([(x * NARROW, y) for _, x, y in centres])
    cells = voronoi_polygons(points, extend_to=city, ordered=True).geoms
    return {
        code: _widened(cell.intersection(city))
        for (code, _, _), cell in zip(centres, cells, strict=True)
    }


def _widened(ground: BaseGeometry) -> BaseGeometry:
    rings = [[(x / NARROW, y) for x, y in ring] for ring in _rings(ground)]
    return Polygon(rings[0], rings[1:])


def _shape(text: str) -> BaseGeometry:
    return shape(json.loads(text))


def _rings(ground: BaseGeometry) -> tuple[tuple[tuple[float, float], ...], ...]:
    drawn = mapping(ground)
    polygons = [drawn["coordinates"]] if drawn["type"] == "Polygon" else drawn["coordinates"]
    return tuple(
        tuple((round(x, 6), round(y, 6)) for x, y, *_ in ring)
        for polygon in polygons
        for ring in polygon
    )
