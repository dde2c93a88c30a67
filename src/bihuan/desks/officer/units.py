"""Dissolving a unit: what it still holds, who goes on, and then the end of it."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.desks.officer.shell import nav_of, place_of
from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import MANAGE_UNITS, Scope, UnitId
from bihuan.kernel.ground.registry.web import who_of
from bihuan.kernel.stage.api import StepRequest, perform_form, step
from bihuan.platform.ui import values
from bihuan.platform.ui.words import due_words
from bihuan.platform.web.errors import Refused
from bihuan.platform.web.pages import page

SHOWN = 50


@dataclass(frozen=True, slots=True)
class HeldLine:
    """One open part that goes over."""

    number: str
    title: str
    due: str


@dataclass(frozen=True, slots=True)
class DissolvePage:
    """The units, the one chosen, what it holds, and who goes on."""

    units: tuple[tuple[str, str], ...]
    chosen: str
    name: str
    successor: str
    words: str
    count: str
    held: tuple[HeldLine, ...]
    wrong: str
    nav: tuple[values.NavLink, ...]
    who: str
    place: str


@step(power=MANAGE_UNITS)
def dissolve(request: StepRequest) -> HttpResponse:
    """Show what a unit still holds; dissolve it once somebody goes on with that."""
    if request.method != "POST":
        return _shown(request, request.GET.get("unit", ""), "")
    chosen, successor = request.POST.get("unit", ""), request.POST.get("successor", "")
    words = request.POST.get("words", "").strip()[:200]

    def act(scope: Scope) -> dict[str, int]:
        done = cases.dissolve_unit(
            _id(chosen),
            successor_id=_id(successor) or None,
            words=words,
            scope=scope,
            at=request.at,
        )
        return {"parts": done.parts}

    try:
        answer = perform_form(request, name="cases.dissolve_unit", effect=act).answer
    except Refused as refused:
        return _shown(request, chosen, refused.spoken(), successor=successor, words=words)
    said = _("The unit is dissolved; %(n)s matters went over, their dates stay.")
    messages.success(request, said % {"n": answer["parts"]})
    return HttpResponseRedirect(reverse("officer:dissolve"), status=303)


def _id(given: str) -> UnitId:
    return UnitId(int(given) if given.isdigit() and len(given) < 10 else 0)


def _shown(
    request: StepRequest, chosen: str, wrong: str, *, successor: str = "", words: str = ""
) -> HttpResponse:
    inside = [unit for unit in registry.list_units() if request.scope.covers(unit.area_path)]
    units = tuple((str(unit.id), unit.name) for unit in inside)
    name = dict(units).get(chosen, "")
    held = cases.list_held(_id(chosen), scope=request.scope) if name else ()
    count = ngettext(
        "It still holds %(n)s open matter.", "It still holds %(n)s open matters.", len(held)
    )
    shown = DissolvePage(
        units,
        chosen if name else "",
        name,
        successor,
        words,
        count % {"n": len(held)},
        tuple(
            HeldLine(one.number, one.title, due_words(one.due_at) if one.due_at else "")
            for one in held[:SHOWN]
        ),
        wrong,
        nav_of(request.scope, "dissolve"),
        who_of(request),
        place_of(request.scope),
    )
    return page(request, "officer/dissolve.html", shown, status=422 if wrong else 200)
