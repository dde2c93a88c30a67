"""What everybody may read: how many matters, how fast, how content people were; as a file too."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.kernel.ground.registry.types import EVERYBODY
from bihuan.kernel.sight.indices import api as indices
from bihuan.kernel.sight.indices.types import OpenArea, OpenFigures, Value
from bihuan.kernel.sight.indices.web import (
    definition_words,
    missing_words,
    source_words,
    title_words,
    unit_words,
    value_words,
)
from bihuan.kernel.stage.api import StepRequest, step
from bihuan.platform import clock
from bihuan.platform.ui import values
from bihuan.platform.ui.words import moment_words
from bihuan.platform.web.pages import page

MONTHS_OFFERED = 12


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of one area."""

    label: str
    words: str


@dataclass(frozen=True, slots=True)
class AreaLine:
    """One area; no cells: its figures are kept back."""

    name: str
    href: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class OpenPage:
    """The open figures of an area in a month."""

    name: str
    month: str
    fault: str
    as_of: str
    tiles: tuple[values.ExplainedNumber, ...]
    heads: tuple[str, ...]
    areas: tuple[AreaLine, ...]
    least: int
    back: str
    months: tuple[str, ...]
    code: str
    csv_href: str
    json_href: str


@step(power=EVERYBODY, methods=("GET",))
def figures(request: StepRequest) -> HttpResponse:
    """Show what is open of a city or county in a month."""
    month, fault = month_of(request.GET.get("month", ""), request.at)
    code = request.GET.get("area", "") or settings.BIHUAN_AREA
    found = indices.get_open_figures(code, at=request.at, month=month)
    tail = f"area={found.code}&month={found.month:%Y-%m}"
    shown = OpenPage(
        name=found.name,
        month=f"{found.month:%Y-%m}",
        fault=fault,
        as_of=moment_words(found.as_of, request.at),
        tiles=tuple(_tile(value, request.at) for value in found.whole),
        heads=tuple(title_words(figure) for figure in found.figures),
        areas=tuple(_line(area, found) for area in found.areas),
        least=found.least,
        back="" if found.code == settings.BIHUAN_AREA else reverse("open_figures"),
        months=_months(request.at),
        code=found.code,
        csv_href=f"{reverse('open_data')}?{tail}",
        json_href=f"{reverse('open_json')}?{tail}",
    )
    return page(request, "public/figures.html", shown, status=422 if fault else 200)


def month_of(text: str, at: datetime) -> tuple[date | None, str]:
    """Return the month that an address asks for, or why it cannot be read."""
    if not text:
        return None, ""
    try:
        month = date.fromisoformat(f"{text.strip()}-01")
    except ValueError:
        return None, _("Write the month like 2026-06. This month is shown.")
    if month > clock.business_date(at):
        return None, _("That month has not begun. This month is shown.")
    return month, ""


def _months(at: datetime) -> tuple[str, ...]:
    made, first = [], clock.business_date(at).replace(day=1)
    for _n in range(MONTHS_OFFERED):
        made.append(f"{first:%Y-%m}")
        first = (first - timedelta(days=1)).replace(day=1)
    return tuple(made)


def _tile(value: Value, at: datetime) -> values.ExplainedNumber:
    figure = value.figure
    return values.ExplainedNumber(
        title=title_words(figure),
        value=value_words(value),
        unit=unit_words(figure) if value.value is not None else "",
        definition=definition_words(figure),
        as_of=moment_words(value.as_of, at),
        source=source_words(figure),
        missing=missing_words(value, with_count=False),
    )


def _line(area: OpenArea, found: OpenFigures) -> AreaLine:
    href = ""
    if len(area.code) == 6:
        href = f"{reverse('open_figures')}?area={area.code}&month={found.month:%Y-%m}"
    cells = tuple(Cell(title_words(v.figure), _told(v)) for v in area.values)
    return AreaLine(area.name or _("not in one of these"), href, cells)


def _told(value: Value) -> str:
    unit = unit_words(value.figure) if value.value is not None else ""
    return f"{value_words(value)} {unit}".strip()


@step(power=EVERYBODY, methods=("GET",))
def sheet(request: StepRequest) -> HttpResponse:
    """Hand out the same figures as open data; an area kept back has empty cells."""
    month, fault = month_of(request.GET.get("month", ""), request.at)
    if fault:
        return HttpResponse(fault, status=422, content_type="text/plain; charset=utf-8")
    code = request.GET.get("area", "") or settings.BIHUAN_AREA
    found = indices.get_open_figures(code, at=request.at, month=month)
    out = io.StringIO()
    codes = [figure.code for figure in found.figures]
    lines = csv.writer(out)
    lines.writerow(["month", "area_code", "area", *codes])
    whole = OpenArea(found.code, found.name, found.whole)
    for area in (whole, *found.areas):
        cells = [v.value for v in area.values] or [None] * len(codes)
        lines.writerow([f"{found.month:%Y-%m}", area.code, area.name, *cells])
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    name = f"bihuan-{found.code}-{found.month:%Y-%m}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
