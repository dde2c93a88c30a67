"""Visits at the desk: approve, exempt, give notice, tell the result, publish, issue a document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.ground.registry.web import who_of
from bihuan.kernel.stage.api import StepRequest, perform_form, step
from bihuan.kernel.tools.codes import api as codes
from bihuan.kernel.tools.codes.types import CodeId
from bihuan.kernel.tools.documents import api as documents
from bihuan.kernel.tools.documents.types import Paper
from bihuan.platform.ui import values
from bihuan.platform.web.errors import Refused
from bihuan.platform.web.pages import page
from bihuan.scenes.joint_inspection import letters, queries, visits
from bihuan.scenes.joint_inspection.steps.common import nav_of
from bihuan.scenes.joint_inspection.types import (
    MAY_APPROVE,
    MAY_EXEMPT,
    MAY_SEE,
    PartId,
    Step,
    Task,
    TaskId,
    task_ref,
)
from bihuan.scenes.joint_inspection.words import line_words, step_words


@dataclass(frozen=True, slots=True)
class TasksPage:
    """Visits by day."""

    rows: tuple[tuple[Task, str], ...]
    count: int
    nav: tuple[values.NavLink, ...]
    who: str


@dataclass(frozen=True, slots=True)
class TaskPage:
    """One visit: its departments, its next step, its documents."""

    task: Task
    step: str
    parts: tuple[tuple[str, Any], ...]
    next: str
    may_exempt: bool
    may_begin: bool
    code_text: str
    documents: tuple[tuple[str, str], ...]
    papers: tuple[Paper, ...]
    fault: str
    nav: tuple[values.NavLink, ...]
    who: str


@step(power=MAY_SEE, methods=("GET",))
def show(request: StepRequest) -> HttpResponse:
    """Show the visits in the reader's care, or his own only."""
    mine = "mine" in request.GET
    found = queries.list_tasks(scope=request.scope, mine=mine)
    shown = TasksPage(
        rows=tuple((task, step_words(task.step)) for task in found),
        count=queries.count_tasks(scope=request.scope),
        nav=nav_of(request, "tasks"),
        who=who_of(request),
    )
    return page(request, "joint_inspection/tasks.html", shown)


@step(power=MAY_SEE)
def one(request: StepRequest, task_id: int) -> HttpResponse:
    """Show a visit; take its next step."""
    task = queries.get_task(TaskId(task_id), scope=request.scope)
    if request.method != "POST":
        return _page(request, task, "")
    try:
        perform_form(
            request,
            name="joint_inspection.task",
            effect=lambda scope: _act(request, task, scope),
        )
    except Refused as refused:
        return _page(request, task, refused.spoken(), status=refused.status)
    messages.success(request, _("Kept."))
    return HttpResponseRedirect(reverse("joint_inspection:task", args=[task_id]), status=303)


def _act(request: StepRequest, task: Task, scope: Scope) -> dict[str, Any]:
    given, at = request.POST, request.at
    part = given.get("part", "")
    reason = given.get("reason", "")
    acts: dict[str, Callable[[], object]] = {
        "approve": lambda: visits.approve_task(task.id, scope=scope, at=at),
        "notify": lambda: visits.notify_firm(task.id, scope=scope, at=at),
        "unannounced": lambda: visits.notify_firm(task.id, unannounced=reason, scope=scope, at=at),
        "tell": lambda: visits.tell_result(task.id, scope=scope, at=at),
        "publish": lambda: visits.publish_result(task.id, scope=scope, at=at),
        "exempt": lambda: visits.exempt_part(
            PartId(int(part) if part.isdecimal() else 0), reason=reason, scope=scope, at=at
        ),
        "document": lambda: _write(request, task, scope, at),
    }
    act = acts.get(given.get("act", ""))
    if act is None:
        raise visits.UnableToVisit("Choose what to do.")
    act()
    return {"task": task.id}


def _write(request: StepRequest, task: Task, scope: Scope, at: datetime) -> Paper:
    root = request.build_absolute_uri("/d/")
    return letters.write(task, request.POST.get("code", ""), root=root, scope=scope, at=at)


NEXT = {
    Step.PLANNED: "approve",
    Step.APPROVED: "notify",
    Step.RECORDED: "tell",
    Step.TOLD: "publish",
}


def _page(request: StepRequest, task: Task, fault: str, *, status: int = 200) -> HttpResponse:
    mine = request.scope.person_id in {p for part in task.parts for p in part.officers}
    ready = task.notified_at is not None or bool(task.unannounced)
    waits = task.step is Step.APPROVED and task.unannounced
    shown = TaskPage(
        task=task,
        step=step_words(task.step),
        parts=tuple((line_words(part.line), part) for part in task.parts),
        next=NEXT.get(task.step, "") if request.scope.has(MAY_APPROVE) and not waits else "",
        may_exempt=request.scope.has(MAY_EXEMPT),
        may_begin=mine and ready and task.closed_at is None,
        code_text=codes.code_text(CodeId(task.code_id)) if task.code_id else "",
        documents=tuple((code, _(title)) for code, (_n, title, _l) in letters.SEVEN.items()),
        papers=documents.list_papers(task_ref(task.id), scope=request.scope),
        fault=fault,
        nav=nav_of(request, "tasks"),
        who=who_of(request),
    )
    return page(request, "joint_inspection/task.html", shown, status=status)
