"""Asked and answered for everybody: a page to search, and the same as open data."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import EVERYBODY, AreaLevel
from bihuan.kernel.stage.api import StepRequest, step
from bihuan.platform.clock import CHINA
from bihuan.platform.ui.words import day_words, moment_words, number_words
from bihuan.platform.web.pages import page
from bihuan.scenes.appeals import asked
from bihuan.scenes.appeals.asked import Answered, Look
from bihuan.scenes.appeals.classes import CLASSES

COLUMNS = (
    "number", "class_code", "class", "area", "unit", "question", "answer", "raised_at",
    "closed_at", "days", "rating", "solved",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """One question with its answer."""

    number: str
    question: str
    answer: str
    kind: str
    where: str
    unit: str
    closed: str
    days: str
    verdict: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose."""

    code: str
    name: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class AskedPage:
    """The page: what was looked for, what was found."""

    words: str
    classes: tuple[Choice, ...]
    areas: tuple[Choice, ...]
    items: tuple[Item, ...]
    count: str
    place: str
    before: str
    after: str
    csv_href: str
    json_href: str
    as_of: str


@step(power=EVERYBODY, methods=("GET",))
def show(request: StepRequest) -> HttpResponse:
    """Show what was asked and answered."""
    look = asked.read(request.GET.dict())
    found = asked.list_asked(look)
    tail = _tail(look)
    shown = AskedPage(
        words=look.words,
        classes=tuple(Choice(c.code, _(c.title), c.code == look.class_code) for c in CLASSES),
        areas=_areas(look),
        items=tuple(_item(row) for row in found.rows),
        count=number_words(found.count),
        place=f"{found.page} / {found.pages}" if found.pages > 1 else "",
        before=_address(look, found.page - 1) if found.page > 1 else "",
        after=_address(look, found.page + 1) if found.page < found.pages else "",
        csv_href=f"{reverse('appeals:asked_csv')}{tail}",
        json_href=f"{reverse('appeals:asked_json')}{tail}",
        as_of=moment_words(request.at, request.at),
    )
    return page(request, "appeals/asked.html", shown)


def _areas(look: Look) -> tuple[Choice, ...]:
    levels = (AreaLevel.COUNTY, AreaLevel.TOWN)
    own = registry.find_area(settings.BIHUAN_AREA)
    areas = sorted(
        registry.list_areas(below=own.path if own else "", levels=levels), key=lambda a: a.path
    )
    return tuple(
        Choice(
            a.code,
            a.name if a.level is AreaLevel.COUNTY else f"　{a.name}",
            a.code == look.area_code,
        )
        for a in areas
    )


def _query(look: Look) -> dict[str, str]:
    given = {"q": look.words, "class": look.class_code, "area": look.area_code}
    return {name: value for name, value in given.items() if value}


def _tail(look: Look) -> str:
    query = _query(look)
    return f"?{urlencode(query)}" if query else ""


def _address(look: Look, number: int) -> str:
    return f"{reverse('appeals:asked')}?{urlencode(_query(look) | {'page': str(number)})}"


def _item(row: Answered) -> Item:
    days = _("less than a day") if row.days < 1 else _("%(n)s days") % {"n": f"{row.days:.0f}"}
    return Item(
        number=row.number,
        question=row.question,
        answer=row.answer,
        kind=asked.class_words(row.class_code),
        where=row.area,
        unit=row.unit,
        closed=day_words(row.closed_at.astimezone(CHINA).date()),
        days=days,
        verdict=_verdict(row.rating),
    )


def _verdict(rating: str) -> str:
    return {
        "satisfied": _("Satisfied"),
        "fairly_satisfied": _("Fairly satisfied"),
        "neutral": _("So-so"),
        "unsatisfied": _("Not satisfied"),
    }.get(rating, "")


def _plain(row: Answered) -> dict[str, str | float]:
    return {
        "number": row.number,
        "class_code": row.class_code,
        "class": asked.class_words(row.class_code),
        "area": row.area,
        "unit": row.unit,
        "question": row.question,
        "answer": row.answer,
        "raised_at": f"{row.raised_at.astimezone(CHINA):%Y-%m-%d}",
        "closed_at": f"{row.closed_at.astimezone(CHINA):%Y-%m-%d}",
        "days": round(row.days, 1),
        "rating": row.rating,
        "solved": row.solved,
    }


@step(power=EVERYBODY, methods=("GET",))
def as_json(request: StepRequest) -> HttpResponse:
    """Hand the same out as JSON."""
    rows = [_plain(row) for row in asked.every_asked(asked.read(request.GET.dict()))]
    as_of = request.at.astimezone(CHINA).isoformat(timespec="seconds")
    told = {"as_of": as_of, "dictionary": "/figures/data/", "rows": rows}
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False})


@step(power=EVERYBODY, methods=("GET",))
def as_csv(request: StepRequest) -> HttpResponse:
    """Hand the same out as a table. A cell that a spreadsheet would compute gets a mark before."""
    out = io.StringIO()
    lines = csv.DictWriter(out, COLUMNS)
    lines.writeheader()
    for row in asked.every_asked(asked.read(request.GET.dict())):
        lines.writerow({name: _safe(cell) for name, cell in _plain(row).items()})
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="asked-and-answered.csv"'
    return answer


def _safe(cell: str | float) -> str:
    text = str(cell)
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
