"""The worklist: whose turn it is, by deadline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.desks.officer.duty import waiting_words
from bihuan.desks.officer.numbers import is_personal, is_uuid
from bihuan.desks.officer.shell import TRAYS, nav_of, place_of, tray_words
from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases import web as case_web
from bihuan.kernel.affairs.cases.types import (
    MAY_ACCEPT,
    MAY_DISPATCH,
    MAY_SEE,
    CaseRow,
    Filter,
    KindCode,
    PageOf,
    State,
)
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import SIGNED_IN, OrganisationId, Scope, UnitId
from bihuan.kernel.ground.registry.web import who_of
from bihuan.kernel.stage import api as stage
from bihuan.kernel.stage.api import StepRequest, step
from bihuan.platform.ui import values
from bihuan.platform.ui.words import moment_words
from bihuan.platform.web.errors import NotAllowed
from bihuan.platform.web.pages import page

BANDS = ("red", "orange", "yellow", "green", "paused")
LINKS = {
    State.REPORTED: 1,
    State.VERIFYING: 1,
    State.FILED: 2,
    State.DISPATCHED: 3,
    State.FED_BACK: 5,
    State.CLOSED: 6,
    State.EVALUATED: 7,
}


def source_words(source: str) -> str:
    """Return how a matter came, in words; systems outside are called as their scene calls them."""
    known = {
        "phone": _("Resident"),
        "counter": _("Counter"),
        "call": _("Telephone"),
        "paper": _("Paper"),
        "patrol": _("Patrol"),
        "import": _("Other system"),
        "mailbox": _("Mailbox"),
        "open311": "Open311",
    }
    title = stage.system_title(source)
    return known.get(source) or (_(title) if title else source)


def band_words(band: str) -> str:
    """Return a colour band in words."""
    return {
        "red": _("Overdue"),
        "orange": _("Nearly due"),
        "yellow": _("Half gone"),
        "green": _("In time"),
        "paused": _("Waiting"),
    }[band]


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the worklist."""

    href: str
    number: str
    title: str
    kind: str
    place: str
    state: values.StatePill
    badge: values.Deadline | None
    holder: str
    raised: str
    own_role: str
    key: int
    due: str
    source: str


@dataclass(frozen=True, slots=True)
class Band:
    """A colour with its count, as a filter."""

    href: str
    words: str
    band: str
    count: str
    current: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """A list that somebody keeps under a name."""

    id: int
    name: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A panel that a scene shows above the list."""

    template: str
    value: object


@dataclass(frozen=True, slots=True)
class ListPage:
    """The worklist."""

    title: str
    only: str
    of_one: tuple[tuple[str, str], ...]
    tray: str
    bands: tuple[Band, ...]
    lines: tuple[Line, ...]
    count: str
    next_href: str
    text: str
    kind: str
    nav: tuple[values.NavLink, ...]
    who: str
    place: str
    empty: values.Empty
    saved: tuple[Kept, ...]
    query: str
    may_together: bool
    all_chosen: bool
    choose_all: str
    first_href: str
    petitions: str
    petitions_href: str
    panels: tuple[Shown, ...]
    handover: str


def require_trays(scope: Scope) -> list[str]:
    """Return the trays of one's post; who has none is no officer of this desk.

    Raises:
        NotAllowed: the post has no tray.
    """
    trays = trays_of(scope)
    if not trays:
        raise NotAllowed("This page belongs to another post. Ask your unit if you need it.")
    return trays


@step(power=SIGNED_IN, methods=("GET",))
def worklist(request: StepRequest) -> HttpResponse:
    """Show the worklist, by deadline, narrowed by what the address says."""
    scope = request.scope
    trays = require_trays(scope)
    if is_personal(request.GET.get("q", "")):
        return HttpResponseRedirect(f"{reverse('officer:search')}?number=")
    asked = request.GET.get("tray", trays[0])
    tray = asked if asked in {*trays, "all"} else trays[0]
    wanted = _filter(request, tray)
    after = request.GET.get("after", "")
    found = cases.list_cases(scope=scope, wanted=wanted, at=request.at, after=after)
    return page(request, "officer/worklist.html", _list_page(request, tray, wanted, found))


def trays_of(scope: Scope) -> list[str]:
    """Return the trays of one's post, all matters for who may only look, or none."""
    mine = [tray for tray, power, _icon in TRAYS if scope.has(power)]
    return mine or (["all"] if scope.has(MAY_SEE) else [])


def _filter(request: StepRequest, tray: str) -> Filter:
    kind = request.GET.get("kind", "")
    band = request.GET.get("band", "")
    firm, unit = request.GET.get("firm", ""), request.GET.get("unit", "")
    return Filter(
        unit_id=UnitId(int(unit)) if unit.isdecimal() and len(unit) < 10 else None,
        concerns=OrganisationId(UUID(firm)) if is_uuid(firm) else None,
        kind=KindCode(kind) if kind in {"appeal", "hazard"} else None,
        band=band if band in BANDS else "",
        text=request.GET.get("q", "")[:60],
        tray="" if tray == "all" else tray,
    )


