"""The wall: one map, one code, one index, five numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.desks.command import atlas, bars, cells, hexmap
from bihuan.desks.command.bars import BAR, Bar, CodeCount
from bihuan.kernel.affairs.cases import web as case_web
from bihuan.kernel.affairs.fieldwork.types import MAY_SEE_LOG
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import AreaPath, Scope
from bihuan.kernel.sight.indices import api as indices
from bihuan.kernel.sight.indices.types import MAY_SEE_FIGURES, Region, Rung
from bihuan.kernel.sight.indices.web import explained
from bihuan.kernel.stage.api import StepRequest, step
from bihuan.platform import clock
from bihuan.platform.ui import values
from bihuan.platform.ui.words import clock_words, day_words, number_words
from bihuan.platform.web.errors import NotFound
from bihuan.platform.web.pages import page


@dataclass(frozen=True, slots=True)
class WallPage:
    """Everything on the wall."""

    title: str
    day: str
    time: str
    tiles: tuple[values.ExplainedNumber, ...]
    map: hexmap.Map | None
    """The risk index by town, when it is asked for."""
    matters: cells.SizedMap | None
    codes: tuple[CodeCount, ...]
    firms: str
    index: str
    index_href: str
    figures_href: str
    duty_href: str
    components: tuple[Bar, ...]
    rungs: tuple[Bar, ...]
    overdue: str
    overdue_href: str


@step(power=MAY_SEE_FIGURES, methods=("GET",))
def wall(request: StepRequest) -> HttpResponse:
    """Show the wall."""
    scope, at = request.scope, request.at
    region = indices.get_region(scope=scope, at=at)
    if region.own is None:
        raise NotFound("There is no such area in your care.")
    own, risk = region.own, request.GET.get("map") == "risk"
    tiles = indices.list_wall_values(scope=scope, at=at, area=own.area_path)
    rungs = indices.list_overdue_rungs(scope=scope, at=at, area=own.area_path)
    shown = WallPage(
        title=_("%(area)s: governance on one map") % {"area": own.area_name},
        day=day_words(clock.business_date(at), weekday=True),
        time=clock_words(at),
        tiles=tuple(
            explained(tile, reverse("command:rows", args=[tile.figure.code])) for tile in tiles
        ),
        map=_map(region) if risk else None,
        matters=None if risk else _matters(own.area_path, scope, at),
        codes=bars.codes(dict(own.colours)),
        firms=number_words(own.firms),
        index="—" if own.value is None else f"{own.value:.1f}",
        index_href=reverse("command:index", args=[own.area_path.strip("/").rsplit("/", 1)[-1]]),
        figures_href=reverse("command:figures"),
        duty_href=reverse("command:duty") if scope.has(MAY_SEE_LOG) else "",
        components=tuple(bars.component(c) for c in own.components),
        rungs=_rungs(rungs, at),
        overdue=number_words(sum(rung.count for rung in rungs)),
        overdue_href=reverse("command:ladder"),
    )
    return page(request, "command/wall.html", shown)


def _matters(path: AreaPath, scope: Scope, at: datetime) -> cells.SizedMap:
    depth = 2 if path.count("/") == 1 else 1
    return atlas.map_of(indices.get_standing(path, scope=scope, at=at, depth=depth))


def _map(region: Region) -> hexmap.Map:
    towns = {path: one.value for path, one in region.areas.items()}
    by_code = {path.strip("/").rsplit("/", 1)[-1]: one.value for path, one in region.areas.items()}
    counties = {code: (name, by_code.get(code)) for code, name in region.counties.items()}
    return hexmap.draw(registry.list_hexes(), towns, counties, region.steps)


def _rungs(rungs: tuple[Rung, ...], at: datetime) -> tuple[Bar, ...]:
    most = max((rung.count for rung in rungs), default=0) or 1
    words = case_web.ladder_words(at)
    return tuple(
        Bar(
            words[rung.code].span,
            round(BAR * rung.count / most),
            BAR,
            str(rung.count),
            words[rung.code].told,
        )
        for rung in rungs
    )
