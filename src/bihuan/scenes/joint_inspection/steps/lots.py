"""The draw, for anybody: the seed, the pool, and whether drawing again gives the same."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from django.http import HttpResponse

from bihuan.kernel.ground.registry.types import EVERYBODY
from bihuan.kernel.stage.api import StepRequest, step
from bihuan.platform.web.pages import page
from bihuan.scenes.joint_inspection import planning, queries
from bihuan.scenes.joint_inspection.types import Plan, PlanId


@dataclass(frozen=True, slots=True)
class LotsPage:
    """A published plan and what drawing it again now gave."""

    plan: Plan
    again: planning.Redrawn


@step(power=EVERYBODY, methods=("GET",))
def show(request: StepRequest, plan_id: int) -> HttpResponse:
    """Show the draw of a published plan, drawn again for this reader."""
    plan = queries.get_public_plan(PlanId(plan_id))
    return page(
        request, "joint_inspection/lots.html", LotsPage(plan, planning.redraw(PlanId(plan_id)))
    )


@step(power=EVERYBODY, methods=("GET",))
def sheet(request: StepRequest, plan_id: int) -> HttpResponse:
    """Hand out seed, pool and result, so that anybody can draw again with a tool of their own."""
    queries.get_public_plan(PlanId(plan_id))
    out = io.StringIO()
    csv.writer(out).writerows(queries.draw_lines(PlanId(plan_id)))
    return HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
