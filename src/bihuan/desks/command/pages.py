"""The wall, the rows behind a number, the index of a town."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.desks.command import hexmap
from bihuan.kernel.affairs.cases import web as case_web
from bihuan.kernel.affairs.cases.types import State
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import AreaLevel, AreaPath, Scope
from bihuan.kernel.sight.indices import api as indices
from bihuan.kernel.sight.indices.types import (
    MAY_SEE_FIGURES,
    AreaIndex,
    Component,
    FigureCode,
    Missing,
    Row,
    Unit,
    Value,
)
from bihuan.kernel.stage.api import StepRequest, step
from bihuan.platform import clock
from bihuan.platform.ui import values
from bihuan.platform.ui.words import clock_words, day_words, moment_words, number_words
from bihuan.platform.web.errors import NotFound
from bihuan.platform.web.pages import page

BAR = 300


@dataclass(frozen=True, slots=True)
class Bar:
    """One horizontal bar: words, its length and its track in units of the drawing, the number."""

    words: str
    length: int
    track: int
    told: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class CodeCount:
    """How many firms have a colour."""

    badge: values.CodeBadge
    count: str
    colour: str
    x: int
    width: int


@dataclass(frozen=True, slots=True)
class WallPage:
    """Everything on the wall."""

    title: str
    day: str
    time: str
    tiles: tuple[values.ExplainedNumber, ...]
    map: hexmap.Map
    codes: tuple[CodeCount, ...]
    firms: str
    index: str
    index_href: str
    components: tuple[Bar, ...]
    rungs: tuple[Bar, ...]
    overdue: str
    overdue_href: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row behind a number."""

    href: str
    number: str
    title: str
    where: str
    holder: str
    due: str
    state: str
    counted: bool


@dataclass(frozen=True, slots=True)
class RowsPage:
    """The rows behind a number."""

    tile: values.ExplainedNumber
    lines: tuple[Line, ...]
    counted: int


@dataclass(frozen=True, slots=True)
class TownPage:
    """A town's index with its components."""

    name: str
    index: str
    components: tuple[Bar, ...]
    version: str
    as_of: str


@step(power=MAY_SEE_FIGURES, methods=("GET",))
def wall(request: StepRequest) -> HttpResponse:
    """Show the wall."""
    scope, at = request.scope, request.at
    area = scope.area_paths[0] if scope.area_paths else AreaPath("3304/")
    whole = indices.get_index(area, scope=scope, at=at)
    overdue = indices.get_value(FigureCode("overdue_open"), scope=scope, at=at)
    shown = WallPage(
        title=_("%(area)s: governance on one map") % {"area": whole.area_name},
        day=day_words(clock.business_date(at), weekday=True),
        time=clock_words(at),
        tiles=tuple(_tile(value) for value in indices.list_wall_values(scope=scope, at=at)),
        map=_map(scope, at),
        codes=_codes(scope, area),
        firms=number_words(whole.firms),
        index="—" if whole.value is None else f"{whole.value:.1f}",
        index_href=reverse("command:index", args=[area.strip("/").rsplit("/", 1)[-1]]),
        components=tuple(_component(c) for c in whole.components),
        rungs=_rungs(scope, at),
        overdue=number_words(overdue.value or 0),
        overdue_href=reverse("command:rows", args=["overdue_open"]),
    )
    return page(request, "command/wall.html", shown)


def _tile(value: Value) -> values.ExplainedNumber:
    figure = value.figure
    told = "—"
    if value.value is not None:
        told = number_words(value.value, digits=1 if figure.unit is Unit.PERCENT else 0)
    alarm = figure.always_bad_above is not None and (value.value or 0) > figure.always_bad_above
    return values.ExplainedNumber(
        title=_(figure.title),
        value=told,
        unit="%" if figure.unit is Unit.PERCENT else _("matters"),
        definition=_(figure.definition),
        as_of=clock_words(value.as_of),
        source=_(figure.source),
        href=reverse("command:rows", args=[figure.code]),
        change=_change(value),
        missing=_missing(value),
        alarming=alarm,
    )


