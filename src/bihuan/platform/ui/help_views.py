"""The help of a page, the list of all, and the tour; they work without script."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from bihuan.platform import clock
from bihuan.platform.ui import helping, touring
from bihuan.platform.web.errors import NotFound
from bihuan.platform.web.pages import page
from bihuan.platform.web.requests import Request, route


@dataclass(frozen=True, slots=True)
class IndexPage:
    """Every page with help."""

    pages: tuple[helping.HelpPage, ...]
    back: str
    has_tour: bool


@dataclass(frozen=True, slots=True)
class ShownPage:
    """The help of one page."""

    help: helping.HelpPage
    back: str


@dataclass(frozen=True, slots=True)
class TourPage:
    """The whole tour of the reader's role, to read at once or to take again."""

    whole: helping.Tour


def _back(request: Request) -> str:
    target = request.GET.get("from", "/")
    safe = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()})
    return target if safe else "/"


@route(power="public", methods=("GET",))
def index(request: Request) -> HttpResponse:
    """Show which pages have help."""
    has_tour = _tour(request) is not None
    return page(request, "ui/help_index.html", IndexPage(helping.pages(), _back(request), has_tour))


@route(power="public", methods=("GET",))
def show(request: Request, key: str) -> HttpResponse:
    """Show the help of a page."""
    found = helping.find_page(key)
    if found is None:
        raise NotFound("There is no help under this name.")
    return page(request, "ui/help_page.html", ShownPage(found, _back(request)))


def _tour(request: Request) -> helping.Tour | None:
    if not request.user.is_authenticated:
        return None
    helping.enter(request)
    return helping.tour_of(request)


@route(power="signed_in")
def tour(request: Request) -> HttpResponse:
    """Show the tour of one's role; go to a step, end it, or begin it again."""
    found = _tour(request)
    if found is None:
        return HttpResponseRedirect(reverse("help:index"))
    if request.method != "POST":
        return page(request, "ui/help_tour.html", TourPage(found))
    given = request.POST.get("step", "")
    step = int(given) if given.isdecimal() and len(given) < 3 else touring.ENDED
    address = touring.go_to(request, found, step, at=clock.now())
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    return HttpResponseRedirect(f"{address}#tour" if address else back, status=303)
