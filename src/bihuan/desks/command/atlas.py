"""The map of open matters, from the city down to the village, now or on the evening of a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.desks.command import cells, playing
from bihuan.desks.command.playing import Playback
from bihuan.kernel.affairs.cases import web as case_web
from bihuan.kernel.affairs.cases.types import State
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import Area, AreaLevel, AreaPath, Scope
from bihuan.kernel.sight.indices import api as indices
from bihuan.kernel.sight.indices.types import MAY_SEE_FIGURES, AreaDay, DayMatter, Standing
from bihuan.kernel.stage.api import StepRequest, step
from bihuan.platform import clock
from bihuan.platform.ui.words import clock_words, day_words, moment_words, number_words
from bihuan.platform.web.errors import NotFound
from bihuan.platform.web.pages import page


@dataclass(frozen=True, slots=True)
class Count:
    """A number with what it counts, and the way to its rows."""

    words: str
    value: str
    href: str
    red: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One area of the table: its name, the way into it, its numbers."""

    name: str
    href: str
    open: Count
    overdue: Count
    share: str


@dataclass(frozen=True, slots=True)
class Crumb:
    """An area above."""

    href: str
    name: str


@dataclass(frozen=True, slots=True)
class MapPage:
    """An area's map, its numbers, the areas below, the days."""

    name: str
    crumbs: tuple[Crumb, ...]
    map: cells.SizedMap
    counts: tuple[Count, ...]
    lines: tuple[Line, ...]
    rest: Line | None
    play: Playback
    code: str
    clock: str
    source: str


@dataclass(frozen=True, slots=True)
class Matter:
    """A matter as it stood then."""

    href: str
    number: str
    title: str
    where: str
    state: str
    at: str


@dataclass(frozen=True, slots=True)
class DayRowsPage:
    """The matters behind a number of a day."""

    title: str
    name: str
    when: str
    count: str
    matters: tuple[Matter, ...]
    more: bool
    back: str


@step(power=MAY_SEE_FIGURES, methods=("GET",))
def show(request: StepRequest, code: str = "") -> HttpResponse:
    """Show an area's map."""
    scope, at = request.scope, request.at
    area = area_in(scope, code)
    days = indices.list_days(area.path, scope=scope, at=at)
    day = playing.read_day(request.GET, indices.days_kept(at=at), at)
    depth = 2 if area.level is AreaLevel.CITY else 1
    found = indices.get_standing(area.path, scope=scope, at=at, day=day, depth=depth)
    shown = MapPage(
        name=area.name,
        crumbs=_crumbs(area, scope, day),
        map=map_of(found),
        counts=counts_of(area.code, found),
        lines=_lines(area, found),
        rest=_rest(area, found),
        play=playing.play(days, day, lambda d: address(area.code, d), at=at),
        code=area.code,
        clock=clock_words(at),
        source=_source(found, at),
    )
    return page(request, "command/map.html", shown)


def area_in(scope: Scope, code: str) -> Area:
    """Return an area in the scope's care; its own when none is named.

    Raises:
        NotFound: there is none, or it has no areas below.
    """
    own = scope.area_paths[0] if scope.area_paths else ""
    area = registry.find_area(code or own.strip("/").rsplit("/", 1)[-1])
    if area is None or not scope.covers(area.path):
        raise NotFound("There is no such area in your care.")
    return area


def address(code: str, day: date | None) -> str:
    """Return the address of an area's map, now or for a day."""
    tail = f"?{urlencode({'day': day.isoformat()})}" if day else ""
    return reverse("command:map", args=[code]) + tail


def map_of(found: Standing) -> cells.SizedMap:
    """Return the drawing of the areas below one."""
    path, day, steps = found.own.path, found.day, found.steps
    standing = {one.path: one for one in found.below}
    if path.count("/") == 1:
        counties = {one.code: one.name for one in found.below if one.path.count("/") == 2}
        towns = {where: one for where, one in standing.items() if where.count("/") == 3}
        hexes = registry.list_hexes()
        return cells.draw(hexes, towns, steps, lambda c: address(c, day), counties=counties)
    if path.count("/") == 2:
        hexes = tuple(h for h in registry.list_hexes() if h.path.startswith(path))
    else:
        hexes = cells.lay_out([a for a in registry.list_areas(below=path) if a.path in standing])
    return cells.draw(hexes, standing, steps, lambda c: address(c, day))


