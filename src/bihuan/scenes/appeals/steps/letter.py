"""The answer letter for who asked: with number and receipt code, or with one's account."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases import web as case_web
from bihuan.kernel.affairs.cases.types import CaseId, CaseView, case_ref
from bihuan.kernel.ground.registry.types import EVERYBODY, SIGNED_IN, Scope
from bihuan.kernel.stage.api import StepRequest, perform_form, step
from bihuan.kernel.tools.documents import api as documents
from bihuan.kernel.tools.documents import web as papers
from bihuan.kernel.tools.documents.types import Paper
from bihuan.platform.web.errors import NotFound
from bihuan.scenes.appeals.steps.holding import held


@step(power=EVERYBODY)
def by_receipt(request: StepRequest, number: str) -> HttpResponse:
    """Issue the letter to whoever holds number and receipt code; a GET hands out the last one."""
    view = cases.get_case_by_receipt(number, held(request, number), scope=request.scope)
    if request.method != "POST":
        return papers.hand_out_paper(_last(view, documents.seen_papers(case_ref(view.id))))
    return _issue(request, view, reverse("appeals:letter", args=[view.number]))


@step(power=SIGNED_IN)
def own(request: StepRequest, case_id: int) -> HttpResponse:
    """Issue the letter to who raised the matter; a GET hands out the last one."""
    view = cases.get_case(CaseId(case_id), scope=request.scope)
    if request.method != "POST":
        found = documents.list_papers(case_ref(view.id), scope=request.scope)
        return papers.hand_out_paper(_last(view, found))
    return _issue(request, view, reverse("appeals:own_letter", args=[view.id]))


def _issue(request: StepRequest, view: CaseView, href: str) -> HttpResponse:
    root = request.build_absolute_uri(reverse("verify_paper"))

    def effect(scope: Scope) -> dict[str, Any]:
        letter = case_web.issue_letter(view, root=root, scope=scope, at=request.at)
        return {"paper": letter.id, "number": letter.number}

    perform_form(request, name="appeals.letter", effect=effect)
    return HttpResponseRedirect(href, status=303)


def _last(view: CaseView, found: tuple[Paper, ...]) -> Paper:
    """Return the newest letter.

    Raises:
        NotFound: none was issued yet.
    """
    for paper in found:
        if paper.kind == case_web.LETTER:
            return paper
    raise NotFound("No letter was issued yet. Ask for it on the page of your matter.")
