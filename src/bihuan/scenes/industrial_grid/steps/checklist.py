"""Filling in the patrol checklist, on a page that works without script."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.kernel.affairs.fieldwork.types import MAY_PATROL
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import AreaPath, OrganisationId, Scope
from bihuan.kernel.stage.api import StepRequest, perform_form, step
from bihuan.kernel.tools.assessments import api as assessments
from bihuan.kernel.tools.assessments import web as sheets
from bihuan.kernel.tools.assessments.types import Answers, Fault, Version, VersionId
from bihuan.platform.clock import business_date
from bihuan.platform.web.errors import Refused
from bihuan.platform.web.pages import page
from bihuan.scenes.industrial_grid.checking import PATROL, Filled, fill


@dataclass(frozen=True, slots=True)
class ChecklistPage:
    """The sheet, the firms of the grid, the ids that make a second sending harmless."""

    sheet: sheets.Sheet
    firms: tuple[tuple[str, str], ...]
    firm: str
    assessment_id: str
    visit_id: str
    fault: str


@step(power=MAY_PATROL)
def show(request: StepRequest) -> HttpResponse:
    """Show the checklist; take it in."""
    version = _version(request)
    if request.method != "POST":
        return _page(request, version, {})
    try:
        answers = sheets.read_answers(version, request, at=request.at)
    except Refused as refused:
        return _page(request, version, {}, fault=refused.spoken(), status=422)
    if sheets.wants_redrawing(request):
        return _page(request, version, answers)
    try:
        failed = _take_in(request, version, answers)
    except assessments.UnableToRecordAssessment as refused:
        return _page(request, version, answers, refused.faults, refused.spoken(), status=422)
    except Refused as refused:
        return _page(request, version, answers, fault=refused.spoken(), status=refused.status)
    messages.success(request, _said(failed))
    done = reverse("assessments:result", args=[_id(request, "assessment_id")])
    return HttpResponseRedirect(done, status=303)


def _version(request: StepRequest) -> Version:
    """Return the version in which the form was drawn, or the one of today."""
    drawn = request.POST.get("version_id", "")
    if drawn.isdecimal() and len(drawn) < 12:
        version = assessments.get_version(VersionId(int(drawn)))
        if version.code == PATROL:
            return version
    return assessments.get_offered(PATROL, on=business_date(request.at))


def _take_in(request: StepRequest, version: Version, answers: Answers) -> int:
    firm = request.POST.get("organisation", "")
    filled = Filled(
        assessment_id=_id(request, "assessment_id"),
        visit_id=_id(request, "visit_id"),
        version_id=version.id,
        area_path=_area(request.scope),
        answers=answers,
        organisation_id=OrganisationId(_uuid(firm)) if firm else None,
    )

    def effect(scope: Scope) -> dict[str, Any]:
        _made, found = fill(filled, scope=scope, at=request.at)
        return {"failed": len(found)}

    performed = perform_form(request, name="industrial_grid.checklist", effect=effect)
    return int(performed.answer["failed"])


def _said(failed: int) -> str:
    if not failed:
        return _("Received by the centre. Nothing was out of order.")
    words = ngettext(
        "Received by the centre. %(n)s item goes on: as advice to the firm or as a matter.",
        "Received by the centre. %(n)s items go on: as advice to the firm or as matters.",
        failed,
    )
    return words % {"n": failed}


def _id(request: StepRequest, name: str) -> uuid.UUID:
    return _uuid(request.POST.get(name, ""))


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise Refused("The form is incomplete. Open it afresh.", code="form") from error


def _area(scope: Scope) -> AreaPath:
    if not scope.area_paths:
        raise Refused("Your post has no grid. Ask the grid leader.")
    return scope.area_paths[0]


def _page(
    request: StepRequest,
    version: Version,
    answers: Answers,
    faults: tuple[Fault, ...] = (),
    fault: str = "",
    *,
    status: int = 200,
) -> HttpResponse:
    firms = registry.list_organisations(scope=request.scope, below=_area(request.scope))
    given = request.POST if request.method == "POST" else request.GET
    shown = ChecklistPage(
        sheet=sheets.sheet_of(version, answers, faults),
        firms=tuple((str(firm.id), firm.name) for firm in firms),
        firm=given.get("organisation", ""),
        assessment_id=given.get("assessment_id") or str(uuid.uuid4()),
        visit_id=given.get("visit_id") or str(uuid.uuid4()),
        fault=fault,
    )
    return page(request, "industrial_grid/checklist.html", shown, status=status)