def _of_one(wanted: Filter) -> dict[str, str]:
    """Return the firm or unit to which the list is narrowed, as the address says it."""
    unit, firm = wanted.unit_id, wanted.concerns
    return {"unit": str(unit) if unit else "", "firm": str(firm) if firm else ""}


def _only(wanted: Filter, scope: Scope) -> str:
    """Return the name of the firm or unit to which the list is narrowed."""
    if wanted.concerns:
        return registry.get_organisation(wanted.concerns, scope=scope).name
    return registry.get_unit(wanted.unit_id).name if wanted.unit_id else ""


def _list_page(request: StepRequest, tray: str, wanted: Filter, found: PageOf) -> ListPage:
    scope = request.scope
    keep = {"tray": tray, "kind": wanted.kind or "", "q": wanted.text, **_of_one(wanted)}
    keep = {name: value for name, value in keep.items() if value}
    query = urlencode({k: v for k, v in {**keep, "band": wanted.band}.items() if v})
    plain = not (query_of(request) & {"q", "band", "after", "firm", "unit", "kind"})
    near = found.rows[0] if found.rows else None
    fact = (
        _("The next one is due %(when)s.") % {"when": moment_words(near.due_at, request.at)}
        if near and near.due_at
        else ""
    )
    return ListPage(
        title=tray_words(tray),
        only=_only(wanted, scope),
        of_one=tuple((name, value) for name, value in _of_one(wanted).items() if value),
        tray=tray,
        bands=_bands(found, wanted, keep),
        lines=tuple(_line(row, request.at) for row in found.rows),
        count=f"{found.count:,}{'+' if found.more_than_counted else ''}",
        next_href=f"?{urlencode({**keep, 'band': wanted.band, 'after': found.after})}"
        if found.after
        else "",
        text=wanted.text,
        kind=wanted.kind or "",
        nav=nav_of(scope, tray),
        who=who_of(request),
        place=place_of(scope),
        saved=_saved(scope, query),
        query=query,
        may_together=tray in {"accept", "dispatch", "all"} and scope.has(MAY_DISPATCH),
        all_chosen="chosen" in request.GET,
        choose_all=f"?{query}&chosen=all",
        petitions=_petitions(scope, tray, wanted.text),
        petitions_href=f"{reverse('officer:references')}?{urlencode({'q': wanted.text})}",
        panels=_panels(request) if plain else (),
        handover=waiting_words(request.scope) if plain else "",
        first_href=reverse("officer:matter", args=[near.id]) if near else "",
        empty=values.Empty(_("Nothing waits here."), fact, "?tray=all", _("All matters")),
    )


def query_of(request: StepRequest) -> set[str]:
    """Return what the address narrows: a list that is walked through shows no proposals above."""
    return {name for name, value in request.GET.items() if value}


def _panels(request: StepRequest) -> tuple[Shown, ...]:
    """Return what the scenes show above the list."""
    ready = stage.panels("worklist", request.scope)
    found = (Shown(p.panel.template, p.query(request.scope, request.at)) for p in ready)
    return tuple(one for one in found if one.value)


def _petitions(scope: Scope, tray: str, text: str) -> str:
    """Return how many petitions stand beside all matters; they are no matters of this list."""
    if tray != "all" or not scope.has(MAY_ACCEPT):
        return ""
    count = cases.count_references(scope=scope, text=text)
    return _("%(n)s petitions besides") % {"n": count} if count else ""


def _saved(scope: Scope, query: str) -> tuple[Kept, ...]:
    return tuple(
        Kept(saved.id, saved.name, f"?{saved.query}", saved.query == query)
        for saved in cases.list_filters(scope=scope)
    )


def _bands(found: PageOf, wanted: Filter, keep: dict[str, str]) -> tuple[Band, ...]:
    whole = dict(found.bands)
    return tuple(
        Band(
            href=f"?{urlencode({**keep, 'band': '' if wanted.band == band else band})}",
            words=band_words(band),
            band=band,
            count=f"{whole.get(band, 0)}{'+' if band in found.more_in_bands else ''}",
            current=wanted.band == band,
        )
        for band in BANDS
    )


def _line(row: CaseRow, at: datetime) -> Line:
    return Line(
        href=reverse("officer:matter", args=[row.id]),
        number=row.number,
        title=row.title,
        kind=_(row.class_title),
        place=f"{row.area_name} {row.place}".strip(),
        state=case_web.state_of(row.state, link=LINKS.get(row.state, 4)),
        badge=case_web.badge_of(row, now=at),
        holder=row.holder or "—",
        raised=moment_words(row.raised_at, at),
        key=row.id,
        due=moment_words(row.due_at, at) if row.due_at else "",
        source=source_words(row.source),
        own_role={"lead": _("Lead"), "co_handler": _("Co-handler")}.get(row.own_role or "", ""),
    )
