"""One box for everything that one may see: matters, petitions, firms, areas, units, articles.

The box is sent by POST, so that a telephone number that somebody types stands in no address, no
history and no log; harmless words are then looked for under an address that can be kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.desks.officer.numbers import is_personal
from bihuan.desks.officer.shell import nav_of, place_of
from bihuan.desks.officer.worklist import trays_of
from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases import web as case_web
from bihuan.kernel.affairs.cases.types import CaseId, Filter, State
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import SIGNED_IN, AreaPath, Scope
from bihuan.kernel.ground.registry.web import who_of
from bihuan.kernel.stage import api as stage
from bihuan.kernel.stage.api import StepRequest, step
from bihuan.kernel.stage.types import Hit
from bihuan.platform.ui import values
from bihuan.platform.web.errors import NotAllowed
from bihuan.platform.web.pages import page

MOST = 8
"""Of each group so many are shown; where there are more, a link leads to the list."""
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one kind."""

    title: str
    hits: tuple[Hit, ...]
    more_href: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True)
class SearchPage:
    """What was found, group by group, or why a number is not looked for."""

    text: str
    personal: bool
    groups: tuple[Group, ...]
    empty: values.Empty
    nav: tuple[values.NavLink, ...]
    who: str
    place: str


@step(power=SIGNED_IN)
def search(request: StepRequest) -> HttpResponse:
    """Look everywhere for some words; a whole number goes straight to its matter."""
    if request.scope.post_id is None:
        raise NotAllowed("This page belongs to another post. Ask your unit if you need it.")
    if request.method == "POST":
        return _sent_on(request, request.POST.get("q", ""))
    text = " ".join(request.GET.get("q", "").split())[:LONGEST]
    if is_personal(text):
        return _sent_on(request, text)
    personal = "number" in request.GET
    groups = () if personal or not text else _groups(text, request)
    shown = SearchPage(
        text="" if personal else text,
        personal=personal,
        groups=groups,
        empty=values.Empty(
            _("Nothing is called so in your care.") if text else _("Search in everything you see"),
            _("Matters by number, title, place or text; petitions, firms, areas, units, articles."),
            icon="search",
        ),
        nav=nav_of(request.scope, ""),
        who=who_of(request),
        place=place_of(request.scope),
    )
    return page(request, "officer/search.html", shown)


def _sent_on(request: StepRequest, given: str) -> HttpResponse:
    text = " ".join(given.split())[:LONGEST]
    here = reverse("officer:search")
    if is_personal(text):
        return HttpResponseRedirect(f"{here}?number=", status=303)
    case_id = cases.find_by_number(text, scope=request.scope) if text else None
    if case_id is not None and cases.works_on(case_id, scope=request.scope):
        return HttpResponseRedirect(reverse("officer:matter", args=[case_id]), status=303)
    return HttpResponseRedirect(f"{here}?{urlencode({'q': text})}", status=303)


def _groups(text: str, request: StepRequest) -> tuple[Group, ...]:
    scope, at = request.scope, request.at
    found = _of_the_desk(text, request) if trays_of(scope) else []
    found += [
        Group(_(ready.search.title), tuple(ready.query(text, scope, at)[:MOST]))
        for ready in stage.searches(scope)
    ]
    return tuple(group for group in found if group.hits)


def _of_the_desk(text: str, request: StepRequest) -> list[Group]:
    """Return what lists of this desk hold; a post without any list has none of it."""
    scope = request.scope
    return [
        *_matters(text, request),
        _petitions(text, scope),
        Group(_("Firms"), _firms(text, scope)),
        Group(_("Areas"), _areas(text, scope)),
        Group(_("Units"), _units(text, scope)),
    ]


def _matters(text: str, request: StepRequest) -> list[Group]:
    scope = request.scope
    named = cases.list_cases(scope=scope, wanted=Filter(text=text), at=request.at)
    rows = named.rows[:MOST]
    seen = [row.id for row in named.rows]
    said = cases.search_texts(text, scope=scope, but=seen, most=MOST)
    more = named.count > len(rows)
    query = urlencode({"tray": "all", "q": text})
    return [
        Group(
            _("Matters"),
            tuple(
                _matter(row.id, row.title, row.number, row.state, f"{row.area_name} {row.place}")
                for row in rows
            ),
            f"{reverse('officer:worklist')}?{query}" if more else "",
            _("All %(n)s matters") % {"n": named.count} if more else "",
        ),
        Group(
            _("In the text of matters"),
            tuple(
                _matter(one.link.id, one.link.title, one.link.number, one.link.state, one.words)
                for one in said
            ),
        ),
    ]


def _matter(case_id: CaseId, title: str, number: str, state: State, note: str) -> Hit:
    words = case_web.state_words(state)
    return Hit(
        reverse("officer:matter", args=[case_id]), title, f"{note.strip()} · {words}", number
    )


def _petitions(text: str, scope: Scope) -> Group:
    address = reverse("officer:references")
    found = cases.list_references(scope=scope, text=text)
    hits = tuple(
        Hit(
            f"{address}?{urlencode({'q': one.number})}",
            one.title,
            " · ".join(word for word in (one.area_name, one.unit_name) if word),
            one.number,
        )
        for one in found[:MOST]
    )
    if len(found) <= MOST:
        return Group(_("Petitions"), hits)
    more = f"{address}?{urlencode({'q': text})}"
    return Group(_("Petitions"), hits, more, _("All %(n)s petitions") % {"n": len(found)})


def _firms(text: str, scope: Scope) -> tuple[Hit, ...]:
    return tuple(
        Hit(_list_of(firm=str(firm.id)), firm.name, firm.address, firm.uscc)
        for firm in registry.list_organisations(scope=scope, text=text, limit=MOST)
    )


def _areas(text: str, scope: Scope) -> tuple[Hit, ...]:
    found = [
        area
        for path in _outermost(scope.area_paths)
        for area in registry.search_areas(text, below=path, limit=MOST)
    ]
    return tuple(Hit(_list_of(q=area.name), area.name, code=area.code) for area in found[:MOST])


def _outermost(paths: Sequence[AreaPath]) -> list[AreaPath]:
    """Return the areas that lie in no other one of them: each place is found once."""
    return [p for p in sorted(set(paths)) if not any(p != o and p.startswith(o) for o in paths)]


def _units(text: str, scope: Scope) -> tuple[Hit, ...]:
    return tuple(
        Hit(_list_of(unit=str(unit.id)), unit.name, unit.phone)
        for unit in registry.search_units(text, below=scope.area_paths, limit=MOST)
    )


def _list_of(**narrowed: str) -> str:
    return f"{reverse('officer:worklist')}?{urlencode({'tray': 'all', **narrowed})}"