def counts_of(code: str, found: Standing) -> tuple[Count, ...]:
    """Return the numbers of an area, each with the way to its rows."""
    own = found.own
    words = {
        "open": _("Open"),
        "overdue": _("Overdue"),
        "raised": _("Came in"),
        "closed": _("Closings"),
        "back": _("Came back"),
        "aside": _("Ended otherwise"),
    }
    return tuple(
        _count(code, what, told, getattr(own, what), found) for what, told in words.items()
    )


def _count(code: str, what: str, words: str, value: int, found: Standing) -> Count:
    if found.day is None and what in {"open", "overdue"}:
        figure = "open" if what == "open" else "overdue_open"
        href = f"{reverse('command:rows', args=[figure])}?area={code}"
    else:
        day = found.day or clock.business_date(found.as_of)
        href = reverse("command:day_rows", args=[code, day.isoformat(), what])
    return Count(words, number_words(value), href, what == "overdue" and value > 0)


def _line(one: AreaDay, found: Standing, *, into: bool = True) -> Line:
    share = "—" if one.share is None else f"{one.share:.0f}%"
    return Line(
        name=one.name,
        href=address(one.code, found.day) if into else "",
        open=_count(one.code, "open", _("Open"), one.open, found),
        overdue=_count(one.code, "overdue", _("Overdue"), one.overdue, found),
        share=share,
    )


def _lines(area: Area, found: Standing) -> tuple[Line, ...]:
    level = area.path.count("/") + 1
    below = [one for one in found.below if one.path.count("/") == level]
    below.sort(key=lambda one: (-one.overdue, -one.open, one.path))
    return tuple(_line(one, found) for one in below)


def _rest(area: Area, found: Standing) -> Line | None:
    """Return what lies in none of the areas below, so that the table adds up."""
    level = area.path.count("/") + 1
    below = [one for one in found.below if one.path.count("/") == level]
    left = found.own.open - sum(one.open for one in below)
    overdue = found.own.overdue - sum(one.overdue for one in below)
    if not below or (left == 0 and overdue == 0):
        return None
    none = Count("", "", "")
    words = _("in none of them")
    return Line(
        words,
        "",
        Count(_("Open"), number_words(left), none.href),
        Count(_("Overdue"), number_words(overdue), none.href, overdue > 0),
        f"{100 * overdue / left:.0f}%" if left else "—",
    )


def _crumbs(area: Area, scope: Scope, day: date | None) -> tuple[Crumb, ...]:
    above = [a for a in registry.list_areas_above(area.path) if a.code != area.code]
    return tuple(Crumb(address(a.code, day), a.name) for a in above if scope.covers(a.path))


def _source(found: Standing, at: datetime) -> str:
    if found.made_at is None:
        return _("register of matters, counted just now")
    words = _("records of each matter; this day was counted %(when)s")
    return words % {"when": moment_words(found.made_at, at)}


@step(power=MAY_SEE_FIGURES, methods=("GET",))
def day_rows(request: StepRequest, code: str, day: str, what: str) -> HttpResponse:
    """Show the matters behind a number of a day, as they stood then."""
    scope, at = request.scope, request.at
    area = area_in(scope, code)
    try:
        wanted = date.fromisoformat(day)
    except ValueError as error:
        raise NotFound("There is no such day.") from error
    found = indices.list_day_rows(what, area=AreaPath(area.path), day=wanted, scope=scope, at=at)
    shown = DayRowsPage(
        title=_title(what),
        name=area.name,
        when=day_words(wanted, weekday=True),
        count=number_words(min(len(found), indices.ROWS_SHOWN)),
        matters=tuple(_matter(row, what, at) for row in found[: indices.ROWS_SHOWN]),
        more=len(found) > indices.ROWS_SHOWN,
        back=address(area.code, None if wanted == clock.business_date(at) else wanted),
    )
    return page(request, "command/day_rows.html", shown)


def _title(what: str) -> str:
    return {
        "open": _("Open that evening"),
        "overdue": _("Overdue that evening"),
        "raised": _("Came in that day"),
        "closed": _("Closed that day"),
        "back": _("Came back that day"),
        "aside": _("Ended otherwise that day"),
    }[what]


def _matter(row: DayMatter, what: str, at: datetime) -> Matter:
    when = moment_words(row.at, at) if row.at else "—"
    due = what in {"open", "overdue"} and row.at is not None
    return Matter(
        href=f"/desk/matter/{row.case_id}/",
        number=row.number,
        title=_("a sensitive matter") if row.sensitive else row.title,
        where=row.where,
        state=case_web.state_words(State(row.state)),
        at=_("was due %(when)s") % {"when": when} if due else when,
    )


__all__: Sequence[str] = ("address", "area_in", "counts_of", "day_rows", "map_of", "show")
