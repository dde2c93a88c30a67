"""What nothing covers; the yearly notice of holidays; what a changed limit would move."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.desks.officer.shell import nav_of, place_of
from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases import web as case_web
from bihuan.kernel.affairs.cases.types import CASE, MAY_SUPERVISE
from bihuan.kernel.ground.clocks import api as clocks
from bihuan.kernel.ground.clocks import web as clock_web
from bihuan.kernel.ground.clocks.types import (
    MANAGE_CALENDAR,
    Budget,
    Fault,
    Uncovered,
    Unit,
    YearNotice,
)
from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.ground.registry.web import who_of
from bihuan.kernel.stage.api import StepRequest, perform_form, step
from bihuan.platform.ui import values
from bihuan.platform.web.errors import Refused
from bihuan.platform.web.pages import page

SHOWN = 50
LARGEST_FILE = 200_000


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that nothing covers: what, and a way to it."""

    words: str
    number: str
    href: str
    note: str


@dataclass(frozen=True, slots=True)
class UncoveredPage:
    """What could be forgotten."""

    lines: tuple[Line, ...]
    count: str
    empty: values.Empty
    nav: tuple[values.NavLink, ...]
    who: str
    place: str


@dataclass(frozen=True, slots=True)
class Moves:
    """What would move: how many, and the first fifty."""

    words: str
    rows: tuple[case_web.MovedRow, ...]


@dataclass(frozen=True, slots=True)
class CalendarPage:
    """The notices that stand, and the form of the next one, with its preview."""

    missing: tuple[str, ...]
    notices: tuple[clock_web.NoticeLine, ...]
    year: str
    source: str
    rows: str
    errors: tuple[values.RowError, ...]
    moves: Moves | None
    nav: tuple[values.NavLink, ...]
    who: str
    place: str


@dataclass(frozen=True, slots=True)
class LimitsPage:
    """What a changed limit would move."""

    code: str
    amount: str
    unit: str
    units: tuple[tuple[str, str], ...]
    codes: tuple[tuple[str, str], ...]
    wrong: str
    moves: Moves | None
    source: str
    nav: tuple[values.NavLink, ...]
    who: str
    place: str


@dataclass(frozen=True, slots=True)
class WishLine:
    """A limit that waits for a second person."""

    id: int
    words: str
    source: str
    mine: bool
    moves: Moves


@dataclass(frozen=True, slots=True)
class LimitChangesPage:
    """Changed limits that wait for a second person."""

    lines: tuple[WishLine, ...]
    empty: values.Empty
    nav: tuple[values.NavLink, ...]
    who: str
    place: str


def _shell(request: StepRequest, here: str) -> tuple[tuple[values.NavLink, ...], str, str]:
    return nav_of(request.scope, here), who_of(request), place_of(request.scope)


@step(power=MAY_SUPERVISE, methods=("GET",))
def uncovered(request: StepRequest) -> HttpResponse:
    """Show what no clock, review date, master or rung covers."""
    found = clocks.list_uncovered(at=request.at)
    shown = UncoveredPage(
        tuple(_line(one) for one in found[:SHOWN]),
        ngettext("%(n)s gap", "%(n)s gaps", len(found)) % {"n": len(found)},
        values.Empty(
            _("Nothing can be forgotten."),
            _("Every open matter has a clock, a review date or a master, and somebody to tell."),
            icon="clipboard-check",
        ),
        *_shell(request, "uncovered"),
    )
    return page(request, "officer/uncovered.html", shown)


def _line(one: Uncovered) -> Line:
    is_matter = one.subject.kind == CASE and one.subject.key.isdigit()
    href = reverse("officer:matter", args=[int(one.subject.key)]) if is_matter else ""
    return Line(case_web.gap_words(one.why), one.number or str(one.subject), href, one.note)


@step(power=MANAGE_CALENDAR)
def calendar(request: StepRequest) -> HttpResponse:
    """Show the notices; preview what a new one moves; enter it once it is confirmed."""
    if request.method != "POST":
        return _calendar(request, _next_year(request), "", "")
    year, source = request.POST.get("year", "").strip(), request.POST.get("source", "").strip()
    rows = _rows(request)
    number = int(year) if year.isdigit() and len(year) == 4 else 0
    days, faults = clocks.read_notice(rows, year=number)
    notice = YearNotice(number, source[:200], days)
    faults = faults or clocks.faults_of(notice, at=request.at)
    if faults:
        return _calendar(request, year, source, rows, faults=faults)
    if request.POST.get("stage") != "confirm":
        moved = clocks.preview_notice(notice, scope=request.scope)
        return _calendar(request, year, source, rows, moves=_moves(cases.list_movements(moved)))
    return _enter(request, notice)


def _enter(request: StepRequest, notice: YearNotice) -> HttpResponse:
    def act(scope: Scope) -> dict[str, int]:
        return {"moved": len(clocks.load_notice(notice, scope=scope, at=request.at))}

    try:
        moved = perform_form(request, name="clocks.load_notice", effect=act).answer["moved"]
    except Refused as refused:
        messages.error(request, refused.spoken())
    else:
        words = _("The notice of %(year)s is entered; %(n)s dates moved, who waits is told.")
        messages.success(request, words % {"year": notice.year, "n": moved})
    return HttpResponseRedirect(reverse("officer:calendar"), status=303)


