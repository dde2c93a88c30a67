"""Points, cells and hexagons."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as some
from shapely.geometry import Polygon
from shapely.ops import unary_union

from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.models import Area
from bihuan.kernel.ground.registry.rules import geo
from bihuan.kernel.ground.registry.testing import Cast, cast_scope
from bihuan.kernel.ground.registry.tests.refusals import refused
from bihuan.kernel.ground.registry.types import AreaLevel, LineageKind
from bihuan.platform.web.errors import NotAllowed

SQUARE = {
    "type": "Polygon",
    "coordinates": [
        [[120.90, 30.55], [120.92, 30.55], [120.92, 30.57], [120.90, 30.57], [120.90, 30.55]]
    ],
}


class TestGcj02:
    def test_a_published_pair(self) -> None:
        x, y = geo.to_gcj02(121.5272106, 31.1774276)
        assert (round(x, 9), round(y, 9)) == (121.531541859, 31.175303984)

    @given(x=some.floats(120.3, 121.3), y=some.floats(30.3, 31.05))
    def test_there_and_back_within_a_centimetre(self, x: float, y: float) -> None:
        there = geo.to_gcj02(x, y)
        back = geo.from_gcj02(*there)
        assert abs(back[0] - x) < 1e-7
        assert abs(back[1] - y) < 1e-7
        assert 0.001 < abs(there[0] - x) + abs(there[1] - y) < 0.02


class TestAreaOfPoint:
    def test_each_town_lies_in_its_own_cell(self, db) -> None:
        towns = registry.list_areas(levels=[AreaLevel.TOWN])
        assert len(towns) == 72
        for town in towns:
            assert town.longitude is not None
            assert town.latitude is not None
            assert town.is_schematic
            assert registry.area_of_point(town.longitude, town.latitude) == town

    def test_a_shifted_point_is_put_right(self, db) -> None:
        town = registry.get_area("330424005")
        assert town.longitude is not None
        assert town.latitude is not None
        x, y = geo.to_gcj02(town.longitude, town.latitude)
        assert registry.area_of_point(x, y, is_gcj02=True) == town
        edge = _point_that_matters()
        shifted = geo.to_gcj02(*edge)
        assert registry.area_of_point(*shifted, is_gcj02=True) == registry.area_of_point(*edge)
        assert registry.area_of_point(*shifted) != registry.area_of_point(*edge)

    @pytest.mark.parametrize(
        ("x", "y", "code"),
        [
            (121.47, 31.23, "outside"),
            (120.15, 30.28, "outside"),
            (120.95, 30.30, "outside"),
            (30.5, 120.9, "swapped"),
            (0.0, 0.0, "nowhere"),
            (float("nan"), 30.5, "nowhere"),
            (float("inf"), 30.5, "nowhere"),
            (1e308, -1e308, "nowhere"),
        ],
    )
    def test_a_point_elsewhere_is_refused_with_words(self, db, x, y, code: str) -> None:
        with pytest.raises(registry.UnableToPlace) as refusal:
            registry.area_of_point(x, y)
        assert refusal.value.code == code
        assert refusal.value.field == "place"
        assert len(refusal.value.spoken()) > 10

    def test_a_county_s_own_shape_goes_before_the_cells(self, cast: Cast) -> None:
        before = registry.area_of_point(120.91, 30.56).code
        assert before == "330424005"
        area = registry.set_shape("330424001", drawn=SQUARE, scope=cast.scope("system"), at=cast.at)
        assert not area.is_schematic
        assert registry.area_of_point(120.91, 30.56).code == "330424001"
        assert registry.area_of_point(120.901, 30.5501).code == "330424001"
        assert registry.area_of_point(120.899, 30.56).code == "330424005"
        cells = {cell.code: cell for cell in registry.list_cells(below="3304/330424/")}
        assert not cells["330424001"].is_schematic
        assert cells["330424005"].is_schematic

    @pytest.mark.parametrize(
        ("drawn", "code"),
        [
            ({}, "no_polygon"),
            ({"type": "Point", "coordinates": [120.9, 30.5]}, "no_polygon"),
            ({"type": "Polygon", "coordinates": []}, "no_polygon"),
            ({"type": "Polygon", "coordinates": [["a"]]}, "no_polygon"),
            (
                {
                    "type": "Polygon",
                    "coordinates": [
                        [[120.9, 30.5], [120.8, 30.6], [120.9, 30.6], [120.8, 30.5], [120.9, 30.5]]
                    ],
                },
                "crossed",
            ),
            (
                {
                    "type": "Polygon",
                    "coordinates": [[[30.5, 120.9], [30.6, 120.9], [30.6, 120.8], [30.5, 120.9]]],
                },
                "elsewhere",
            ),
        ],
    )
    def test_what_is_no_ground_is_refused(self, cast: Cast, drawn, code: str) -> None:
        with refused(registry.UnableToAddArea, code, "shape"):
            registry.set_shape("330424001", drawn=drawn, scope=cast.scope("system"), at=cast.at)

    def test_only_the_own_county_is_drawn(self, cast: Cast) -> None:
        with refused(NotAllowed, "outside_area"):
            registry.set_shape("330421003", drawn=SQUARE, scope=cast.scope("system"), at=cast.at)
        with refused(NotAllowed, "needs:registry.manage_areas"):
            registry.set_shape("330424001", drawn=SQUARE, scope=cast.scope("mei"), at=cast.at)


def _point_that_matters() -> tuple[float, float]:
    """Return a point near a cell's edge, where the shift of some 500 m changes the town."""
    for step in itertools.count():
        x = 120.905 + step / 2000
        shifted = geo.to_gcj02(x, 30.555)
        here = registry.area_of_point(x, 30.555).code
        if registry.area_of_point(*shifted).code != here:
            return x, 30.555
    raise AssertionError


