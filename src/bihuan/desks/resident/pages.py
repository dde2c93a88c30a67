"""Home and my matters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from bihuan.desks.resident.tabs import tabs
from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases import web as case_web
from bihuan.kernel.affairs.cases.types import CaseRow, Filter, State
from bihuan.kernel.ground.registry.types import EVERYBODY, SIGNED_IN, Scope, person_ref
from bihuan.kernel.stage import api as stage
from bihuan.kernel.stage.api import StepRequest, step
from bihuan.platform.ui import values
from bihuan.platform.web.pages import page

SHOWN_AT_HOME = 3
LINKS = {State.REPORTED: 1, State.VERIFYING: 1, State.FILED: 2, State.CLOSED: 6, State.EVALUATED: 7}
DESKS = (
    ("fieldwork.patrol", "/field/"),
    ("cases.see", "/desk/"),
    ("cases.handle", "/desk/"),
    ("cases.verify", "/desk/"),
    ("cases.say_done", "/enterprise/"),
)


@dataclass(frozen=True, slots=True)
class MatterLine:
    """One of my matters: its state, its deadline, whose it is."""

    href: str
    title: str
    number: str
    state: values.StatePill
    badge: values.Deadline | None
    holder: str
    waits_for_me: bool


@dataclass(frozen=True, slots=True)
class HomePage:
    """The start: one thing to do, my matters, services."""

    signed_in: bool
    matters: tuple[MatterLine, ...]
    count: int
    services: tuple[values.NavLink, ...]
    nav: tuple[values.NavLink, ...]
    demo_href: str


@dataclass(frozen=True, slots=True)
class MattersPage:
    """All my matters."""

    matters: tuple[MatterLine, ...]
    count: int
    nav: tuple[values.NavLink, ...]
    empty: values.Empty


@step(power=EVERYBODY, methods=("GET",))
def home(request: StepRequest) -> HttpResponse:
    """Show the start; who has a post or speaks for a firm is sent to that desk."""
    own_desk = _own_desk(request.scope)
    if own_desk and "resident" not in request.GET:
        return HttpResponseRedirect(own_desk)
    matters, count = _mine(request.scope, request.at)
    shown = HomePage(
        signed_in=request.user.is_authenticated,
        matters=matters[:SHOWN_AT_HOME],
        count=count,
        services=_services(request.scope),
        nav=tabs(request.scope, "home"),
        demo_href=_demo_href(),
    )
    return page(request, "resident/home.html", shown)


def _demo_href() -> str:
    """Return the way to the demo's accounts; only demo settings have that page."""
    try:
        return reverse("demo") if settings.BIHUAN_DEMO else ""
    except NoReverseMatch:
        return ""


def _own_desk(scope: Scope) -> str:
    if scope.post_id is None and not scope.organisation_ids:
        return ""
    return next((href for power, href in DESKS if power in scope.powers), "")


@step(power=SIGNED_IN, methods=("GET",))
def matters(request: StepRequest) -> HttpResponse:
    """Show all my matters."""
    mine, count = _mine(request.scope, request.at)
    nothing = values.Empty(
        _("You have not reported anything yet."),
        "",
        reverse("appeals:report"),
        _("Report something"),
    )
    return page(
        request,
        "resident/matters.html",
        MattersPage(mine, count, tabs(request.scope, "matters"), nothing),
    )


def _mine(scope: Scope, at: datetime) -> tuple[tuple[MatterLine, ...], int]:
    if scope.person_id is None:
        return (), 0
    wanted = Filter(raised_by=person_ref(scope.person_id))
    found = cases.list_cases(scope=scope, wanted=wanted, at=at)
    order = sorted(
        found.rows, key=lambda row: (row.state is not State.CLOSED, row.state is State.EVALUATED)
    )
    return tuple(_line(row, at) for row in order), found.count


def _line(row: CaseRow, at: datetime) -> MatterLine:
    return MatterLine(
        href=reverse("appeals:own", args=[row.id]),
        title=row.title,
        number=row.number,
        state=case_web.state_of(row.state, link=LINKS.get(row.state, 4)),
        badge=case_web.badge_of(row, now=at),
        holder=row.holder,
        waits_for_me=row.state is State.CLOSED,
    )


def _services(scope: Scope) -> tuple[values.NavLink, ...]:
    items = stage.nav("resident", scope)
    return tuple(values.NavLink(reverse(i.url_name), i.icon, _(i.words)) for i in items)