def _calendar(
    request: StepRequest,
    year: str,
    source: str,
    rows: str,
    *,
    faults: tuple[Fault, ...] = (),
    moves: Moves | None = None,
) -> HttpResponse:
    shown = CalendarPage(
        tuple(
            _("The holidays of %(year)s are not entered.") % {"year": missing}
            for missing in clocks.list_missing_years(at=request.at)
        ),
        clock_web.notice_lines(),
        year,
        source,
        rows,
        clock_web.row_errors(faults),
        moves,
        *_shell(request, "calendar"),
    )
    return page(request, "officer/calendar.html", shown, status=422 if faults else 200)


def _next_year(request: StepRequest) -> str:
    missing = clocks.list_missing_years(at=request.at)
    return str(missing[0] if missing else request.at.year + 1)


def _rows(request: StepRequest) -> str:
    """Return the table of an uploaded file, else what was typed."""
    given = request.FILES.get("file")
    if given is None or given.size is None or given.size > LARGEST_FILE:
        return str(request.POST.get("rows", ""))[:LARGEST_FILE]
    raw = given.read()
    try:
        return str(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return str(raw.decode("gb18030", errors="replace"))


@step(power=MANAGE_CALENDAR)
def limits(request: StepRequest) -> HttpResponse:
    """Show what a changed limit would move; ask that it holds for open matters too."""
    given = request.POST if request.method == "POST" else request.GET
    code, amount = given.get("code", ""), given.get("amount", "").strip()
    unit, source = given.get("unit", "WD"), given.get("source", "").strip()
    wrong, moves = "", None
    if code:
        value = {"amount": amount, "unit": unit}
        try:
            found = cases.preview_limit(code, value, scope=request.scope, at=request.at)
            moves = _moves(found.movements, left_out=found.extended)
            if request.method == "POST":
                return _ask_limit(request, cases.NewLimit(code, int(amount), unit, source))
        except Refused as refused:
            wrong = refused.spoken()
    shown = LimitsPage(
        code,
        amount,
        unit,
        clock_web.unit_choices(),
        case_web.limit_choices(),
        wrong,
        moves,
        source,
        *_shell(request, "limits"),
    )
    return page(request, "officer/limits.html", shown, status=422 if wrong else 200)


def _ask_limit(request: StepRequest, new: cases.NewLimit) -> HttpResponse:
    def act(scope: Scope) -> dict[str, int]:
        return {"wish": cases.ask_limit(new, scope=scope, at=request.at)}

    perform_form(request, name="cases.ask_limit", effect=act)
    messages.success(request, _("It waits for a second person. Nothing has moved yet."))
    return HttpResponseRedirect(reverse("officer:limits"), status=303)


@step(power=MAY_SUPERVISE)
def limit_changes(request: StepRequest) -> HttpResponse:
    """Show which changed limits wait for a second person; let one hold, or not."""
    if request.method == "POST":
        return _decide_limit(request)
    found = cases.list_limit_wishes(scope=request.scope, at=request.at)
    shown = LimitChangesPage(
        tuple(_wish_line(one) for one in found),
        values.Empty(
            _("No changed limit waits."),
            _("When somebody asks that a new limit holds for open matters too, it stands here."),
            icon="clipboard-check",
        ),
        *_shell(request, "limit_changes"),
    )
    return page(request, "officer/limit_changes.html", shown)


def _wish_line(one: cases.Wished) -> WishLine:
    names = dict(case_web.limit_choices())
    words = _("%(limit)s: %(budget)s from today, for open matters too") % {
        "limit": names.get(one.code, one.code),
        "budget": clock_web.budget_words(Budget(one.amount, Unit(one.unit))),
    }
    moves = _moves(one.preview.movements, left_out=one.preview.extended)
    return WishLine(one.id, words, one.source, one.mine, moves)


def _decide_limit(request: StepRequest) -> HttpResponse:
    given = request.POST.get("wish", "")
    wish = int(given) if given.isdigit() and len(given) < 10 else 0
    grant = request.POST.get("decision") == "grant"

    def act(scope: Scope) -> dict[str, int]:
        return {"moved": cases.decide_limit(wish, grant=grant, scope=scope, at=request.at).moved}

    try:
        moved = perform_form(request, name="cases.decide_limit", effect=act).answer["moved"]
    except Refused as refused:
        messages.error(request, refused.spoken())
    else:
        done = _("The limit holds; %(n)s dates moved, who waits is told.") % {"n": moved}
        messages.success(request, done if grant else _("The limit stays as it is."))
    return HttpResponseRedirect(reverse("officer:limit_changes"), status=303)


def _moves(found: tuple[cases.Movement, ...], *, left_out: int = 0) -> Moves:
    n = len(found)
    words = ngettext("%(n)s date would move.", "%(n)s dates would move.", n) % {"n": n}
    if left_out:
        words += _("%(n)s extended dates are left out.") % {"n": left_out}
    return Moves(words, case_web.moved_rows(found[:SHOWN]))
