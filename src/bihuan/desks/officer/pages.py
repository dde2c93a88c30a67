"""The worklist and the page of a matter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases import web as case_web
from bihuan.kernel.affairs.cases.types import (
    MAY_ACCEPT,
    MAY_DISPATCH,
    MAY_HANDLE,
    MAY_SEE,
    MAY_VERIFY,
    CaseId,
    CaseRow,
    CaseView,
    Filter,
    KindCode,
    PageOf,
    State,
)
from bihuan.kernel.affairs.cases.web import MoveCard
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import SIGNED_IN, Scope
from bihuan.kernel.stage.api import StepRequest, step
from bihuan.platform.ui import values
from bihuan.platform.ui.words import moment_words
from bihuan.platform.web.errors import NotAllowed
from bihuan.platform.web.pages import page

TRAYS = (
    ("accept", MAY_ACCEPT, "inbox"),
    ("dispatch", MAY_DISPATCH, "send"),
    ("handle", MAY_HANDLE, "tools"),
    ("verify", MAY_VERIFY, "eye-check"),
)
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


def tray_words(tray: str) -> str:
    """Return a tray in words."""
    return {
        "accept": _("To take on"),
        "dispatch": _("To dispatch"),
        "handle": _("To handle"),
        "verify": _("To verify"),
        "all": _("All matters"),
    }[tray]


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


@dataclass(frozen=True, slots=True)
class Band:
    """A colour with its count, as a filter."""

    href: str
    words: str
    band: str
    count: int
    current: bool


@dataclass(frozen=True, slots=True)
class ListPage:
    """The worklist."""

    title: str
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


@dataclass(frozen=True, slots=True)
class Choice:
    """A unit that may be given the matter."""

    value: str
    words: str
    reason: str
    best: bool


@dataclass(frozen=True, slots=True)
class MatterPage:
    """A matter with its parts, what may be done now, and what happened."""

    view: CaseView
    kind: str
    class_words: str
    state: values.StatePill
    rail: tuple[values.RailLink, ...]
    due: values.ExplainedDue | None
    parts: tuple[values.PartCard, ...]
    moves: tuple[MoveCard, ...]
    may_dispatch: bool
    suggested: tuple[Choice, ...]
    units: tuple[Choice, ...]
    may_verify: bool
    entries: tuple[values.TimelineEntry, ...]
    raised: str
    firm: str
    nav: tuple[values.NavLink, ...]
    who: str
    back: str


@step(power=SIGNED_IN, methods=("GET",))
def worklist(request: StepRequest) -> HttpResponse:
    """Show the worklist, by deadline, narrowed by what the address says."""
    scope = request.scope
    trays = _trays(scope)
    if not trays:
        raise NotAllowed("This page belongs to another post. Ask your unit if you need it.")
    asked = request.GET.get("tray", trays[0])
    tray = asked if asked in {*trays, "all"} else trays[0]
    wanted = _filter(request, tray)
    after = request.GET.get("after", "")
    found = cases.list_cases(scope=scope, wanted=wanted, at=request.at, after=after)
    return page(request, "officer/worklist.html", _list_page(request, tray, wanted, found))


def _trays(scope: Scope) -> list[str]:
    mine = [tray for tray, power, _icon in TRAYS if scope.has(power)]
    return mine or (["all"] if scope.has(MAY_SEE) else [])


def _filter(request: StepRequest, tray: str) -> Filter:
    kind = request.GET.get("kind", "")
    band = request.GET.get("band", "")
    return Filter(
        kind=KindCode(kind) if kind in {"appeal", "hazard"} else None,
        band=band if band in BANDS else "",
        text=request.GET.get("q", "")[:60],
        tray="" if tray == "all" else tray,
    )


def _list_page(request: StepRequest, tray: str, wanted: Filter, found: PageOf) -> ListPage:
    scope = request.scope
    keep = {"tray": tray, "kind": wanted.kind or "", "q": wanted.text}
    near = found.rows[0] if found.rows else None
    fact = (
        _("The next one is due %(when)s.") % {"when": moment_words(near.due_at, request.at)}
        if near and near.due_at
        else ""
    )
    return ListPage(
        title=tray_words(tray),
        tray=tray,
        bands=_bands(found, wanted, keep),
        lines=tuple(_line(row, request.at) for row in found.rows),
        count=f"{found.count:,}{'+' if found.more_than_counted else ''}",
        next_href=f"?{urlencode({**keep, 'band': wanted.band, 'after': found.after})}"
        if found.after
        else "",
        text=wanted.text,
        kind=wanted.kind or "",
        nav=_nav(scope, tray),
        who=_who(request),
        place=_place(scope),
        empty=values.Empty(_("Nothing waits here."), fact, "?tray=all", _("All matters")),
    )


def _bands(found: PageOf, wanted: Filter, keep: dict[str, str]) -> tuple[Band, ...]:
    whole = dict(found.bands)
    return tuple(
        Band(
            href=f"?{urlencode({**keep, 'band': '' if wanted.band == band else band})}",
            words=band_words(band),
            band=band,
            count=whole.get(band, 0),
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
        own_role={"lead": _("Lead"), "co_handler": _("Co-handler")}.get(row.own_role or "", ""),
    )


def _nav(scope: Scope, here: str) -> tuple[values.NavLink, ...]:
    base = reverse("officer:worklist")
    items = [
        values.NavLink(f"{base}?tray={tray}", icon, tray_words(tray), tray == here)
        for tray, power, icon in TRAYS
        if scope.has(power)
    ]
    items.append(
        values.NavLink(f"{base}?tray=all", "layout-grid", tray_words("all"), here == "all")
    )
    if "indices.see" in scope.powers:
        items.append(values.NavLink("/wall/", "chart-bar", _("The wall")))
    return tuple(items)


def _who(request: StepRequest) -> str:
    scope = request.scope
    duty = next((registry.find_duty(code) for code in scope.duties), None)
    if scope.person_id is None:
        return request.user.get_username()
    card = registry.get_person_card(scope.person_id)
    return f"{card.name} · {_(duty.title) if duty else ''}"


def _place(scope: Scope) -> str:
    unit = registry.find_unit(scope.unit_id) if scope.unit_id else None
    return unit.name if unit else ""


@step(power=SIGNED_IN, methods=("GET",))
def matter(request: StepRequest, case_id: int) -> HttpResponse:
    """Show a matter: what it is, who does what by when, what happened."""
    view = cases.get_case(CaseId(case_id), scope=request.scope)
    may_dispatch = "dispatch" in view.moves
    moves = case_web.move_cards(view)
    shown = MatterPage(
        view=view,
        kind=case_web.kind_words(view.kind),
        class_words=_(view.class_title),
        state=case_web.state_of(view.state, link=view.link),
        rail=case_web.rail_of(view),
        due=case_web.explained_of(view, now=request.at),
        parts=case_web.part_cards(view, now=request.at),
        moves=moves,
        may_dispatch=may_dispatch,
        suggested=_suggested(view, request.scope) if may_dispatch else (),
        units=_units(view) if may_dispatch else (),
        may_verify="pass" in view.moves,
        entries=case_web.timeline_of(view, now=request.at, own=request.scope.person_id),
        raised=moment_words(view.raised_at, request.at),
        firm=_firm(view),
        nav=_nav(request.scope, ""),
        who=_who(request),
        back=request.get_full_path(),
    )
    return page(request, "officer/matter.html", shown)


def _suggested(view: CaseView, scope: Scope) -> tuple[Choice, ...]:
    units = cases.suggest_units(view.id, scope=scope)[:3]
    return tuple(
        Choice(
            str(unit.id),
            unit.name,
            _("Handles “%(what)s” in %(where)s")
            % {"what": _(view.class_title), "where": view.area_name},
            best=n == 0,
        )
        for n, unit in enumerate(units)
    )


def _units(view: CaseView) -> tuple[Choice, ...]:
    near = [u for u in registry.list_units() if view.area_path.startswith(u.area_path)]
    return tuple(Choice(str(unit.id), unit.name, "", best=False) for unit in near)


def _firm(view: CaseView) -> str:
    if view.concerns is None:
        return ""
    found = registry.organisations_by_id([view.concerns])
    return found[view.concerns].name if view.concerns in found else ""