def _change(value: Value) -> str:
    if value.change is None:
        return ""
    sign = "+" if value.change >= 0 else "−"
    words = {
        "today": _("against yesterday %(n)s"),
        "this_month": _("against last month %(n)s"),
    }[value.figure.since.value]
    digits = 1 if value.figure.unit is Unit.PERCENT else 0
    return words % {"n": f"{sign}{abs(value.change):.{digits}f}"}


def _missing(value: Value) -> str:
    if value.missing is Missing.TOO_FEW:
        return _("only %(n)s so far, too few for a rate") % {"n": value.denominator}
    if value.missing is Missing.NOTHING_DUE:
        return _("nothing due in this period yet")
    return ""


def _component(component: Component) -> Bar:
    points = component.points
    track = round(BAR * component.weight / 40)
    if points is None:
        note = {
            Missing.NO_SOURCE: _("no source yet"),
            Missing.NOTHING_DUE: _("nothing to count yet"),
        }[component.missing or Missing.NO_SOURCE]
        return Bar(_(component.title), 0, track, "—", note)
    length = round(track * points / component.weight)
    return Bar(_(component.title), length, track, f"{points:.1f}/{component.weight:.0f}")


def _map(scope: Scope, at: datetime) -> hexmap.Map:
    towns = {one.area_path: one.value for one in indices.list_town_indices(scope=scope, at=at)}
    counties = {}
    for county in registry.list_areas(levels=(AreaLevel.COUNTY,)):
        value = None
        if scope.covers(county.path):
            value = indices.get_index(county.path, scope=scope, at=at).value
        counties[county.code] = (county.name, value)
    return hexmap.draw(registry.list_hexes(), towns, counties)


def _codes(scope: Scope, area: AreaPath) -> tuple[CodeCount, ...]:
    counted = indices.count_colours(scope=scope, area=area)
    whole = sum(counted.values()) or 1
    words = {"green": _("Green code"), "yellow": _("Yellow code"), "red": _("Red code")}
    made, x = [], 0
    for colour in ("green", "yellow", "red"):
        width = round(480 * counted.get(colour, 0) / whole)
        badge = values.CodeBadge(colour, words[colour], size=48)
        count = number_words(counted.get(colour, 0))
        made.append(CodeCount(badge, count, colour, x, max(0, width - 3)))
        x += width
    return tuple(made)


def _rungs(scope: Scope, at: datetime) -> tuple[Bar, ...]:
    rungs = indices.list_overdue_rungs(scope=scope, at=at)
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


@step(power=MAY_SEE_FIGURES, methods=("GET",))
def rows(request: StepRequest, code: str) -> HttpResponse:
    """Show the rows that made a number, the worst deadline first."""
    scope, at = request.scope, request.at
    value = indices.get_value(FigureCode(code), scope=scope, at=at)
    found = indices.list_rows(FigureCode(code), scope=scope, at=at)
    shown = RowsPage(
        _tile(value), tuple(_line(row, at) for row in found), sum(row.counted for row in found)
    )
    return page(request, "command/rows.html", shown)


def _line(row: Row, at: datetime) -> Line:
    return Line(
        href=f"/desk/matter/{row.key}/",
        number=row.number,
        title=row.title,
        where=row.where,
        holder=row.holder or "—",
        due=moment_words(row.due_at, at) if row.due_at else "—",
        state=case_web.state_words(State(row.state)),
        counted=row.counted,
    )


@step(power=MAY_SEE_FIGURES, methods=("GET",))
def index(request: StepRequest, code: str) -> HttpResponse:
    """Show an area's index, always with its components."""
    area = registry.find_area(code)
    if area is None:
        raise NotFound("There is no such area in your care.")
    found = indices.get_index(area.path, scope=request.scope, at=request.at)
    return page(request, "command/town.html", _town(found))


def _town(found: AreaIndex) -> TownPage:
    return TownPage(
        name=found.area_name,
        index="—" if found.value is None else f"{found.value:.1f}",
        components=tuple(_component(c) for c in found.components),
        version=found.version,
        as_of=clock_words(found.as_of),
    )
