"""Areas: shipped, added, replaced, found."""

from __future__ import annotations

import pytest

from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.models import (
    Area,
)
from bihuan.kernel.ground.registry.testing import (
    GANYAO,
    HAIYAN,
    HUIMIN,
    LONGQUAN,
    LONGQUAN_GRID_3,
    NOW,
    WANGHAI,
    XINXING,
    Cast,
    cast_scope,
)
from bihuan.kernel.ground.registry.tests.refusals import refused, world
from bihuan.kernel.ground.registry.types import (
    AreaLevel,
    GridKind,
    LineageKind,
    NewArea,
)
from bihuan.platform.web.errors import NotAllowed, NotFound


class TestAreas:
    def test_all_areas_ship_and_load_once(self, db) -> None:
        counts = {
            level: len(registry.list_areas(levels=[level]))
            for level in (AreaLevel.CITY, AreaLevel.COUNTY, AreaLevel.TOWN, AreaLevel.VILLAGE)
        }
        assert list(counts.values()) == [1, 7, 72, 1202]
        before = world()
        assert registry.load_areas() == 0
        assert world() == before

    def test_loading_mends_what_is_missing(self, db) -> None:
        for level in ("village", "town", "county"):
            Area.objects.filter(path__startswith="3304/330424/", level=level).delete()
        missing = 1282 - Area.objects.count()
        assert missing > 100
        assert registry.load_areas() == missing
        assert Area.objects.count() == 1282
        town = Area.objects.get(code=WANGHAI)
        assert town.parent is not None
        assert town.parent.code == HAIYAN

    def test_an_industrial_community_overlaps_and_its_grids_lie_in_it(self, cast: Cast) -> None:
        grid = registry.get_area(LONGQUAN_GRID_3)
        assert grid.path == "3304/330421/330421003/330421003E01/330421003E01003/"
        assert (grid.level, grid.grid_kind) == (AreaLevel.GRID, GridKind.EXCLUSIVE)
        above = [area.name for area in registry.list_areas_above(grid.path)]
        assert above == ["嘉兴市", "嘉善县", "惠民街道", "隆全工业社区", "隆全第三网格"]
        assert registry.names_of_areas([grid.path]) == {grid.path: "隆全第三网格"}

    @pytest.mark.parametrize(
        "new",
        [
            NewArea("X1", "x", AreaLevel.GRID, HUIMIN, GridKind.BASIC),
            NewArea("X1", "x", AreaLevel.GRID, LONGQUAN, GridKind.BASIC),
            NewArea("X1", "x", AreaLevel.GRID, XINXING),
            NewArea("X1", "x", AreaLevel.VILLAGE, HAIYAN),
            NewArea("X1", "x", AreaLevel.INDUSTRIAL_COMMUNITY, XINXING),
            NewArea("X1", "x", AreaLevel.VILLAGE, WANGHAI, GridKind.BASIC),
        ],
    )
    def test_an_area_must_fit_its_parent(self, cast: Cast, new: NewArea) -> None:
        with refused(registry.UnableToAddArea, "wrong_parent"):
            registry.add_area(new, scope=cast_scope(), at=NOW)

    def test_other_refusals(self, cast: Cast) -> None:
        again = NewArea(LONGQUAN_GRID_3, "x", AreaLevel.GRID, LONGQUAN, GridKind.EXCLUSIVE)
        with refused(registry.UnableToAddArea, "area_known"):
            registry.add_area(again, scope=cast_scope(), at=NOW)
        bad = NewArea("a/b", "x", AreaLevel.GRID, LONGQUAN, GridKind.EXCLUSIVE)
        with refused(registry.UnableToAddArea, "area_incomplete"):
            registry.add_area(bad, scope=cast_scope(), at=NOW)
        new = NewArea("X1", "x", AreaLevel.GRID, LONGQUAN, GridKind.EXCLUSIVE)
        with refused(NotAllowed, "outside_area"):
            registry.add_area(new, scope=cast.scope("system"), at=NOW)

    def test_a_basic_grid_tiles_its_village(self, cast: Cast) -> None:
        new = NewArea("330424005004001", "新兴第一网格", AreaLevel.GRID, XINXING, GridKind.BASIC)
        grid = registry.add_area(new, scope=cast.scope("system"), at=NOW)
        assert grid.path == "3304/330424/330424005/330424005004/330424005004001/"
        (fact,) = events.list_facts(subject=Ref("registry.area", str(grid.id)))
        assert fact.payload == {"code": grid.code, "level": "grid", "path": grid.path}

    def test_an_area_is_merged_into_another(self, cast: Cast) -> None:
        village = registry.list_areas(below="3304/330421/330421105/330421105212/")[0]
        (successor,) = registry.replace_area(
            village.code,
            kind=LineageKind.MERGED,
            successor_codes=["330421105202"],
            on_date=NOW.date(),
            scope=cast_scope(),
            at=NOW,
        )
        assert successor.name == "南宙村委会"
        assert registry.find_area(village.code) is None
        assert registry.list_successors(village.code) == (successor,)
        assert registry.list_successors("330421105202") == (successor,)
        assert village not in registry.list_areas(below="3304/330421/330421105/")
        assert len(registry.list_areas(below=village.path, with_ended=True)) == 1

    @pytest.mark.parametrize(
        ("code", "kind", "successors", "why"),
        [
            ("330421105212", LineageKind.SPLIT, ["330421105202"], "successors"),
            ("330421105212", LineageKind.RENAMED, [], "successors"),
            ("330421105212", LineageKind.MERGED, ["330421105212"], "successors"),
            (GANYAO, LineageKind.MERGED, [HUIMIN], "not_empty"),
        ],
    )
    def test_a_replacement_must_make_sense(self, db, code, kind, successors, why) -> None:
        with refused(registry.UnableToAddArea, why):
            registry.replace_area(
                code,
                kind=kind,
                successor_codes=successors,
                on_date=NOW.date(),
                scope=cast_scope(),
                at=NOW,
            )


class TestSearchingAreas:
    @pytest.mark.parametrize(
        "text", ["干窑", "干窑镇", "千窑", "千窑镇", "ganyao", "gan yao", "gyz"]
    )
    def test_the_town_comes_first(self, db, text: str) -> None:
        assert registry.search_areas(text)[0].code == GANYAO

    def test_below_an_area_only(self, db) -> None:
        found = registry.search_areas("火炬", below="3304/330481/")
        assert [area.code for area in found] == ["330481003004"]
        assert len(registry.search_areas("火炬")) == 3
        assert registry.search_areas("  ") == ()

    def test_a_code_that_is_not_there(self, db) -> None:
        with pytest.raises(NotFound):
            registry.get_area("330421106")
        assert registry.find_area("330421106") is None
