"""Reporting what a patrol saw, on a page that works without script."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.kernel.affairs.cases import web as case_web
from bihuan.kernel.affairs.fieldwork import api as fieldwork
from bihuan.kernel.affairs.fieldwork.types import MAY_PATROL, Domain, NewPatrol, PatrolFinding
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import AreaPath, OrganisationId, Scope
from bihuan.kernel.stage.api import StepRequest, perform_form, step
from bihuan.platform.web.errors import Refused
from bihuan.platform.web.pages import page
from bihuan.scenes.industrial_grid.scene import CLASSES


class ReportForm(forms.Form):
    """What a grid worker types."""

    text = forms.CharField(label=gettext_lazy("What did you see?"), max_length=1000)
    photos = case_web.PhotosField(label=gettext_lazy("Photos"), required=False)
    organisation = forms.UUIDField(label=gettext_lazy("Which firm?"), required=False)
    domain = forms.ChoiceField(choices=[(d.value, d.value) for d in Domain], initial="fire")
    place = forms.CharField(label=gettext_lazy("Where exactly?"), max_length=120, required=False)
    looks_major = forms.BooleanField(label=gettext_lazy("It looks dangerous"), required=False)


@dataclass(frozen=True, slots=True)
class ReportPage:
    """The form, the firms of the grid, the domains, what is wrong."""

    form: ReportForm
    firms: tuple[tuple[str, str], ...]
    domains: tuple[tuple[str, str], ...]
    visit_id: str
    finding_id: str
    fault: str


@step(power=MAY_PATROL)
def show(request: StepRequest) -> HttpResponse:
    """Show the form; take in what was seen."""
    if request.method != "POST":
        return _page(request, ReportForm(initial=request.GET.dict()), "")
    form = ReportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, "", status=422)
    try:
        _take_in(request, form)
    except Refused as refused:
        return _page(request, form, refused.spoken(), status=refused.status)
    messages.success(request, _("Received by the centre. It becomes a matter with a deadline."))
    return HttpResponseRedirect("/field/", status=303)


def _take_in(request: StepRequest, form: ReportForm) -> None:
    given = form.cleaned_data
    firm = given["organisation"]
    visit = NewPatrol(
        visit_id=_id(request.POST.get("visit_id", "")),
        area_path=_area(request.scope),
        organisation_id=OrganisationId(firm) if firm else None,
    )
    finding = PatrolFinding(
        finding_id=_id(request.POST.get("finding_id", "")),
        domain=Domain(given["domain"]),
        text=given["text"],
        looks_major=given["looks_major"],
        place=given["place"],
        photos=case_web.receive_photos(given["photos"], at=request.at),
    )

    def effect(scope: Scope) -> dict[str, Any]:
        seen, _found = fieldwork.record_patrol(
            visit, findings=[finding], scope=scope, at=request.at
        )
        return {"visit": str(seen.id)}

    perform_form(request, name="industrial_grid.report", effect=effect)


def _id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.uuid4()


def _area(scope: Scope) -> AreaPath:
    if not scope.area_paths:
        raise Refused("Your post has no grid. Ask the grid leader.")
    return scope.area_paths[0]


def _page(request: StepRequest, form: ReportForm, fault: str, *, status: int = 200) -> HttpResponse:
    below = _area(request.scope)
    firms = registry.list_organisations(scope=request.scope, below=below)
    shown = ReportPage(
        form=form,
        firms=tuple((str(firm.id), firm.name) for firm in firms),
        domains=tuple((c.code, _(c.title)) for c in CLASSES),
        visit_id=str(uuid.uuid4()),
        finding_id=str(uuid.uuid4()),
        fault=fault,
    )
    return page(request, "industrial_grid/report.html", shown, status=status)
