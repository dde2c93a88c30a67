"""Papers of a matter: the answer letter, the case file, what was issued already."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.desks.officer.shell import nav_of, place_of
from bihuan.desks.officer.worklist import source_words
from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases import web as case_web
from bihuan.kernel.affairs.cases.types import MAY_PRINT_FILES, CaseId, CaseView, case_ref
from bihuan.kernel.ground.privacy import api as privacy
from bihuan.kernel.ground.privacy.types import Asked
from bihuan.kernel.ground.registry.types import HANDLING, SIGNED_IN, Field, PersonId, Scope
from bihuan.kernel.ground.registry.web import command_id_of, who_of, with_command
from bihuan.kernel.stage.api import StepRequest, perform_form, step
from bihuan.kernel.tools.documents import api as documents
from bihuan.kernel.tools.documents.types import MAY_WITHDRAW, Paper, PaperId, PaperState
from bihuan.platform.ui import values
from bihuan.platform.ui.words import moment_words
from bihuan.platform.web.errors import NotFound, Refused
from bihuan.platform.web.pages import page

LETTER, FILE = "letter", "file"


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One issued paper as the list shows it."""

    id: int
    href: str
    """Empty when it was printed once with clear values."""
    title: str
    number: str
    when: str
    unit: str
    state: str
    holds: bool


@dataclass(frozen=True, slots=True)
class PapersPage:
    """What can be printed about a matter, and what was."""

    view: CaseView
    lines: tuple[PaperLine, ...]
    may_letter: bool
    may_file: bool
    may_clear: bool
    may_withdraw: bool
    fault: str
    reason: str
    back: str
    nav: tuple[values.NavLink, ...]
    who: str
    place: str


@step(power=SIGNED_IN)
def papers(request: StepRequest, case_id: int) -> HttpResponse:
    """Show what was issued about a matter; issue the letter or the case file."""
    view = cases.get_case_at_work(CaseId(case_id), scope=request.scope, at=request.at)
    if request.method != "POST":
        return _show(request, view)
    try:
        return _issue(request, view, request.POST.get("what", ""))
    except Refused as refused:
        return _show(request, view, fault=refused.spoken(), status=refused.status)


def _issue(request: StepRequest, view: CaseView, what: str) -> HttpResponse:
    def letter(scope: Scope, root: str) -> Paper:
        return case_web.issue_letter(view, root=root, scope=scope, at=request.at)

    def file(scope: Scope, root: str) -> Paper:
        came = source_words(view.source)
        return case_web.issue_file(view, came_by=came, root=root, scope=scope, at=request.at).paper

    ways: dict[str, Callable[[Scope, str], Paper]] = {LETTER: letter, FILE: file}
    if what not in ways:
        raise Refused("Choose what to print.")
    root = _root(request)

    def effect(scope: Scope) -> dict[str, Any]:
        made = ways[what](scope, root)
        return {"paper": made.id, "number": made.number}

    answer = perform_form(request, name=f"officer.print_{what}", effect=effect).answer
    return HttpResponseRedirect(reverse("paper", args=[answer["paper"]]), status=303)


def _root(request: StepRequest) -> str:
    return request.build_absolute_uri(reverse("verify_paper"))


def _show(
    request: StepRequest, view: CaseView, *, fault: str = "", status: int = 200
) -> HttpResponse:
    found = documents.list_papers(case_ref(view.id), scope=request.scope)
    may_file = request.scope.has(MAY_PRINT_FILES)
    shown = PapersPage(
        view=view,
        lines=tuple(_line(paper, request) for paper in found),
        may_letter=case_web.is_answered(view),
        may_file=may_file,
        may_clear=may_file and _person_of(view) is not None,
        may_withdraw=request.scope.has(MAY_WITHDRAW),
        fault=fault,
        reason=request.POST.get("reason", ""),
        back=reverse("officer:matter", args=[view.id]),
        nav=nav_of(request.scope, ""),
        who=who_of(request),
        place=place_of(request.scope),
    )
    return page(request, "officer/papers.html", shown, status=status)


def _line(paper: Paper, request: StepRequest) -> PaperLine:
    states = {
        PaperState.VALID: _("holds"),
        PaperState.REPLACED: _("replaced"),
        PaperState.WITHDRAWN: _("holds no more"),
    }
    return PaperLine(
        id=paper.id,
        href=reverse("paper", args=[paper.id]) if paper.kept else "",
        title=_(paper.title),
        number=paper.number,
        when=moment_words(paper.issued_at, request.at),
        unit=paper.unit_name,
        state=states[paper.state],
        holds=paper.state is PaperState.VALID,
    )


def _person_of(view: CaseView) -> PersonId | None:
    if view.raised_by is None or view.raised_by.kind != "registry.person":
        return None
    return PersonId(UUID(view.raised_by.key))


@step(power=MAY_PRINT_FILES, methods=("POST",))
def print_clear(request: StepRequest, case_id: int) -> HttpResponse:
    """Print the case file once with name and phone; each is a look with its reason."""
    view = cases.get_case_at_work(CaseId(case_id), scope=request.scope, at=request.at)
    person_id = _person_of(view)
    if person_id is None:
        raise NotFound("Nobody gave a name with this matter.")
    reason = request.POST.get("reason", "")
    command = command_id_of(request)

    def look(field: Field) -> str:
        asked = Asked(person_id, field, HANDLING, reason, case_ref(view.id))
        own = uuid.uuid5(command, field.value)
        return privacy.reveal(asked, scope=with_command(request.scope, own), at=request.at).value

    try:
        clear = case_web.Clear(look(Field.NAME), look(Field.PHONE), reason.strip())
        printed = case_web.issue_file(
            view,
            came_by=source_words(view.source),
            root=_root(request),
            scope=with_command(request.scope, command),
            at=request.at,
            clear=clear,
        )
    except Refused as refused:
        return _show(request, view, fault=refused.spoken(), status=refused.status)
    answer = HttpResponse(printed.body, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{printed.paper.number}.pdf"'
    answer.headers["Cache-Control"] = "no-store, private"
    return answer


@step(power=MAY_WITHDRAW, methods=("POST",))
def withdraw(request: StepRequest, paper_id: int) -> HttpResponse:
    """Declare a paper invalid, with the reason."""
    paper = documents.get_paper(PaperId(paper_id), scope=request.scope)
    words = request.POST.get("words", "")

    def effect(scope: Scope) -> dict[str, Any]:
        done = documents.withdraw(paper.id, words=words, scope=scope, at=request.at)
        return {"number": done.number}

    try:
        perform_form(request, name="officer.withdraw_paper", effect=effect)
    except Refused as refused:
        messages.error(request, refused.spoken())
    else:
        messages.success(request, _("%(number)s is withdrawn.") % {"number": paper.number})
    return HttpResponseRedirect(
        reverse("officer:papers", args=[int(paper.subject.key)]), status=303
    )
