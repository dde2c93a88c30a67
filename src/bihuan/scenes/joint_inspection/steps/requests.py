"""A patrol asks for an inspection; the department approves or refuses with a reason."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.kernel.affairs.fieldwork import api as fieldwork
from bihuan.kernel.affairs.fieldwork.types import MAY_PATROL
from bihuan.kernel.affairs.fieldwork.types.inspections import (
    MAY_DECIDE_REQUESTS,
    InspectionRequest,
    NewRequest,
)
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import SIGNED_IN, Scope, UnitId
from bihuan.kernel.stage.api import StepRequest, perform_form, step
from bihuan.platform.web.errors import NotAllowed, Refused
from bihuan.platform.web.pages import page
from bihuan.scenes.joint_inspection import planning
from bihuan.scenes.joint_inspection.types import LINES
from bihuan.scenes.joint_inspection.words import line_words


@dataclass(frozen=True, slots=True)
class Line:
    """One wish: at which firm, to whom, why, what was decided."""

    request: InspectionRequest
    firm: str
    unit: str
    open: bool
    may_decide: bool


@dataclass(frozen=True, slots=True)
class RequestsPage:
    """Own findings from which one may ask, departments, and the wishes so far."""

    findings: tuple[tuple[str, str], ...]
    units: tuple[tuple[int, str], ...]
    lines: tuple[Line, ...]
    request_id: str
    fault: str


@step(power=SIGNED_IN)
def show(request: StepRequest) -> HttpResponse:
    """Show the wishes; take one in, or decide on one."""
    if not (request.scope.has(MAY_PATROL) or request.scope.has(MAY_DECIDE_REQUESTS)):
        raise NotAllowed("This page belongs to another post. Ask your unit if you need it.")
    if request.method != "POST":
        return _page(request, "")
    try:
        perform_form(
            request, name="joint_inspection.request", effect=lambda scope: _act(request, scope)
        )
    except Refused as refused:
        return _page(request, refused.spoken(), status=refused.status)
    messages.success(request, _("Kept."))
    return HttpResponseRedirect(reverse("joint_inspection:requests"), status=303)


def _act(request: StepRequest, scope: Scope) -> dict[str, Any]:
    given = request.POST
    try:
        key = uuid.UUID(given.get("request_id", ""))
        if "decide" in given:
            done = fieldwork.decide_request(
                key,
                approve=given["decide"] == "approve",
                reason=given.get("reason", ""),
                scope=scope,
                at=request.at,
            )
        else:
            finding = uuid.UUID(given.get("finding", ""))
            new = NewRequest(
                key, finding, UnitId(int(given.get("unit", "0"))), given.get("reason", "")
            )
            done = fieldwork.request_inspection(new, scope=scope, at=request.at)
    except ValueError as error:
        raise Refused("Choose what was found, and the department.", code="form") from error
    return {"request": str(done.id)}


def _page(request: StepRequest, fault: str, *, status: int = 200) -> HttpResponse:
    scope = request.scope
    found = (
        fieldwork.list_own_findings(scope=scope, since=request.at - timedelta(days=30))
        if scope.has(MAY_PATROL)
        else ()
    )
    wishes = fieldwork.list_requests(scope=scope)
    firms = registry.organisations_by_id(
        [f.organisation_id for f in found if f.organisation_id]
        + [w.organisation_id for w in wishes]
    )
    path = scope.area_paths[0] if scope.area_paths else ""
    near = planning.departments_of(path, LINES) if found else {}
    units = registry.units_by_id(w.unit_id for w in wishes)
    shown = RequestsPage(
        findings=tuple(
            (str(f.id), f"{firms[f.organisation_id].name}：{f.text[:30]}")
            for f in found
            if f.organisation_id in firms
        ),
        units=tuple((unit.id, f"{unit.name}（{line_words(line)}）") for line, unit in near.items()),
        lines=tuple(
            Line(
                w,
                firms[w.organisation_id].name,
                units[w.unit_id].name,
                w.decided_at is None,
                w.unit_id in scope.unit_ids and scope.has(MAY_DECIDE_REQUESTS),
            )
            for w in wishes
        ),
        request_id=str(uuid.uuid4()),
        fault=fault,
    )
    return page(request, "joint_inspection/requests.html", shown, status=status)
