"""Plans: draft one by lot, review it in law, publish it; what merging saves stands beside it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.ground.registry.web import who_of
from bihuan.kernel.stage.api import StepRequest, perform_form, step
from bihuan.platform import clock
from bihuan.platform.ui import values
from bihuan.platform.web.errors import NotFound, Refused
from bihuan.platform.web.pages import page
from bihuan.scenes.joint_inspection import planning, queries
from bihuan.scenes.joint_inspection.steps.common import nav_of
from bihuan.scenes.joint_inspection.types import (
    MAY_PLAN,
    MAY_REVIEW,
    MAY_SEE,
    Plan,
    PlanId,
    Task,
)


@dataclass(frozen=True, slots=True)
class PlansPage:
    """The plans, and the year that may be drafted."""

    plans: tuple[Plan, ...]
    year: int
    may_plan: bool
    fault: str
    nav: tuple[values.NavLink, ...]
    who: str


@dataclass(frozen=True, slots=True)
class PlanPage:
    """One plan, its next step, its first visits."""

    plan: Plan
    saved: int
    tasks: tuple[Task, ...]
    may_review: bool
    may_publish: bool
    fault: str
    nav: tuple[values.NavLink, ...]
    who: str


@step(power=MAY_SEE)
def show(request: StepRequest) -> HttpResponse:
    """Show the plans; draft the next year's."""
    if request.method != "POST":
        return _list(request, "")
    year = request.POST.get("year", "")
    path = request.scope.area_paths[0] if request.scope.area_paths else ""
    area = path.strip("/").rsplit("/", 1)[-1]
    try:
        if not (year.isdecimal() and 2000 < int(year) < 2100):
            raise planning.UnableToPlan("Name a year.", field="year")

        def effect(scope: Scope) -> dict[str, Any]:
            made = planning.draft_plan(
                area, int(year), seed=secrets.token_hex(16), scope=scope, at=request.at
            )
            return {"plan": made.plan_id}

        done = perform_form(request, name="joint_inspection.plan", effect=effect).answer
    except Refused as refused:
        return _list(request, refused.spoken(), status=refused.status)
    return HttpResponseRedirect(reverse("joint_inspection:plan", args=[done["plan"]]), status=303)


def _list(request: StepRequest, fault: str, *, status: int = 200) -> HttpResponse:
    shown = PlansPage(
        plans=queries.list_plans(scope=request.scope),
        year=clock.business_date(request.at).year + 1,
        may_plan=request.scope.has(MAY_PLAN),
        fault=fault,
        nav=nav_of(request, "plans"),
        who=who_of(request),
    )
    return page(request, "joint_inspection/plans.html", shown, status=status)


@step(power=MAY_SEE)
def act(request: StepRequest, plan_id: int) -> HttpResponse:
    """Show a plan; take its review or its publication."""
    found = next((p for p in queries.list_plans(scope=request.scope) if p.id == plan_id), None)
    if found is None:
        raise NotFound("There is no such plan in your care.")
    if request.method != "POST":
        return _one(request, found, "")

    def effect(scope: Scope) -> dict[str, Any]:
        key = PlanId(plan_id)
        if "review" in request.POST:
            words = request.POST.get("opinion", "")
            planning.review_plan(key, opinion=words, scope=scope, at=request.at)
        else:
            planning.publish_plan(key, scope=scope, at=request.at)
        return {"plan": plan_id}

    try:
        perform_form(request, name="joint_inspection.plan_act", effect=effect)
    except Refused as refused:
        return _one(request, found, refused.spoken(), status=refused.status)
    messages.success(request, _("Kept."))
    return HttpResponseRedirect(reverse("joint_inspection:plan", args=[plan_id]), status=303)


def _one(request: StepRequest, plan: Plan, fault: str, *, status: int = 200) -> HttpResponse:
    shown = PlanPage(
        plan=plan,
        saved=round(100 * (1 - plan.after / plan.before)) if plan.before else 0,
        tasks=queries.list_tasks(scope=request.scope, plan_id=plan.id),
        may_review=request.scope.has(MAY_REVIEW) and plan.reviewed_at is None,
        may_publish=request.scope.has(MAY_PLAN)
        and plan.reviewed_at is not None
        and plan.published_at is None,
        fault=fault,
        nav=nav_of(request, "plans"),
        who=who_of(request),
    )
    return page(request, "joint_inspection/plan.html", shown, status=status)