class TestCells:
    def test_cells_are_schematic_and_share_the_city(self, db) -> None:
        cells = registry.list_cells()
        assert len(cells) == 72
        assert all(cell.is_schematic for cell in cells)
        grounds = [Polygon(cell.rings[0]) for cell in cells]
        union = unary_union(grounds)
        assert sum(ground.area for ground in grounds) == pytest.approx(union.area, rel=1e-4)
        assert [cell.code for cell in registry.list_cells(below="3304/330424/330424005/")] == [
            "330424005"
        ]


class TestHexes:
    def test_one_for_each_town_and_each_county_in_one_piece(self, db) -> None:
        hexes = registry.list_hexes()
        assert len({hexagon.code for hexagon in hexes}) == 72
        places = {(hexagon.column, hexagon.row): hexagon for hexagon in hexes}
        assert len(places) == 72
        for county in {hexagon.county_code for hexagon in hexes}:
            own = {place for place, hexagon in places.items() if hexagon.county_code == county}
            assert _reach(min(own), own) == own

    def test_neighbours_are_roughly_kept(self, db) -> None:
        """Of the towns of the six largest known borders, each pair still touches."""
        at = {hexagon.code: (hexagon.column, hexagon.row) for hexagon in registry.list_hexes()}
        pairs = [
            ("330421105", "330421103"),
            ("330421003", "330421102"),
            ("330424005", "330424001"),
            ("330424005", "330424101"),
            ("330481110", "330481105"),
            ("330483101", "330483001"),
        ]
        for one, other in pairs:
            assert at[other] in _around(at[one]), (one, other)


def _around(place: tuple[int, int]) -> set[tuple[int, int]]:
    column, row = place
    left = column - 1 if row % 2 == 0 else column
    return {
        (column - 1, row),
        (column + 1, row),
        *((left + step, row + way) for step in (0, 1) for way in (-1, 1)),
    }


def _reach(start: tuple[int, int], own: set[tuple[int, int]]) -> set[tuple[int, int]]:
    seen, waiting = {start}, [start]
    while waiting:
        for other in _around(waiting.pop()) & own - seen:
            seen.add(other)
            waiting.append(other)
    return seen


class TestFindPlaces:
    def test_areas_of_the_database_are_found(self, cast) -> None:
        (match,) = registry.find_places("隆全工业社区的消防通道")
        assert (match.code, match.is_confirmed) == ("330421003E01", True)
        assert registry.find_places("隆全的消防通道")[0].code == "330421003E01"
        below = registry.find_places("火炬社区", below="3304/330481/")
        assert [match.code for match in below] == ["330481003004"]

    def test_what_changes_is_seen_at_once(self, cast) -> None:
        assert registry.find_places("独秀社区") == ()
        Area.objects.filter(code="330424005004").update(name="独秀社区")
        other = registry.get_area("330424005003")
        registry.replace_area(
            other.code,
            kind=LineageKind.MERGED,
            successor_codes=["330424005004"],
            on_date=cast.at.date(),
            scope=cast_scope(),
            at=cast.at,
        )
        assert [match.code for match in registry.find_places("独秀社区")] == ["330424005004"]
        assert other.code not in {match.code for match in registry.find_places(other.name)}
