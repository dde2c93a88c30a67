"""The page of figures: all of an area and a month; the rows behind one; both as a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.desks.command import reading, sheets
from bihuan.desks.command.reading import Wanted
from bihuan.kernel.affairs.cases import web as case_web
from bihuan.kernel.affairs.cases.types import State
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import AreaLevel, Scope
from bihuan.kernel.sight.indices import api as indices
from bihuan.kernel.sight.indices.types import (
    MAY_SEE_FIGURES,
    AreaValues,
    FigureCode,
    Row,
    Value,
)
from bihuan.kernel.sight.indices.web import (
    definition_words,
    excluded_words,
    explained,
    missing_words,
    source_words,
    title_words,
    unit_words,
    value_words,
)
from bihuan.kernel.stage.api import StepRequest, step
from bihuan.platform.ui import values
from bihuan.platform.ui.words import clock_words, moment_words
from bihuan.platform.web.pages import page

CHOSEN_FROM = (AreaLevel.CITY, AreaLevel.COUNTY, AreaLevel.TOWN)


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One figure of the table, with all that makes it contestable: parts and what stays out."""

    title: str
    definition: str
    value: str
    unit: str
    parts: str
    out: str
    marks: str
    why: str
    source: str
    href: str
    change: str


@dataclass(frozen=True, slots=True)
class Choice:
    """An area to choose."""

    code: str
    name: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class FiguresPage:
    """All figures of an area and a month."""

    name: str
    code: str
    month: str
    fault: str
    areas: tuple[Choice, ...]
    lines: tuple[FigureLine, ...]
    as_of: str
    versions: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row behind a number; `why` says what keeps it out."""

    href: str
    number: str
    title: str
    where: str
    holder: str
    due: str
    state: str
    counted: bool
    why: str


@dataclass(frozen=True, slots=True)
class Place:
    """A figure of one area below."""

    name: str
    href: str
    value: str
    parts: str


@dataclass(frozen=True, slots=True)
class RowsPage:
    """The rows behind a number: what is counted, what is not, what stays out; the areas below."""

    tile: values.ExplainedNumber
    lines: tuple[Line, ...]
    counted: int
    rest: int
    out: tuple[str, ...]
    places: tuple[Place, ...]
    back: str
    area: str
    month: str
    code: str


@step(power=MAY_SEE_FIGURES, methods=("GET",))
def figures(request: StepRequest) -> HttpResponse:
    """Show every figure of an area and a month."""
    scope, at = request.scope, request.at
    wanted = reading.read(request.GET, scope=scope, at=at)
    found = indices.list_values(
        scope=scope, at=at, area=wanted.area.path, month=wanted.month_or_none(at)
    )
    versions = {code: version for value in found for code, version in value.versions}
    shown = FiguresPage(
        name=wanted.area.name,
        code=wanted.area.code,
        month=wanted.typed or f"{wanted.month:%Y-%m}",
        fault=wanted.fault,
        areas=_choices(scope, wanted),
        lines=tuple(_figure(value, wanted) for value in found),
        as_of=clock_words(at),
        versions=", ".join(f"{code} {version}" for code, version in sorted(versions.items())),
    )
    return page(request, "command/figures.html", shown, status=422 if wanted.fault else 200)


def _choices(scope: Scope, wanted: Wanted) -> tuple[Choice, ...]:
    areas = [a for a in registry.list_areas(levels=CHOSEN_FROM) if scope.covers(a.path)]
    if wanted.area.code not in {a.code for a in areas}:
        areas.append(wanted.area)
    areas.sort(key=lambda a: a.path)
    return tuple(Choice(a.code, a.name, a.code == wanted.area.code) for a in areas)


def _figure(value: Value, wanted: Wanted) -> FigureLine:
    figure = value.figure
    href = f"{reverse('command:rows', args=[figure.code])}?{wanted.query}"
    out = [f"{excluded_words(left)} {left.count}" for left in value.left if left.count]
    return FigureLine(
        title=title_words(figure),
        definition=definition_words(figure),
        value=value_words(value),
        unit=unit_words(figure),
        parts="" if value.denominator is None else f"{value.numerator} / {value.denominator}",
        out=" · ".join(out),
        marks=_marks(value),
        why=missing_words(value),
        source=source_words(figure),
        href="" if figure.lacks else href,
        change=explained(value).change,
    )


def _marks(value: Value) -> str:
    if value.bounds is None:
        return ""
    full = f"{value.bounds.full:g}"
    if value.marks_lost is None:
        return _("full marks from %(full)s%%") % {"full": full}
    if value.has_full_marks:
        return _("full marks, from %(full)s%%") % {"full": full}
    lost = f"{value.marks_lost:g}"
    return _("%(lost)s marks lost, full from %(full)s%%") % {"lost": lost, "full": full}


@step(power=MAY_SEE_FIGURES, methods=("GET",))
def rows(request: StepRequest, code: str) -> HttpResponse:
    """Show the rows that made a number, the worst deadline first, what stays out last."""
    scope, at = request.scope, request.at
    wanted = reading.read(request.GET, scope=scope, at=at)
    figure, area, month = FigureCode(code), wanted.area.path, wanted.month_or_none(at)
    value = indices.get_value(figure, scope=scope, at=at, area=area, month=month)
    found = indices.list_rows(figure, scope=scope, at=at, area=area, month=month)
    below = indices.list_area_values((value.figure,), scope=scope, at=at, area=area, month=month)
    words = {left.code: excluded_words(left) for left in value.left}
    shown = RowsPage(
        tile=explained(value),
        lines=tuple(_line(row, words, at) for row in found),
        counted=value.numerator,
        rest=(value.denominator or value.numerator) - value.numerator,
        out=tuple(f"{words[left.code]} {left.count}" for left in value.left if left.count),
        places=tuple(_place(one, wanted, code) for one in below),
        back=f"{reverse('command:figures')}?{wanted.query}",
        area=wanted.area.code,
        month=f"{wanted.month:%Y-%m}",
        code=code,
    )
    return page(request, "command/rows.html", shown)


def _line(row: Row, words: dict[str, str], at: datetime) -> Line:
    moment = row.due_at or row.at
    return Line(
        href="" if row.kind == "firm" else f"/desk/matter/{row.key}/",
        number=row.number,
        title=_("a sensitive matter") if row.sensitive else row.title,
        where=row.where,
        holder=row.holder or "—",
        due=moment_words(moment, at) if moment else "—",
        state=case_web.state_words(State(row.state)) if row.state else "",
        counted=row.counted,
        why=words.get(row.left, ""),
    )


def _place(one: AreaValues, wanted: Wanted, code: str) -> Place:
    value = one.values[0]
    parts = "" if value.denominator is None else f"{value.numerator} / {value.denominator}"
    href = f"{reverse('command:rows', args=[code])}?area={one.code}&month={wanted.month:%Y-%m}"
    told = value_words(value)
    unit = unit_words(value.figure) if value.value is not None else ""
    return Place(one.name or _("in none of them"), href if one.code else "", f"{told}{unit}", parts)


@step(power=MAY_SEE_FIGURES, methods=("POST",))
def export(request: StepRequest) -> HttpResponse:
    """Hand out the table of figures, or the rows behind one, as a file; the record keeps who."""
    scope, at = request.scope, request.at
    wanted = reading.read(request.POST, scope=scope, at=at)
    area, month = wanted.area.path, wanted.month_or_none(at)
    code = request.POST.get("code", "")
    name = f"{code or 'figures'}-{wanted.area.code}-{wanted.month:%Y-%m}.csv"
    if not code:
        found = indices.export_values(scope=scope, at=at, area=area, month=month)
        return sheets.answer(sheets.of_values(found), name)
    figure = FigureCode(code)
    taken = indices.export_rows(figure, scope=scope, at=at, area=area, month=month)
    return sheets.answer(sheets.of_rows(taken, figure), name)
