"""The firm's own calendar of visits; verifying one by its code, rating it, complaining."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.kernel.affairs.cases.types import MAY_SAY_DONE
from bihuan.kernel.affairs.fieldwork import api as fieldwork
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.stage.api import StepRequest, perform_form, step
from bihuan.kernel.tools.codes import api as codes
from bihuan.kernel.tools.codes.types import Verdict
from bihuan.kernel.tools.documents import api as documents
from bihuan.kernel.tools.documents.types import Paper
from bihuan.platform.web.errors import Refused
from bihuan.platform.web.pages import page
from bihuan.scenes.joint_inspection import library, queries, voicing
from bihuan.scenes.joint_inspection.types import TASK, Task, TaskId, task_ref
from bihuan.scenes.joint_inspection.words import line_words, step_words


@dataclass(frozen=True, slots=True)
class CalendarPage:
    """The visits of the firm; what a scanned code is."""

    visits: tuple[tuple[queries.FirmVisit, str], ...]
    fault: str


@dataclass(frozen=True, slots=True)
class VisitPage:
    """One visit as the firm sees it: who, on what basis, what was found, what one can say."""

    task: Task
    step: str
    items: tuple[tuple[str, str, str], ...]
    people: tuple[tuple[str, str, str], ...]
    found: tuple[tuple[str, str], ...]
    papers: tuple[Paper, ...]
    may_speak: bool
    fault: str


@step(power=MAY_SAY_DONE)
def calendar(request: StepRequest) -> HttpResponse:
    """Show the calendar; verify a visit by the code that the officers show."""
    if request.method != "POST":
        return _calendar(request, "")
    text = request.POST.get("code", "").strip().rstrip("/").rsplit("/", 1)[-1]
    checked = codes.check_code(text, at=request.at) if text else None
    subject = checked.subject if checked and checked.verdict is Verdict.VALID else None
    if subject is None or subject.kind != TASK:
        fault = _("This is no code of an approved inspection. You may refuse it, and call 12345.")
        return _calendar(request, fault, status=422)
    known = [v.id for v, _words in _visits(request)]
    if int(subject.key) not in known:
        return _calendar(request, _("This inspection is genuine, but of another firm."), status=422)
    messages.success(request, _("Genuine: approved, announced to you, with this list of items."))
    return HttpResponseRedirect(
        reverse("joint_inspection:firm_visit", args=[int(subject.key)]), status=303
    )


def _visits(request: StepRequest) -> tuple[tuple[queries.FirmVisit, str], ...]:
    found = queries.list_firm_visits(scope=request.scope, at=request.at)
    return tuple((v, step_words(v.step)) for v in found)


def _calendar(request: StepRequest, fault: str, *, status: int = 200) -> HttpResponse:
    shown = CalendarPage(_visits(request), fault)
    return page(request, "joint_inspection/firm.html", shown, status=status)


@step(power=MAY_SAY_DONE)
def visit(request: StepRequest, task_id: int) -> HttpResponse:
    """Show a visit to the firm; take its rating or its complaint."""
    task = queries.get_firm_task(TaskId(task_id), scope=request.scope)
    if request.method != "POST":
        return _page(request, task, "")
    try:
        done = perform_form(
            request, name="joint_inspection.say", effect=lambda scope: _say(request, task, scope)
        ).answer
    except Refused as refused:
        return _page(request, task, refused.spoken(), status=refused.status)
    if done.get("number"):
        messages.success(
            request, _("Received: %(number)s. You get an answer.") % {"number": done["number"]}
        )
    else:
        messages.success(request, _("Thank you. It is kept and read."))
    return HttpResponseRedirect(reverse("joint_inspection:firm_visit", args=[task_id]), status=303)


def _say(request: StepRequest, task: Task, scope: Scope) -> dict[str, Any]:
    given = request.POST
    words = given.get("words", "")
    if "complain" in given:
        return {"number": voicing.complain(task.id, words=words, scope=scope, at=request.at).number}
    voicing.rate_visit(
        task.id, rating=given.get("rating", ""), words=words, scope=scope, at=request.at
    )
    return {"number": ""}


def _page(request: StepRequest, task: Task, fault: str, *, status: int = 200) -> HttpResponse:
    known = library.find_library()
    items = {item.code: item for item in known.items} if known else {}
    seen = fieldwork.find_inspection(task_ref(task.id))
    cards = registry.person_cards(p.person_id for p in seen.people) if seen else {}
    names = registry.units_by_id({p.unit_id for p in seen.people}) if seen else {}
    found = fieldwork.list_inspection_findings(seen.id) if seen else ()
    shown = VisitPage(
        task=task,
        step=step_words(task.step),
        items=tuple(
            (items[code].title, line_words(part.line), items[code].basis)
            for part in task.parts
            for code in part.items
            if code in items
        ),
        people=tuple(
            (cards[p.person_id].name, names[p.unit_id].name, p.certificate_number)
            for p in (seen.people if seen else ())
        ),
        found=tuple(
            (f.text, f.assurances.due_on.isoformat() if f.assurances.due_on else "")
            for f in (found if task.closed_at else ())
        ),
        papers=documents.list_papers(task_ref(task.id), scope=request.scope),
        may_speak=task.started_at is not None,
        fault=fault,
    )
    return page(request, "joint_inspection/visit.html", shown, status=status)
