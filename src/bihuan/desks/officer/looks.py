"""Seeing one clear value once; and, for the auditor, who looked at what."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.desks.officer.shell import nav_of, place_of
from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.types import CaseId, CaseView, case_ref
from bihuan.kernel.ground.privacy import api as privacy
from bihuan.kernel.ground.privacy import web as privacy_web
from bihuan.kernel.ground.privacy.types import (
    MAY_AUDIT,
    LookFilter,
    LookKind,
    Revealed,
)
from bihuan.kernel.ground.registry.types import SIGNED_IN, PersonId
from bihuan.kernel.ground.registry.web import command_id_of, who_of, with_command
from bihuan.kernel.stage.api import StepRequest, step
from bihuan.platform.ui import values
from bihuan.platform.ui.words import clock_words, moment_words
from bihuan.platform.web.errors import NotFound, Refused
from bihuan.platform.web.pages import page


@dataclass(frozen=True, slots=True)
class Shell:
    """What every page of this desk has."""

    nav: tuple[values.NavLink, ...]
    who: str
    place: str


@dataclass(frozen=True, slots=True)
class RevealPage(Shell):
    """The form, after a refusal or without the matter beside it."""

    view: CaseView
    card: privacy_web.UnmaskCard
    back: str


@dataclass(frozen=True, slots=True)
class RevealedPage(Shell):
    """One clear value, for this screen and these minutes."""

    view: CaseView
    name: str
    what: str
    value: str
    until: str
    in_danger: bool
    back: str


@dataclass(frozen=True, slots=True)
class KindChoice:
    """One kind of line to filter by."""

    value: str
    words: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class LooksPage(Shell):
    """Who looked at what, as filtered."""

    lines: tuple[privacy_web.LookLine, ...]
    kinds: tuple[KindChoice, ...]
    given: dict[str, str]
    query: str
    clear: str
    next_href: str
    empty: values.Empty
    fault: str = ""


def _shell(request: StepRequest, here: str) -> tuple[tuple[values.NavLink, ...], str, str]:
    return nav_of(request.scope, here), who_of(request), place_of(request.scope)


def card_of(
    view: CaseView, request: StepRequest, *, fault: str = ""
) -> privacy_web.UnmaskCard | None:
    """Return the form by which the asker may see who raised a matter, or None."""
    if view.raised_by is None or view.raised_by.kind != "registry.person":
        return None
    return privacy_web.unmask_card(
        PersonId(UUID(view.raised_by.key)),
        case_ref(view.id),
        action=reverse("officer:reveal", args=[view.id]),
        scope=request.scope,
        at=request.at,
        chosen=request.POST.dict() if fault else None,
        fault=fault,
    )


@step(power=SIGNED_IN)
def reveal(request: StepRequest, case_id: int) -> HttpResponse:
    """Show one clear value once, for a few minutes; never kept, never sent twice."""
    view = cases.get_case(CaseId(case_id), scope=request.scope, at=request.at)
    back = reverse("officer:matter", args=[view.id])
    if request.method != "POST":
        return HttpResponseRedirect(back)
    if view.raised_by is None or view.raised_by.kind != "registry.person":
        raise NotFound("Nothing like this is in your care.")
    person_id = PersonId(UUID(view.raised_by.key))
    scope = with_command(request.scope, command_id_of(request))
    try:
        asked = privacy_web.read_asked(
            request.POST.dict(), person_id=person_id, subject=case_ref(view.id)
        )
        shown = privacy.reveal(asked, scope=scope, at=request.at)
    except privacy.ShownAlready as shown_already:
        messages.error(request, shown_already.spoken())
        return HttpResponseRedirect(back, status=303)
    except Refused as refused:
        card = card_of(view, request, fault=refused.spoken())
        if card is None:
            raise
        refusal = RevealPage(*_shell(request, ""), view, card, back)
        return page(request, "officer/reveal.html", refusal, status=refused.status)
    return _once(request, view, shown, back)


def _once(request: StepRequest, view: CaseView, shown: Revealed, back: str) -> HttpResponse:
    """Return the page with the value; no cache keeps it, and it leaves when its time is over."""
    value = RevealedPage(
        *_shell(request, ""),
        view,
        name=_("Who raised it"),
        what=str(privacy_web.FIELD_WORDS[shown.field.value]),
        value=shown.value,
        until=clock_words(shown.until),
        in_danger=shown.glass,
        back=back,
    )
    answer = page(request, "officer/revealed.html", value)
    seconds = int((shown.until - request.at).total_seconds())
    answer.headers["Cache-Control"] = "no-store, private"
    answer.headers["Refresh"] = f"{seconds}; url={back}"
    return answer


# -- the auditor ----------------------------------------------------------------------------------

FILTERS = ("kind", "since", "until", "asker", "person")


@step(power=MAY_AUDIT, methods=("GET",))
def looks(request: StepRequest) -> HttpResponse:
    """Show who looked at what, by person, kind and day; the filters stand in the address."""
    return _looks(request, request.GET)


def _looks(request: StepRequest, asked: QueryDict, *, fault: str = "") -> HttpResponse:
    given = _given(asked)
    found = privacy.list_looks(
        _wanted(given), scope=request.scope, after=str(asked.get("after", ""))
    )
    refs = {row.subject for row in found.rows if row.subject}
    titles = cases.titles_of(refs, scope=request.scope)
    query, here = urlencode(given), reverse("officer:looks")
    shown = LooksPage(
        *_shell(request, "looks"),
        lines=privacy_web.look_lines(found.rows, now=request.at, titles=titles),
        kinds=tuple(
            KindChoice(kind.value, str(words), given.get("kind") == kind.value)
            for kind, words in privacy_web.KIND_WORDS.items()
        ),
        given=given,
        query=query,
        clear=here,
        next_href=f"{here}?{urlencode(given | {'after': found.after})}" if found.after else "",
        empty=values.Empty(_("Nobody looked at anything like this."), "", here, _("Show all")),
        fault=fault,
    )
    return page(request, "officer/looks.html", shown, status=422 if fault else 200)


def _given(asked: QueryDict) -> dict[str, str]:
    return {name: str(asked[name]) for name in FILTERS if asked.get(name)}


def _wanted(given: dict[str, str]) -> LookFilter:
    """Return the filter that an address spells; what cannot be read filters nothing out."""
    kinds = {kind.value: kind for kind in LookKind}
    return LookFilter(
        asker=_person(given.get("asker", "")),
        person=_person(given.get("person", "")),
        kind=kinds.get(given.get("kind", "")),
        since=_day(given.get("since", "")),
        until=_day(given.get("until", "")),
    )


def _person(text: str) -> PersonId | None:
    try:
        return PersonId(UUID(text))
    except ValueError:
        return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@step(power=MAY_AUDIT, methods=("POST",))
def export(request: StepRequest) -> HttpResponse:
    """Give the lines as a table; that they were taken out is written down."""
    asked = QueryDict(request.POST.get("query", ""))
    given = _given(asked)
    reason = request.POST.get("reason", "")
    try:
        rows = privacy.export_looks(
            _wanted(given), reason=reason, scope=request.scope, at=request.at
        )
    except Refused as refused:
        return _looks(request, asked, fault=refused.spoken())
    lines = privacy_web.look_lines(rows, now=request.at)
    answer = HttpResponse(_table(request, lines), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="looks.csv"'
    answer.headers["Cache-Control"] = "no-store, private"
    return answer


def _table(request: StepRequest, lines: tuple[privacy_web.LookLine, ...]) -> str:
    """Return the lines as CSV; the first line says who took them out, and when."""
    text = io.StringIO()
    writer = csv.writer(text)
    taken = _("Taken out by %(who)s, %(when)s; for audit only") % {
        "who": who_of(request),
        "when": moment_words(request.at, request.at),
    }
    writer.writerow([taken])
    writer.writerow(
        [
            _("When"),
            _("Who"),
            _("Post"),
            _("Whose"),
            _("What was seen"),
            _("Purpose"),
            _("Reason"),
            _("What came of it"),
        ]
    )
    for line in lines:
        cells = (
            line.when,
            line.who,
            line.where,
            line.whose,
            line.what,
            line.why,
            line.reason,
            line.kind,
        )
        writer.writerow([_harmless(cell) for cell in cells])
    return "\ufeff" + text.getvalue()


def _harmless(cell: str) -> str:
    """Return a cell that no table program takes for a formula."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t"} else cell
