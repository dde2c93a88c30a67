"""Open data: the figures as JSON, and what every column of what we hand out means."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from bihuan.desks.public.figures import month_of
from bihuan.kernel.ground.registry.types import EVERYBODY
from bihuan.kernel.sight.indices import api as indices
from bihuan.kernel.sight.indices.types import OpenArea
from bihuan.kernel.sight.indices.web import definition_words, title_words, unit_words
from bihuan.kernel.stage.api import StepRequest, step
from bihuan.platform.clock import CHINA
from bihuan.platform.web.pages import page


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in the file, what it is."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class DictionaryPage:
    """What the columns mean."""

    figures: tuple[Column, ...]
    matters: tuple[Column, ...]


@step(power=EVERYBODY, methods=("GET",))
def dictionary(request: StepRequest) -> HttpResponse:
    """Say what every column means and what one may do with the data."""
    open_ones = [f for f in indices.all_figures() if f.open_to_all or f.code == "filed"]
    shown = DictionaryPage(
        figures=(
            Column("month", _("the month, like 2026-06")),
            Column("area_code, area", _("code and name of the area; codes of GB/T 2260")),
            *(
                Column(f.code, f"{title_words(f)}（{unit_words(f)}）：{definition_words(f)}")
                for f in open_ones
            ),
        ),
        matters=(
            Column("number", _("number of the matter")),
            Column("class_code, class", _("kind of matter, code and name")),
            Column("area, unit", _("village or community; the unit that handled it")),
            Column("question, answer", _("words that a reviewer released, without personal data")),
            Column(
                "raised_at, closed_at, days", _("days of report and closing; days between them")
            ),
            Column("rating, solved", _("what the one who asked said of it; empty: nothing")),
        ),
    )
    return page(request, "public/data.html", shown)


@step(power=EVERYBODY, methods=("GET",))
def as_json(request: StepRequest) -> HttpResponse:
    """Hand the open figures out as JSON; an area kept back has no values."""
    month, fault = month_of(request.GET.get("month", ""), request.at)
    if fault:
        return HttpResponse(fault, status=422, content_type="text/plain; charset=utf-8")
    code = request.GET.get("area", "") or settings.BIHUAN_AREA
    found = indices.get_open_figures(code, at=request.at, month=month)
    whole = OpenArea(found.code, found.name, found.whole)
    rows = [
        {
            "month": f"{found.month:%Y-%m}",
            "area_code": area.code,
            "area": area.name,
            **{str(value.figure.code): value.value for value in area.values},
        }
        for area in (whole, *found.areas)
    ]
    told = {
        "as_of": request.at.astimezone(CHINA).isoformat(timespec="seconds"),
        "dictionary": "/figures/data/",
        "smallest_shown": found.least,
        "rows": rows,
    }
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False})
